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

/** Counters of what was read of all providers, and the progress of the first import. Owned by the pipeline thread. */
final class RecordCounters {
    private static final SessionFact UNKNOWN_FOLDER = new SessionFact.WorkingDirectory("");

    private final Map<String, ProviderCounters> providers = new LinkedHashMap<>();
    private final ProblemReporter reporter;
    private long importBytes;

    RecordCounters(Map<Provider, List<Path>> roots, ProblemReporter reporter) {
        this.reporter = reporter;
        roots.forEach((provider, paths) -> providers.put(provider.name(), new ProviderCounters(provider, paths)));
    }

    /** Adds the counts of a source that an earlier run read. */
    void add(SavedSource saved) {
        ProviderCounters counters = providers.get(saved.session().provider());
        if (counters != null) {
            counters.add(saved.counts());
        }
    }

    /** Counts a record of a source. */
    void count(FollowedSource source, DecodedRecord decoded) {
        String provider = source.info().provider().name();
        Path path = source.info().path();
        source.counts().count(decoded, path);
        if (decoded.facts().contains(UNKNOWN_FOLDER)) {
            reporter.reportUnknownFolder(provider, path);
        }
        ProviderCounters counters = providers.get(provider);
        if (counters != null) {
            Optional<UnknownType> fresh = counters.count(decoded, path);
            if (decoded.repaired()) {
                reporter.reportRepaired(provider, counters.recordsRepaired(), path);
            }
            if (fresh.isPresent()) {
                reporter.reportUnknownType(provider, fresh.get());
            }
        }
    }

    /** Adds ids of events that a source's decoder has dropped. */
    void addForgotten(FollowedSource source, long ids) {
        source.counts().addForgotten(ids);
        ProviderCounters counters = providers.get(source.info().provider().name());
        if (counters != null) {
            counters.addForgotten(ids);
        }
    }

    /** Updates the file counts of a provider. */
    void updateFiles(FileCounts counts) {
        ProviderCounters counters = providers.get(counts.provider());
        if (counters != null) {
            counters.updateFiles(counts);
            reporter.reportCounts(counters, counts);
        }
        importBytes = Math.max(importBytes, counts.bytesToParse() + counts.bytesToRead());
    }

    List<ProviderStatus> statuses() {
        return providers.values().stream().map(ProviderCounters::status).toList();
    }

    /** Returns the most bytes that ever waited to be read at once. */
    long importBytes() {
        return importBytes;
    }

    /** Returns the progress of importing what was there at the start. */
    Imports imports(boolean importing, int sources) {
        long followed = 0;
        long left = 0;
        for (ProviderCounters counters : providers.values()) {
            followed += counters.files().followed();
            left += counters.files().bytesToRead() + counters.files().bytesToParse();
        }
        return importing
                ? new Imports(followed, sources, importBytes, Math.max(0, importBytes - left))
                : new Imports(followed, followed, importBytes, importBytes);
    }
}
