package dev.kept.ingest.source;

import dev.kept.provider.decode.PreparedLines;

/**
 * Bytes of a tape on their way to the parser, in a buffer that must be released.
 *
 * @param bytes the buffer; only the first {@code length} bytes count
 * @param length number of valid bytes
 * @param prepared the part of its lines that was parsed already
 * @param pool the pool that owns the buffer
 */
public record Chunk(byte[] bytes, int length, PreparedLines prepared, ChunkPool pool) {
    /** Returns the buffer to its pool. Afterwards the bytes must not be read. */
    public void release() {
        pool.release(bytes);
    }
}
