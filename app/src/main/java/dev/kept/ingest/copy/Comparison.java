package dev.kept.ingest.copy;

import dev.kept.ingest.source.FileFacts;
import dev.kept.tape.DamagedTapeException;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** A complete comparison of a source with its tape, a slice at a time. Owned by the ingest thread. */
final class Comparison {
    private static final int BLOCK_BYTES = 64 * 1024;

    private final String why;
    private final String startedAt;
    private long equal;

    /** @param startedAt the source's {@link FileFacts#changedAt} before the first byte is compared */
    Comparison(String why, String startedAt) {
        this.why = why;
        this.startedAt = startedAt;
    }

    String startedAt() {
        return startedAt;
    }

    String why() {
        return why;
    }

    /**
     * Compares about {@code budget} more bytes.
     *
     * @return the length of the common prefix, once it is known
     */
    Optional<Long> step(
            FileChannel source,
            TapeReader tape,
            int generation,
            long tapeLength,
            ByteBuffer a,
            ByteBuffer b,
            long budget)
            throws IOException {
        long stop = equal + budget;
        while (equal < stop) {
            int block = (int) Math.min(BLOCK_BYTES, tapeLength - equal);
            fill(a, block, into -> source.read(into, equal + into.position()));
            try {
                fill(b, block, into -> tape.read(generation, equal + into.position(), into));
            } catch (DamagedTapeException damaged) {
                // The bytes that the source still has justify a generation; the others stay in this one.
                return Optional.of(equal);
            }
            int mismatch = a.mismatch(b);
            if (mismatch >= 0) {
                return Optional.of(equal + mismatch);
            }
            equal += a.remaining();
            if (a.remaining() < BLOCK_BYTES) {
                return Optional.of(equal);
            }
        }
        return Optional.empty();
    }

    /** A positional read of a file. */
    @FunctionalInterface
    interface PositionalRead {
        int read(ByteBuffer into) throws IOException;
    }

    /** Fills a buffer from its beginning, as far as the file goes, and flips it for reading. */
    static void fill(ByteBuffer buffer, int length, PositionalRead source) throws IOException {
        buffer.clear().limit(length);
        while (buffer.hasRemaining() && source.read(buffer) > 0) {
            // Until the block is whole or its file ends.
        }
        buffer.flip();
    }
}
