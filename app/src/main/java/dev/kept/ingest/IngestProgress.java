package dev.kept.ingest;

import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.watch.ChangedPaths;
import dev.kept.provider.Provider;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What ingest tells of itself: counts of files when they are others than those told last, and each time that nothing waits
 * any more. Owned by the ingest thread.
 */
final class IngestProgress {
    private static final long TELL_SECONDS = 1;

    private final Set<Provider> providers;
    private final SourceCatalog catalog;
    private final IngestListener listener;
    private final Map<Provider, Long> rewrites = new HashMap<>();
    private final Map<Provider, IngestListener.FileCounts> told = new HashMap<>();
    private boolean toldIdle;
    private long nextTelling;

    IngestProgress(Set<Provider> providers, SourceCatalog catalog, IngestListener listener) {
        this.providers = Set.copyOf(providers);
        this.catalog = catalog;
        this.listener = listener;
    }

    /** A source of that provider was found rewritten. */
    void rewritten(Provider provider) {
        rewrites.merge(provider, 1L, Long::sum);
    }

    /** A source is looked at. */
    void works() {
        toldIdle = false;
    }

    /** No source waits to be looked at. */
    void nothingWaits() {
        tell();
        if (!toldIdle) {
            toldIdle = true;
            listener.idle();
        }
    }

    /** While there is much to do: at most once a second, for people who watch. */
    void tellNowAndThen() {
        long now = System.nanoTime();
        if (now - nextTelling >= 0) {
            nextTelling = now + ChangedPaths.seconds(TELL_SECONDS);
            tell();
        }
    }

    /** Tells what changed. */
    void tell() {
        for (Provider provider : providers) {
            IngestListener.FileCounts now = catalog.counts(provider, rewrites.getOrDefault(provider, 0L));
            if (!now.equals(told.put(provider, now))) {
                listener.counted(now);
            }
        }
    }
}
