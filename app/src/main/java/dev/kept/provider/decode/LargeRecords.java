package dev.kept.provider.decode;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock under which one thread at a time builds the values of a large record. The pipeline may read one while a
 * recording is read from its tape, and besides the store the heap has room for one only. The thread that holds the lock
 * waits neither for a file nor for another thread.
 */
public final class LargeRecords {
    /** Size below which records are built without the lock: even on all threads together they need little heap. */
    private static final int SMALL_BYTES = 16 * 1024;

    private static final ReentrantLock TURN = new ReentrantLock();

    private LargeRecords() {}

    /** Reports whether a record of that size is to be built between {@link #acquire} and {@link #release}. */
    public static boolean isLarge(long bytes) {
        return bytes > SMALL_BYTES;
    }

    /** Runs work while holding the lock. */
    static void inTurn(Runnable work) {
        acquire();
        try {
            work.run();
        } finally {
            release();
        }
    }

    /** Acquires the lock. It is reentrant. */
    public static void acquire() {
        TURN.lock();
    }

    /** Releases the lock. */
    public static void release() {
        TURN.unlock();
    }
}
