package dev.kept.ingest.watch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Visits the directories that {@link KnownDirectories} has no room for, some at each sweep, one after another and then
 * from the beginning. Holds one open listing, and no directory. Owned by the ingest thread.
 */
public final class UnknownDirectories {
    /** The entries that are examined in one sweep. */
    static final int LOOKS = 2_000;

    private final KnownDirectories known;
    private final Deque<Path> parents = new ArrayDeque<>();
    private @Nullable DirectoryStream<Path> listing;
    private @Nullable Iterator<Path> entries;

    public UnknownDirectories(KnownDirectories known) {
        this.known = known;
    }

    /**
     * Visits the next directories.
     *
     * @param each lists a directory that is not known
     */
    public void visit(Consumer<Path> each) {
        int left = LOOKS;
        try {
            while (left > 0) {
                Iterator<Path> open = entries;
                if (open == null) {
                    if (!openNext(left == LOOKS)) {
                        return;
                    }
                } else if (open.hasNext()) {
                    left--;
                    Path entry = open.next();
                    if (!known.contains(entry) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                        each.accept(entry);
                    }
                } else {
                    close();
                }
            }
        } catch (DirectoryIteratorException | IOException unreadable) {
            // Its own sweep reports that; the next directory is visited instead.
            close();
        }
    }

    @SuppressWarnings("StreamResourceLeak") // Closed when its entries are done.
    private boolean openNext(boolean mayBeginAgain) throws IOException {
        if (parents.isEmpty() && mayBeginAgain) {
            parents.addAll(known.withUnknownBelow());
        }
        Path parent = parents.poll();
        if (parent == null) {
            return false;
        }
        DirectoryStream<Path> opened = Files.newDirectoryStream(parent);
        listing = opened;
        entries = opened.iterator();
        return true;
    }

    private void close() {
        DirectoryStream<Path> open = listing;
        listing = null;
        entries = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Only read from: there is nothing to lose.
            }
        }
    }
}
