package dev.kept.ingest.watch;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The paths that the operating system reported and ingest has not examined: each once, however often it was touched.
 * Thread-safe.
 */
public final class ChangedPaths {
    /** The most paths that are remembered; if more are touched, everything is examined. */
    public static final int MOST = 16 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Path> paths = new LinkedHashSet<>();
    private boolean sweep;
    private boolean woken;
    private boolean stopped;

    /** The pending changes. */
    public record Batch(List<Path> paths, boolean sweep, boolean stopped) {}

    public void touch(Path path) {
        lock.lock();
        try {
            if (paths.size() >= MOST) {
                sweep = true;
            } else if (paths.add(path)) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Requests a look at everything, because reports were lost. */
    public void requestSweep() {
        lock.lock();
        try {
            sweep = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the ingest thread, because another thread has work for it. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Removes and returns all pending changes; waits for them at most that long. */
    public Batch poll(long atMostNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = atMostNanos;
            while (paths.isEmpty() && !sweep && !woken && !stopped && left > 0) {
                left = changed.awaitNanos(left);
            }
            Batch batch = new Batch(List.copyOf(paths), sweep, stopped);
            paths.clear();
            sweep = false;
            woken = false;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    public static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
