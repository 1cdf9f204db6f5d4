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
 * The roots that are to be followed: follows those that are there, and looks every {@value #LOOK_SECONDS} s for the others.
 * Owned by the ingest thread.
 */
final class ConfiguredRoots {
    private static final long LOOK_SECONDS = 5;

    private final Map<Provider, List<Path>> roots;
    private final SourceCatalog catalog;
    private final IngestListener listener;
    private boolean missing;
    private long nextLook;

    /** @param roots as they are configured; they need not exist yet */
    ConfiguredRoots(Map<Provider, List<Path>> roots, SourceCatalog catalog, IngestListener listener) {
        this.roots = Map.copyOf(roots);
        this.catalog = catalog;
        this.listener = listener;
    }

    /** As they are configured. */
    Map<Provider, List<Path>> all() {
        return roots;
    }

    /** Follows those that are there and are not followed yet; answers the sources that were found in them. */
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
        found.addAll(catalog.lookAtLinks());
        // Of what a link leads to nobody reports that it is there, or somewhere else.
        missing |= catalog.hasLinksToLookAt();
        return found;
    }

    /** The same, if one is missing and it is time to look for it. */
    List<SourceFile> followMissing() {
        return missing && System.nanoTime() - nextLook >= 0 ? follow() : List.of();
    }

    /** How long nothing is to be looked for; for ever if none is missing. */
    long nanosToNextLook() {
        return missing ? Math.max(0, nextLook - System.nanoTime()) : Long.MAX_VALUE;
    }
}
