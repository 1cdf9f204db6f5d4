package dev.kept.ingest.source;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The few buffers through which all bytes reach the parser. When all are in use, the reader waits: this bounds the
 * queue in between, in bytes. Thread-safe.
 */
public final class ChunkPool {
    /** Bytes of one buffer: what is read of two of them outlives no young collection (docs/decisions/0077). */
    public static final int CHUNK_BYTES = 64 * 1024;

    private static final int CHUNKS = 3;

    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(CHUNKS);

    public ChunkPool() {
        for (int i = 0; i < CHUNKS; i++) {
            free.add(new byte[CHUNK_BYTES]);
        }
    }

    public byte[] acquire() throws InterruptedException {
        return free.take();
    }

    /** Returns true while all buffers are in use: the next request has to wait. */
    public boolean isExhausted() {
        return free.isEmpty();
    }

    public void release(byte[] buffer) {
        if (!free.offer(buffer)) {
            throw new IllegalStateException("a buffer was given back twice");
        }
    }
}
