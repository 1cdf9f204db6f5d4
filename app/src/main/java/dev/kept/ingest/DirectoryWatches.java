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
 * The directories that the operating system refused to watch. They are reported as one problem while there are any, and
 * requested again at each sweep. Owned by the ingest thread.
 */
final class DirectoryWatches implements SourceCatalog.DirectoryWatch {
    private final SourceWatcher watcher;
    private final IngestListener listener;
    private final long sweepSeconds;
    /** The place of each refused directory, by the path that its agent knows. */
    private final Map<Path, Path> refused = new LinkedHashMap<>();

    private String why = "";

    /** @param sweepSeconds longest delay until a change is found that nobody reports */
    DirectoryWatches(SourceWatcher watcher, IngestListener listener, long sweepSeconds) {
        this.watcher = watcher;
        this.listener = listener;
        this.sweepSeconds = sweepSeconds;
    }

    /**
     * Watches a directory, or notes that the system refused.
     *
     * @param directory the path by which the agent knows it
     * @param place the path where it is
     */
    @Override
    public void watch(Path directory, Path place) {
        if (!tryTo(directory, place) && refused.size() == 1) {
            report();
        }
    }

    /** Watches a file that a link leads to; if that fails, the sweep finds its changes. */
    @Override
    public void watchFile(Path link, Path place) {
        try {
            watcher.watchFile(link, place);
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
    }

    /** Requests the refused watches again, and reports those that are still refused. */
    void retryRefused() {
        for (Map.Entry<Path, Path> each : List.copyOf(refused.entrySet())) {
            if (!Files.isDirectory(each.getValue(), LinkOption.NOFOLLOW_LINKS)) {
                refused.remove(each.getKey());
            } else if (!tryTo(each.getKey(), each.getValue())) {
                // The next one would be refused as well.
                break;
            }
        }
        if (!refused.isEmpty()) {
            report();
        }
    }

    /** Reports whether there are unwatched directories. */
    boolean hasRefused() {
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

    private void report() {
        Path first = refused.keySet().iterator().next();
        String where =
                refused.size() == 1 ? "Changes here" : "Changes here and in " + (refused.size() - 1) + " more folders";
        listener.problem(
                "watch.limit",
                first,
                where + " are found by the sweep, up to " + sweepSeconds + " s late: " + why + ".");
    }
}
