package dev.kept.ingest;

import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.watch.ChangedPaths;
import dev.kept.provider.Provider;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reports the progress of ingest: counts of files when they differ from those last reported, and each time that ingest
 * becomes idle. Owned by the ingest thread.
 */
final class IngestProgress {
    private static final long TELL_SECONDS = 1;

    private final Set<Provider> providers;
    private final SourceCatalog catalog;
    private final IngestListener listener;
    private final Map<Provider, Long> rewrites = new HashMap<>();
    private final Map<Provider, IngestListener.FileCounts> reported = new HashMap<>();
    private boolean toldIdle;
    private long nextTelling;

    IngestProgress(Set<Provider> providers, SourceCatalog catalog, IngestListener listener) {
        this.providers = Set.copyOf(providers);
        this.catalog = catalog;
        this.listener = listener;
    }

    /** Counts a source of that provider that was found rewritten. */
    void countRewrite(Provider provider) {
        rewrites.merge(provider, 1L, Long::sum);
    }

    /** Notes that a source is being examined. */
    void markBusy() {
        toldIdle = false;
    }

    /** Notes that no source is waiting, and reports that once. */
    void markIdle() {
        report();
        if (!toldIdle) {
            toldIdle = true;
            listener.idle();
        }
    }

    /** Reports the counts at most once a second while there is much to do, for people who watch. */
    void reportPeriodically() {
        long now = System.nanoTime();
        if (now - nextTelling >= 0) {
            nextTelling = now + ChangedPaths.seconds(TELL_SECONDS);
            report();
        }
    }

    /** Reports the counts that changed. */
    void report() {
        for (Provider provider : providers) {
            IngestListener.FileCounts now = catalog.counts(provider, rewrites.getOrDefault(provider, 0L));
            if (!now.equals(reported.put(provider, now))) {
                listener.counted(now);
            }
        }
    }
}
