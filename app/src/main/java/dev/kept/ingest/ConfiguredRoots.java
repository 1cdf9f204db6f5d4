package dev.kept.ingest;

import dev.kept.ingest.copy.SourceFile;
import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.watch.ChangedPaths;
import dev.kept.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The roots in the configuration: follows those that exist, and looks every {@value #LOOK_SECONDS} s for the others.
 * Owned by the ingest thread.
 */
final class ConfiguredRoots {
    private static final long LOOK_SECONDS = 5;

    private final Map<Provider, List<Path>> roots;
    private final SourceCatalog catalog;
    private final IngestListener listener;
    private boolean missing;
    private long nextLook;

    /** @param roots the configured roots; they need not exist yet */
    ConfiguredRoots(Map<Provider, List<Path>> roots, SourceCatalog catalog, IngestListener listener) {
        this.roots = Map.copyOf(roots);
        this.catalog = catalog;
        this.listener = listener;
    }

    /** Returns the configured roots. */
    Map<Provider, List<Path>> all() {
        return roots;
    }

    /** Follows the roots that exist and are not followed yet; returns the sources that were found in them. */
    List<SourceFile> follow() {
        List<SourceFile> found = new ArrayList<>();
        missing = false;
        nextLook = System.nanoTime() + ChangedPaths.seconds(LOOK_SECONDS);
        roots.forEach((provider, paths) -> {
            for (Path path : paths) {
                try {
                    if (Files.isDirectory(path)) {
                        Path root = path.toRealPath();
                        if (!catalog.follows(provider, root)) {
                            found.addAll(catalog.follow(provider, root));
                        }
                        missing |= !catalog.follows(provider, root);
                    } else {
                        missing = true;
                        catalog.await(path);
                    }
                } catch (IOException e) {
                    missing = true;
                    listener.problem("root.unreadable", path, String.valueOf(e.getMessage()));
                }
            }
        });
        found.addAll(catalog.recheckLinks());
        // No event reports that a link's target appeared or moved.
        missing |= catalog.hasRefusedLinks();
        return found;
    }

    /** Calls {@link #follow} if a root is missing and the next look is due. */
    List<SourceFile> followMissing() {
        return missing && System.nanoTime() - nextLook >= 0 ? follow() : List.of();
    }

    /** Returns the time until the next look; the greatest value if no root is missing. */
    long nanosToNextLook() {
        return missing ? Math.max(0, nextLook - System.nanoTime()) : Long.MAX_VALUE;
    }
}
