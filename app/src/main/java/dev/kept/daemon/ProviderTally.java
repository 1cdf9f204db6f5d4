package dev.kept.daemon;

import dev.kept.ingest.IngestListener.FileCounts;
import dev.kept.provider.Provider;
import dev.kept.provider.RecordReading;
import dev.kept.status.StatusReport.ProviderStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was read of one provider, and what of it was not understood. Owned by the pipeline thread. */
final class ProviderTally {
    private static final int MAX_TYPES = 64;

    private final String provider;
    private final List<Path> roots;
    private final Map<String, Long> unknownByType = new TreeMap<>();
    private FileCounts files;
    private long recordsRead;
    private long recordsUnknown;

    ProviderTally(Provider provider, List<Path> roots) {
        this.provider = provider.name();
        this.roots = List.copyOf(roots);
        this.files = new FileCounts(provider.name(), 0, 0, 0, 0, 0, 0, 0);
    }

    /** Counts a record; true if it is of a type that was never met and is not understood. */
    boolean count(RecordReading reading) {
        recordsRead++;
        if (!reading.isRaw()) {
            return false;
        }
        recordsUnknown++;
        boolean fresh = !unknownByType.containsKey(reading.recordType()) && unknownByType.size() < MAX_TYPES;
        if (fresh || unknownByType.containsKey(reading.recordType())) {
            unknownByType.merge(reading.recordType(), 1L, Long::sum);
        }
        return fresh;
    }

    void files(FileCounts now) {
        files = now;
    }

    FileCounts files() {
        return files;
    }

    ProviderStatus status() {
        return new ProviderStatus(
                provider,
                roots.stream().map(Path::toString).toList(),
                files.present(),
                files.followed(),
                files.unknown(),
                recordsRead,
                recordsUnknown,
                files.bytesOnTape(),
                files.rewrites());
    }
}
