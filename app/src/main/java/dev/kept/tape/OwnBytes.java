package dev.kept.tape;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the own bytes of one generation, wherever they stand: of what is sealed one file is open at a time, and the plain one.
 *
 * <p>Files may be added and sealed meanwhile: where what was known ends, it looks again. Not thread-safe.
 */
final class OwnBytes implements Closeable {
    private static final int ATTEMPTS = 3;

    private final Path folder;
    private final int generation;
    private Segments segments = new Segments(java.util.List.of());
    private boolean known;
    private @Nullable FileChannel plain;
    private long plainStart;
    private @Nullable SealedFile sealed;
    private long sealedStart = -1;

    OwnBytes(Path folder, int generation) {
        this.folder = folder;
        this.generation = generation;
    }

    /** As {@link TapeReader#read}, from the start of the own bytes. */
    int read(long position, ByteBuffer into) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                if (known) {
                    int got = readKnown(position, into);
                    if (got >= 0 || isAllKnown()) {
                        return got;
                    }
                }
                look();
            } catch (NoSuchFileException sealedMeanwhile) {
                known = false;
                if (attempt == ATTEMPTS) {
                    throw sealedMeanwhile;
                }
            }
        }
    }

    private int readKnown(long position, ByteBuffer into) throws IOException {
        FileChannel open = plain;
        if (open != null && position >= plainStart) {
            return open.read(into, position - plainStart);
        }
        for (Segment segment : segments.all()) {
            if (segment.sealed() && position >= segment.start() && position < segment.end()) {
                return sealed(segment).read(position - segment.start(), into);
            }
        }
        return -1;
    }

    private SealedFile sealed(Segment segment) throws IOException {
        SealedFile open = sealed;
        if (open == null || sealedStart != segment.start()) {
            closeSealed();
            open = SealedFile.open(segment.file());
            sealed = open;
            sealedStart = segment.start();
        }
        return open;
    }

    /** Whether no file has come, and none was sealed, since this was last looked at. */
    private boolean isAllKnown() {
        Path next = folder.resolve(Segment.name(generation, plain == null ? segments.length() : plainStart));
        return plain == null ? !Files.exists(next) && !Files.exists(Segments.sealed(next)) : Files.exists(next);
    }

    private void look() throws IOException {
        close();
        segments = Segments.of(folder, generation);
        Optional<Segment> last = segments.plain();
        if (last.isPresent()) {
            plain = FileChannel.open(last.get().file(), StandardOpenOption.READ);
            plainStart = last.get().start();
        }
        known = true;
    }

    long heldBytes() {
        SealedFile open = sealed;
        return open == null ? 0 : open.heldBytes();
    }

    private void closeSealed() throws IOException {
        SealedFile open = sealed;
        sealed = null;
        sealedStart = -1;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        known = false;
        closeSealed();
        FileChannel open = plain;
        plain = null;
        if (open != null) {
            open.close();
        }
    }
}
