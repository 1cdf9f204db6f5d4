package dev.kept.ingest.seal;

import dev.kept.tape.Sealing;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The thread {@code kept-seal}, which packs and checks one segment at a time while ingest is idle, and exists only
 * meanwhile. Before each slice it waits until ingest rests, and has rested for a moment. Thread-safe; called by the
 * ingest thread.
 */
final class SealThread {
    private final Runnable wake;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Thread thread;
    private @Nullable Outcome outcome;
    private boolean busy = true;
    private boolean stopped;
    private long quietNanos;
    private long restingSince;
    private long slices;
    private volatile long underWay;

    /**
     * The result of packing a segment.
     *
     * @param failure the reason why it could not be packed; empty if it can be published
     */
    record Outcome(Sealing sealing, Optional<Exception> failure) {}

    /** @param wake called on the thread when there is an outcome */
    SealThread(Runnable wake) {
        this.wake = wake;
    }

    /** Packs a segment once ingest rests; may be called only while {@link #isFree}. */
    void offer(Sealing sealing) {
        Thread next = Thread.ofPlatform().name("kept-seal").daemon().unstarted(() -> run(sealing));
        lock.lock();
        try {
            thread = next;
        } finally {
            lock.unlock();
        }
        next.start();
    }

    /** Returns true if no segment is being packed, and no outcome waits. */
    boolean isFree() {
        lock.lock();
        try {
            return thread == null && outcome == null;
        } finally {
            lock.unlock();
        }
    }

    /** Returns true if an outcome waits. */
    boolean hasOutcome() {
        lock.lock();
        try {
            return outcome != null;
        } finally {
            lock.unlock();
        }
    }

    /** Removes and returns the outcome that waits. */
    Optional<Outcome> pollOutcome() {
        lock.lock();
        try {
            Optional<Outcome> taken = Optional.ofNullable(outcome);
            outcome = null;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that ingest has work: no slice begins from now on. */
    void markBusy() {
        lock.lock();
        try {
            busy = true;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that ingest is idle: slices may begin once it has rested for {@code quiet}. */
    void markIdle(Duration quiet) {
        lock.lock();
        try {
            if (busy) {
                busy = false;
                restingSince = System.nanoTime();
            }
            quietNanos = quiet.toNanos();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the bytes of the current segment that are packed, plus those that are checked. */
    long underWay() {
        return underWay;
    }

    /** Returns the number of slices begun so far. */
    long slices() {
        lock.lock();
        try {
            return slices;
        } finally {
            lock.unlock();
        }
    }

    private void run(Sealing sealing) {
        Optional<Exception> failure = Optional.empty();
        boolean ready = false;
        try {
            while (!ready && awaitTurn()) {
                ready = sealing.step();
                underWay = sealing.done();
            }
        } catch (IOException | RuntimeException e) {
            // A bug in the sealing of one segment must not end the daemon: its plain file is still there.
            failure = Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        underWay = 0;
        lock.lock();
        try {
            outcome = new Outcome(sealing, failure);
            thread = null;
        } finally {
            lock.unlock();
        }
        wake.run();
    }

    /** Waits until a slice may begin; returns false when there will be no more. */
    private boolean awaitTurn() throws InterruptedException {
        lock.lock();
        try {
            while (!stopped) {
                long left = busy ? Long.MAX_VALUE : restingSince + quietNanos - System.nanoTime();
                if (left <= 0) {
                    slices++;
                    return true;
                }
                changed.awaitNanos(left);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends after the current slice; the current segment is abandoned. */
    void end() {
        Thread running;
        lock.lock();
        try {
            stopped = true;
            running = thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (running != null) {
                running.join();
            }
            Optional<Outcome> left = pollOutcome();
            if (left.isPresent()) {
                left.get().sealing().close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The plain segment is still there; files left beside it are overwritten the next time.
        }
    }
}
