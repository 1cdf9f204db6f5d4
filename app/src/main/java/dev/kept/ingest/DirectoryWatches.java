package dev.kept.ingest;

import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.watch.SourceWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which directories the operating system would not watch: they are told as one problem for as long as that is so, and
 * asked for again at each sweep. Owned by the ingest thread.
 */
final class DirectoryWatches implements SourceCatalog.DirectoryWatch {
    private final SourceWatcher watcher;
    private final IngestListener listener;
    private final long sweepSeconds;
    /** Where each stands, by the path that its agent knows. */
    private final Map<Path, Path> refused = new LinkedHashMap<>();

    private String why = "";

    /** @param sweepSeconds how late a change is found where nobody reports it */
    DirectoryWatches(SourceWatcher watcher, IngestListener listener, long sweepSeconds) {
        this.watcher = watcher;
        this.listener = listener;
        this.sweepSeconds = sweepSeconds;
    }

    /**
     * Watches a directory, or notes that it cannot be.
     *
     * @param directory by which the agent knows it
     * @param place where it stands
     */
    @Override
    public void watch(Path directory, Path place) {
        if (!tryTo(directory, place) && refused.size() == 1) {
            tell();
        }
    }

    /** Watches a file that a link leads to; where that cannot be, the sweep finds its changes. */
    @Override
    public void watchFile(Path link, Path place) {
        try {
            watcher.watchFile(link, place);
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
    }

    /** Asks again for what was refused, and tells what still is. */
    void again() {
        for (Map.Entry<Path, Path> each : List.copyOf(refused.entrySet())) {
            if (!Files.isDirectory(each.getValue(), LinkOption.NOFOLLOW_LINKS)) {
                refused.remove(each.getKey());
            } else if (!tryTo(each.getKey(), each.getValue())) {
                // The next one would fare no better.
                break;
            }
        }
        if (!refused.isEmpty()) {
            tell();
        }
    }

    /** Whether there are directories of which nothing is reported. */
    boolean lackSome() {
        return !refused.isEmpty();
    }

    private boolean tryTo(Path directory, Path place) {
        try {
            watcher.watch(directory, place);
            refused.remove(directory);
            return true;
        } catch (IOException e) {
            refused.put(directory, place);
            why = String.valueOf(e.getMessage());
            return false;
        }
    }

    private void tell() {
        Path first = refused.keySet().iterator().next();
        String where =
                refused.size() == 1 ? "Changes here" : "Changes here and in " + (refused.size() - 1) + " more folders";
        listener.problem(
                "watch.limit",
                first,
                where + " are found by the sweep, up to " + sweepSeconds + " s late: " + why + ".");
    }
}
