package dev.kept.ingest.source;

import dev.kept.tape.Tape;
import dev.kept.tape.packed.PackedStream;
import dev.kept.tape.packed.UnpackLimits;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Reads a source that its agent packed ({@code .zst}) as if it were the plain file: from its beginning, compared with
 * the tape as far as that goes, copied from there on.
 *
 * <p>A packed file cannot be read from the middle, so all of it is read, a slice at a time, each time that it changed.
 * It holds a window of the stream (2 MiB for files that agents write, 8 MiB at most) and some blocks until it is
 * closed; ingest has one at a time. Owned by the ingest thread.
 */
public final class PackedSourceReader implements Closeable {
    static final String SUFFIX = ".zst";
    private static final int BLOCK_BYTES = 64 * 1024;
    /** The number of reads without output after which a slice ends. */
    private static final int MOST_EMPTY_READS = 16;

    private final PackedStream source;
    private final String startedAt;
    private final byte[] block = new byte[BLOCK_BYTES];
    private long at;

    /** @param startedAt the file's {@link FileFacts#changedAt} before its first byte is read */
    public PackedSourceReader(Path path, UnpackLimits limits, String startedAt) throws IOException {
        this.source = PackedStream.open(path, limits);
        this.startedAt = startedAt;
    }

    /** Returns true for a packed file. */
    public static boolean isPacked(Path path) {
        return path.toString().endsWith(SUFFIX);
    }

    public String startedAt() {
        return startedAt;
    }

    /** Returns the number of bytes unpacked so far. */
    public long at() {
        return at;
    }

    /**
     * Unpacks about {@code budget} more bytes without copying them, to check the limits.
     *
     * @return true at the end of the file
     */
    public boolean measure(long budget) throws IOException {
        long stop = at + budget;
        for (int empty = 0; at < stop && empty < MOST_EMPTY_READS; ) {
            int got = source.read(block);
            if (got < 0) {
                return true;
            }
            empty += got == 0 ? 1 : 0;
            at += got;
        }
        return false;
    }

    /**
     * Reads about {@code budget} more bytes, counted unpacked.
     *
     * @return true once all of the file is on tape
     */
    public boolean step(Tape tape, ByteBuffer buffer, ByteBuffer other, long budget, Instant now) throws IOException {
        long stop = at + budget;
        for (int empty = 0; at < stop && empty < MOST_EMPTY_READS; ) {
            int got = source.read(block);
            if (got < 0) {
                if (at < tape.length()) {
                    tape.beginGeneration(at, "the file became shorter", now);
                }
                return true;
            }
            empty += got == 0 ? 1 : 0;
            int known = known(tape, got, other, now);
            append(tape, buffer.clear().put(block, known, got - known).flip());
            at += got;
        }
        return false;
    }

    /** Returns how many bytes of the block are on tape; at a difference, begins a generation. */
    private int known(Tape tape, int got, ByteBuffer other, Instant now) throws IOException {
        int both = Math.clamp(tape.length() - at, 0, got);
        if (both == 0) {
            return 0;
        }
        other.clear().limit(both);
        while (other.hasRemaining() && tape.read(tape.generation(), at + other.position(), other) > 0) {
            // Until the block is whole.
        }
        int mismatch = other.flip().mismatch(ByteBuffer.wrap(block, 0, both));
        if (mismatch < 0) {
            return both;
        }
        tape.beginGeneration(at + mismatch, "its bytes changed in place", now);
        return mismatch;
    }

    private static void append(Tape tape, ByteBuffer bytes) throws TapeWriteException {
        try {
            tape.append(bytes);
        } catch (IOException e) {
            throw new TapeWriteException(e);
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
