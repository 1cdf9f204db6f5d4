package dev.kept.ingest;

import dev.kept.ingest.copy.SourceFile;
import dev.kept.ingest.copy.SourceLimit;
import dev.kept.ingest.source.IngestListener;
import dev.kept.tape.packed.PackedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies the files that {@link SourceLimit} left aside, a step at a time when ingest is otherwise idle: their bytes are
 * kept, and nothing of them stays in memory. Owned by the ingest thread.
 */
public final class BackgroundCopy {
    /**
     * The entries examined in one step. Files that are on tape already are skipped quickly; even so others must get
     * their turn.
     */
    private static final int ENTRIES_A_STEP = 64;

    /** The most directories that wait; others are added again when their files are seen again. */
    private static final int MOST_DIRECTORIES = 32 * 1024;

    private final SourceCatalog catalog;
    private final IngestListener listener;
    private final boolean force;
    private final Clock clock;
    private final LinkedHashSet<Path> directories = new LinkedHashSet<>();
    private @Nullable DirectoryStream<Path> listing;
    private @Nullable Iterator<Path> entries;
    private @Nullable SourceFile current;

    BackgroundCopy(SourceCatalog catalog, IngestListener listener, boolean force, Clock clock) {
        this.catalog = catalog;
        this.listener = listener;
        this.force = force;
        this.clock = clock;
    }

    /** Adds directories in which files were left aside. */
    void add(Collection<Path> withFilesLeftAside) {
        for (Path directory : withFilesLeftAside) {
            if (directories.size() < MOST_DIRECTORIES) {
                directories.add(directory);
            }
        }
    }

    boolean hasMore() {
        return current != null || listing != null || !directories.isEmpty();
    }

    /** Copies at most about {@code budget} bytes of one file, or finds the next one. */
    void step(ByteBuffer buffer, ByteBuffer other, long budget) {
        SourceFile source = current;
        Path at = source == null ? Path.of("sessions") : source.info().path();
        try {
            if (source == null) {
                current = next().orElse(null);
            } else if (catalog.registry().isFollowed(source)) {
                current = null;
                source.tape().close();
            } else if (copy(source, buffer, other, budget)) {
                current = null;
                source.tape().rest(FileTime.fromMillis(source.modifiedAtMs()));
            }
        } catch (DirectoryIteratorException e) {
            // The rest of that directory is examined when it is listed again.
            end();
            listener.problem("source.unreadable", at, String.valueOf(e.getMessage()));
        } catch (PackedFileException e) {
            endFile();
            listener.problem(e.reason().publicName(), at, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            endFile();
            listener.problem("source.unreadable", at, String.valueOf(e.getMessage()));
        }
    }

    private boolean copy(SourceFile source, ByteBuffer buffer, ByteBuffer other, long budget) throws IOException {
        SourceFile.CopyResult result = source.pump(buffer, other, budget, clock.instant());
        if (force) {
            source.tape().force();
        } else {
            source.tape().publish();
        }
        return switch (result) {
            case SETTLED -> true;
            case MORE -> false;
            case SUSPECT -> {
                source.suspect();
                yield false;
            }
        };
    }

    @SuppressWarnings("StreamResourceLeak") // Closed when its entries are done, or at the end.
    private Optional<SourceFile> next() throws IOException {
        for (int i = 0; i < ENTRIES_A_STEP; i++) {
            Iterator<Path> left = entries;
            if (left == null) {
                Path directory = directories.isEmpty() ? null : directories.removeFirst();
                if (directory == null) {
                    return Optional.empty();
                }
                DirectoryStream<Path> opened = Files.newDirectoryStream(directory);
                listing = opened;
                entries = opened.iterator();
            } else if (left.hasNext()) {
                Optional<SourceFile> resting = catalog.resting(left.next());
                if (resting.isPresent()) {
                    return resting;
                }
            } else {
                close();
            }
        }
        return Optional.empty();
    }

    private void close() throws IOException {
        DirectoryStream<Path> open = listing;
        listing = null;
        entries = null;
        if (open != null) {
            open.close();
        }
    }

    /** Closes what is open; a partly copied file continues at the next start. */
    void end() {
        endFile();
        try {
            close();
        } catch (IOException e) {
            // Only read from: there is nothing to lose.
        }
    }

    private void endFile() {
        SourceFile source = current;
        current = null;
        if (source != null) {
            try {
                source.tape().close();
            } catch (IOException e) {
                // Forced after each step: there is nothing to lose.
            }
        }
    }
}
