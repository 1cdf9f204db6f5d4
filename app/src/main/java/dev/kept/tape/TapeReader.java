package dev.kept.tape;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a tape, generation by generation, as it was when the reader was opened; bytes that are added later to the
 * newest generation are readable too. Sealed segments, also those sealed meanwhile, differ only in time and memory: at
 * most one unpacked frame is held for each file ({@link Sealing#FRAME_BYTES}). Needs no daemon. Not thread-safe.
 */
public final class TapeReader implements Closeable {
    private final Path folder;
    private final TapeManifest manifest;
    private final boolean checked;
    private final Map<Integer, OwnBytes> open = new HashMap<>();

    private TapeReader(Path folder, TapeManifest manifest, boolean checked) {
        this.folder = folder;
        this.manifest = manifest;
        this.checked = checked;
    }

    /** Opens the tape in that folder. Sealed segments are checked as they are read, plain ones are not. */
    public static TapeReader open(Path folder) throws IOException {
        return new TapeReader(folder, TapeManifest.read(folder), false);
    }

    /**
     * Opens the tape in that folder and checks everything that is read: whole blocks of plain segments are compared
     * with their noted checksums. Holds one such block more for each generation.
     */
    public static TapeReader checked(Path folder) throws IOException {
        return new TapeReader(folder, TapeManifest.read(folder), true);
    }

    static TapeReader of(Path folder, TapeManifest manifest) {
        return new TapeReader(folder, manifest, false);
    }

    public TapeManifest manifest() {
        return manifest;
    }

    /** Returns the current length of the generation, including bytes shared with its parent. */
    public long length(int generation) throws IOException {
        return manifest.generation(generation).commonPrefixLength()
                + Segments.of(folder, generation).length();
    }

    /**
     * Reads bytes of a generation.
     *
     * @param offset from the start of the generation
     * @return number of bytes read, at least 1; -1 at the end
     * @throws DamagedTapeException if these bytes are not as they were written; others may be
     */
    public int read(int generation, long offset, ByteBuffer into) throws IOException {
        Generation found = manifest.generation(generation);
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

    /** Returns the bytes of memory that it holds. */
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
