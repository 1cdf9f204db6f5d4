package dev.kept.ingest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The time of the ingest thread's last progress, for observers that check whether it is stuck. Written by that thread,
 * read by any.
 */
public final class IngestHeartbeat {
    private static final long WAITS = 0;

    private final Clock clock;
    private volatile long since = WAITS;
    private volatile @Nullable Instant idleAt;

    IngestHeartbeat(Clock clock) {
        this.clock = clock;
    }

    /** Notes that the thread begins its next task. */
    void beginTask() {
        since = System.nanoTime();
    }

    /** Notes that the thread waits for work. */
    void beginWait() {
        since = WAITS;
    }

    /** Notes that nothing is left to copy or to hand on. */
    void markIdle() {
        idleAt = clock.instant();
    }

    /** Returns the time that the thread has spent on its current task; zero while it waits for work. */
    public Duration timeOnTask() {
        long begun = since;
        return begun == WAITS ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - begun));
    }

    /** Returns the last time when nothing was left to copy or to hand on; empty if there was none. */
    public Optional<Instant> idleAt() {
        return Optional.ofNullable(idleAt);
    }
}
