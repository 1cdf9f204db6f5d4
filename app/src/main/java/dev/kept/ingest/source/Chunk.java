package dev.kept.ingest.source;

import dev.kept.provider.decode.PreparedLines;

/**
 * Bytes of a tape on their way to the parser, in a buffer that must be given back.
 *
 * @param bytes the buffer; only the first {@code length} bytes count
 * @param length how many
 * @param prepared what of its lines was read already
 * @param pool where the buffer came from
 */
public record Chunk(byte[] bytes, int length, PreparedLines prepared, ChunkPool pool) {
    /** Gives the buffer back. Afterwards the bytes must not be read. */
    public void release() {
        pool.give(bytes);
    }
}
