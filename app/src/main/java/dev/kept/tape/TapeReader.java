package dev.kept.tape;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a tape, generation by generation, as it was when the reader was opened; bytes that are added later to the newest
 * generation are readable too. Whether they are sealed, or become so meanwhile, makes no difference but in time and memory:
 * of what is sealed at most one frame is held for each file ({@link Sealing#FRAME_BYTES}). Needs no daemon. Not thread-safe.
 */
public final class TapeReader implements Closeable {
    private final Path folder;
    private final TapeManifest card;
    private final boolean checked;
    private final Map<Integer, OwnBytes> open = new HashMap<>();

    private TapeReader(Path folder, TapeManifest card, boolean checked) {
        this.folder = folder;
        this.card = card;
        this.checked = checked;
    }

    /** Opens the tape in that folder. What is sealed is checked as it is read, what is plain is read as it stands there. */
    public static TapeReader open(Path folder) throws IOException {
        return new TapeReader(folder, TapeManifest.read(folder), false);
    }

    /**
     * Opens the tape in that folder, to read nothing that is known not to be what was written: whole blocks of plain segments
     * are compared with the sums that were noted of them. Holds one such block more for each generation.
     */
    public static TapeReader checked(Path folder) throws IOException {
        return new TapeReader(folder, TapeManifest.read(folder), true);
    }

    static TapeReader of(Path folder, TapeManifest card) {
        return new TapeReader(folder, card, false);
    }

    public TapeManifest card() {
        return card;
    }

    /** Bytes that the generation holds now, those shared with its parent included. */
    public long length(int generation) throws IOException {
        return card.generation(generation).commonPrefixLength()
                + Segments.of(folder, generation).length();
    }

    /**
     * Reads bytes of a generation.
     *
     * @param offset from the start of the generation
     * @return how many bytes were read, at least 1; -1 at the end
     * @throws DamagedTapeException if these bytes are not as they were written; others may be
     */
    public int read(int generation, long offset, ByteBuffer into) throws IOException {
        Generation found = card.generation(generation);
        if (offset >= found.commonPrefixLength()) {
            return own(generation).read(offset - found.commonPrefixLength(), into);
        }
        long shared = found.commonPrefixLength() - offset;
        int limit = into.limit();
        if (into.remaining() > shared) {
            into.limit(into.position() + (int) shared);
        }
        try {
            return read(found.parent(), offset, into);
        } finally {
            into.limit(limit);
        }
    }

    private OwnBytes own(int generation) {
        return open.computeIfAbsent(generation, number -> new OwnBytes(folder, number, checked));
    }

    /** Bytes of memory that it takes. */
    public long heldBytes() {
        long bytes = 0;
        for (OwnBytes each : open.values()) {
            bytes += each.heldBytes();
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        for (OwnBytes each : open.values()) {
            each.close();
        }
        open.clear();
    }
}
