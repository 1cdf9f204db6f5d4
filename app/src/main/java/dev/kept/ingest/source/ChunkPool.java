package dev.kept.ingest.source;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The few buffers through which all bytes reach the parser. When all are on their way, the reader waits: this is what
 * bounds the queue in between, in bytes. Thread-safe.
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

    public byte[] take() throws InterruptedException {
        return free.take();
    }

    /** True while all are on their way: whoever holds one and hands it on has to wait for the next. */
    public boolean isExhausted() {
        return free.isEmpty();
    }

    public void give(byte[] buffer) {
        if (!free.offer(buffer)) {
            throw new IllegalStateException("a buffer was given back twice");
        }
    }
}
