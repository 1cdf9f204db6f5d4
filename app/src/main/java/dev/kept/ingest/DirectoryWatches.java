package dev.kept.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which directories the operating system would not watch: they are told as one problem for as long as that is so, and
 * asked for again at each sweep. Owned by the ingest thread.
 */
final class DirectoryWatches {
    private final SourceWatcher watcher;
    private final IngestListener listener;
    private final long sweepSeconds;
    private final Set<Path> refused = new LinkedHashSet<>();
    private String why = "";

    /** @param sweepSeconds how late a change is found where nobody reports it */
    DirectoryWatches(SourceWatcher watcher, IngestListener listener, long sweepSeconds) {
        this.watcher = watcher;
        this.listener = listener;
        this.sweepSeconds = sweepSeconds;
    }

    void watch(Path directory) {
        if (!tryTo(directory) && refused.size() == 1) {
            tell();
        }
    }

    /** Asks again for what was refused, and tells what still is. */
    void again() {
        for (Path directory : List.copyOf(refused)) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                refused.remove(directory);
            } else if (!tryTo(directory)) {
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

    private boolean tryTo(Path directory) {
        try {
            watcher.watch(directory);
            refused.remove(directory);
            return true;
        } catch (IOException e) {
            refused.add(directory);
            why = String.valueOf(e.getMessage());
            return false;
        }
    }

    private void tell() {
        Path first = refused.iterator().next();
        String where =
                refused.size() == 1 ? "Changes here" : "Changes here and in " + (refused.size() - 1) + " more folders";
        listener.problem(
                "watch.limit",
                first,
                where + " are found by the sweep, up to " + sweepSeconds + " s late: " + why + ".");
    }
}
