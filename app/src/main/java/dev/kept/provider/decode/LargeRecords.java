package dev.kept.provider.decode;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time build what a large record says: the pipeline reads one while a recording is read from its tape,
 * and the heap has room beside the store for one. Nobody waits for a file or for another thread while it has the turn.
 */
public final class LargeRecords {
    /** What is shorter is built at once: all threads together take little for it. */
    private static final int SMALL_BYTES = 16 * 1024;

    private static final ReentrantLock TURN = new ReentrantLock();

    private LargeRecords() {}

    /** True if a record of so many bytes is to be built within {@link #take} and {@link #give}. */
    public static boolean isLarge(long bytes) {
        return bytes > SMALL_BYTES;
    }

    /** Does some work within the turn. */
    static void inTurn(Runnable work) {
        take();
        try {
            work.run();
        } finally {
            give();
        }
    }

    /** Waits for the turn. The thread that has it may take it again. */
    public static void take() {
        TURN.lock();
    }

    /** Gives the turn back. */
    public static void give() {
        TURN.unlock();
    }
}
