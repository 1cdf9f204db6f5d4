package dev.kept.daemon.pipeline;

import dev.kept.daemon.source.FollowedSource;
import dev.kept.daemon.source.SavedSource;
import dev.kept.ingest.source.IngestListener.FileCounts;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Provider;
import dev.kept.provider.SessionFact;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.UnknownType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was read of all providers, and how far the first import is. Owned by the pipeline thread. */
final class RecordCounters {
    private static final SessionFact UNKNOWN_FOLDER = new SessionFact.WorkingDirectory("");

    private final Map<String, ProviderCounters> providers = new LinkedHashMap<>();
    private final ProblemReporter concerns;
    private long importBytes;

    RecordCounters(Map<Provider, List<Path>> roots, ProblemReporter concerns) {
        this.concerns = concerns;
        roots.forEach((provider, paths) -> providers.put(provider.name(), new ProviderCounters(provider, paths)));
    }

    /** Adds what an earlier run counted in a source. */
    void add(SavedSource saved) {
        ProviderCounters tally = providers.get(saved.session().provider());
        if (tally != null) {
            tally.add(saved.counts());
        }
    }

    /** Counts a record of a source. */
    void count(FollowedSource source, DecodedRecord reading) {
        String provider = source.info().provider().name();
        Path path = source.info().path();
        source.counts().count(reading, path);
        if (reading.facts().contains(UNKNOWN_FOLDER)) {
            concerns.unknownFolder(provider, path);
        }
        ProviderCounters tally = providers.get(provider);
        if (tally != null) {
            Optional<UnknownType> fresh = tally.count(reading, path);
            if (reading.repaired()) {
                concerns.repaired(provider, tally.recordsRepaired(), path);
            }
            if (fresh.isPresent()) {
                concerns.unknownType(provider, fresh.get());
            }
        }
    }

    /** The reading of a source does not know so many more ids of events any more. */
    void forgot(FollowedSource source, long ids) {
        source.counts().forgot(ids);
        ProviderCounters tally = providers.get(source.info().provider().name());
        if (tally != null) {
            tally.forgot(ids);
        }
    }

    /** A provider's files were counted. */
    void counted(FileCounts counts) {
        ProviderCounters tally = providers.get(counts.provider());
        if (tally != null) {
            tally.files(counts);
            concerns.counted(tally, counts);
        }
        importBytes = Math.max(importBytes, counts.bytesToParse() + counts.bytesToRead());
    }

    List<ProviderStatus> statuses() {
        return providers.values().stream().map(ProviderCounters::status).toList();
    }

    /** The most bytes that ever waited to be read at once. */
    long importBytes() {
        return importBytes;
    }

    /** How far the import is of what was there at the start. */
    Imports imports(boolean importing, int sources) {
        long followed = 0;
        long left = 0;
        for (ProviderCounters tally : providers.values()) {
            followed += tally.files().followed();
            left += tally.files().bytesToRead() + tally.files().bytesToParse();
        }
        return importing
                ? new Imports(followed, sources, importBytes, Math.max(0, importBytes - left))
                : new Imports(followed, followed, importBytes, importBytes);
    }
}
