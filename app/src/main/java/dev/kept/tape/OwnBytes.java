package dev.kept.tape;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the own bytes of one generation from its sealed and plain segments. At most one sealed file is open at a time,
 * beside the plain one.
 *
 * <p>Files may be added and sealed meanwhile: at the end of the known segments it lists them again. Not thread-safe.
 */
final class OwnBytes implements Closeable {
    private static final int ATTEMPTS = 3;

    private final Path folder;
    private final int generation;
    private final boolean checked;
    private Segments segments = new Segments(java.util.List.of());
    private boolean known;
    private @Nullable PlainFile plain;
    private long plainStart;
    private @Nullable SealedFile sealed;
    private long sealedStart = -1;

    /** @param checked whether plain blocks are compared with their checksums; sealed ones always are */
    OwnBytes(Path folder, int generation, boolean checked) {
        this.folder = folder;
        this.generation = generation;
        this.checked = checked;
    }

    /** Reads bytes like {@link TapeReader#read}, at a position from the start of the own bytes. */
    int read(long position, ByteBuffer into) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                if (known) {
                    int got = readKnown(position, into);
                    if (got >= 0 || isAllKnown()) {
                        return got;
                    }
                }
                refresh();
            } catch (NoSuchFileException sealedMeanwhile) {
                known = false;
                if (attempt == ATTEMPTS) {
                    throw sealedMeanwhile;
                }
            }
        }
    }

    private int readKnown(long position, ByteBuffer into) throws IOException {
        PlainFile open = plain;
        if (open != null && position >= plainStart) {
            return open.read(position - plainStart, into);
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

    /** Reports whether no file was added or sealed since the segments were last listed. */
    private boolean isAllKnown() {
        Path next = folder.resolve(Segment.name(generation, plain == null ? segments.length() : plainStart));
        return plain == null ? !Files.exists(next) && !Files.exists(Segments.sealed(next)) : Files.exists(next);
    }

    private void refresh() throws IOException {
        close();
        segments = Segments.of(folder, generation);
        Optional<Segment> last = segments.plain();
        if (last.isPresent()) {
            plain = PlainFile.open(last.get().file(), checked);
            plainStart = last.get().start();
        }
        known = true;
    }

    long heldBytes() {
        SealedFile open = sealed;
        PlainFile openPlain = plain;
        return (open == null ? 0 : open.heldBytes()) + (openPlain == null ? 0 : openPlain.heldBytes());
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
        PlainFile open = plain;
        plain = null;
        if (open != null) {
            open.close();
        }
    }
}
