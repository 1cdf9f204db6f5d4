package dev.kept.ingest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When the ingest thread last went on, for those who look whether it does. Written by that thread, read by any. */
public final class IngestHeartbeat {
    private static final long WAITS = 0;

    private final Clock clock;
    private volatile long since = WAITS;
    private volatile @Nullable Instant idleAt;

    IngestHeartbeat(Clock clock) {
        this.clock = clock;
    }

    /** The thread begins the next thing. */
    void beats() {
        since = System.nanoTime();
    }

    /** The thread waits for something to do. */
    void waits() {
        since = WAITS;
    }

    /** Nothing is left to copy or to hand on. */
    void idles() {
        idleAt = clock.instant();
    }

    /** How long it has been at one thing; zero while it waits for something to do. */
    public Duration atOneThing() {
        long begun = since;
        return begun == WAITS ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - begun));
    }

    /** When nothing was left to copy or to hand on, the last time; empty if that never was so. */
    public Optional<Instant> idleAt() {
        return Optional.ofNullable(idleAt);
    }
}
