package dev.kept.daemon.pipeline;

import dev.kept.daemon.source.SourceCounters;
import dev.kept.ingest.source.IngestListener.FileCounts;
import dev.kept.model.EventSource;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Provider;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.UnknownType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counters of what was read of one provider, and of what was not understood. Owned by the pipeline thread. */
public final class ProviderCounters {
    private static final int MAX_TYPES = 64;

    private final String provider;
    private final List<Path> roots;
    private final Map<String, UnknownType> unknownByType = new TreeMap<>();
    private FileCounts files;
    private long recordsRead;
    private long recordsUnknown;
    private long recordsRepaired;
    private long idsForgotten;

    public ProviderCounters(Provider provider, List<Path> roots) {
        this.provider = provider.name();
        this.roots = List.copyOf(roots);
        this.files = new FileCounts(provider.name(), 0, 0, 0, List.of(), 0, 0, 0, 0);
    }

    /**
     * Counts a record.
     *
     * @param path path of its source
     * @return its type, if that is not understood and appears for the first time
     */
    public Optional<UnknownType> count(DecodedRecord decoded, Path path) {
        recordsRead++;
        recordsRepaired += decoded.repaired() ? 1 : 0;
        if (!decoded.isRaw()) {
            return Optional.empty();
        }
        recordsUnknown++;
        UnknownType known = unknownByType.get(decoded.recordType());
        if (known != null) {
            unknownByType.put(known.type(), new UnknownType(known.type(), known.count() + 1, known.example()));
            return Optional.empty();
        }
        if (unknownByType.size() >= MAX_TYPES) {
            return Optional.empty();
        }
        EventSource source = decoded.events().getFirst().header().source();
        UnknownType fresh = new UnknownType(decoded.recordType(), 1, path + " at byte " + source.offset());
        unknownByType.put(fresh.type(), fresh);
        return Optional.of(fresh);
    }

    /** Adds the counts of a source that an earlier run read. */
    void add(SourceCounters counts) {
        recordsRead += counts.recordsRead();
        recordsRepaired += counts.recordsRepaired();
        idsForgotten += counts.idsForgotten();
        for (UnknownType type : counts.unknown()) {
            recordsUnknown += type.count();
            UnknownType known = unknownByType.get(type.type());
            if (known != null || unknownByType.size() < MAX_TYPES) {
                unknownByType.put(
                        type.type(),
                        new UnknownType(
                                type.type(),
                                type.count() + (known == null ? 0 : known.count()),
                                known == null ? type.example() : known.example()));
            }
        }
    }

    /** Reports whether there are files where this provider keeps its session files, and none of them is one. */
    boolean onlyUnknownFiles() {
        return files.unknown() > 0 && files.followed() == 0;
    }

    /** Returns the number of records that were valid JSON only after repair. */
    long recordsRepaired() {
        return recordsRepaired;
    }

    /** Adds ids of events that a source's decoder has dropped. */
    void addForgotten(long ids) {
        idsForgotten += ids;
    }

    void updateFiles(FileCounts now) {
        files = now;
    }

    FileCounts files() {
        return files;
    }

    public ProviderStatus status() {
        return new ProviderStatus(
                provider,
                roots.stream().map(Path::toString).toList(),
                files.present(),
                files.followed(),
                files.unknown(),
                recordsRead,
                recordsUnknown,
                files.bytesOnTape(),
                files.rewrites(),
                List.copyOf(unknownByType.values()),
                files.unknownNamed().stream().map(Path::toString).toList(),
                idsForgotten);
    }
}
