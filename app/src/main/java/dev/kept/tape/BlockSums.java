package dev.kept.tape;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The checksums of the whole blocks in the plain segment of a tape's newest generation, used to compare other bytes
 * with the tape without reading it. Holds nothing but a file descriptor. Not thread-safe.
 */
public final class BlockSums implements Closeable {
    /** Bytes that one checksum covers. */
    public static final int BLOCK_BYTES = SumFile.BLOCK_BYTES;

    private final BlockCheck check;
    private final long start;

    /**
     * @param check the checksums of the plain segment
     * @param start offset in the generation at which that segment begins
     */
    BlockSums(BlockCheck check, long start) {
        this.check = check;
        this.start = start;
    }

    /** Returns how many bytes lie between an offset of the generation and the next block's beginning; at least 1. */
    public int untilNextBlock(long offset) {
        long left = offset < start ? start - offset : BLOCK_BYTES - (offset - start) % BLOCK_BYTES;
        return (int) Math.min(BLOCK_BYTES, left);
    }

    /**
     * Reports whether bytes are those that the tape holds at an offset of its newest generation. Empty if no checksum
     * was noted for them: they are not one whole block, or they are shared with an older generation, or sealed.
     *
     * @param bytes not consumed
     */
    public Optional<Boolean> matches(long offset, ByteBuffer bytes) throws IOException {
        if (offset < start || (offset - start) % BLOCK_BYTES != 0 || bytes.remaining() != BLOCK_BYTES) {
            return Optional.empty();
        }
        OptionalInt noted = check.sum((offset - start) / BLOCK_BYTES);
        return noted.isEmpty() ? Optional.empty() : Optional.of(noted.getAsInt() == Crc32c.of(bytes.duplicate()));
    }

    @Override
    public void close() throws IOException {
        check.close();
    }
}
