package dev.kept.recording;

import java.time.Duration;
import java.time.Instant;

/** Retry schedule of one operation. Owned by the pipeline thread. */
final class Retry {
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private Duration next = SHORTEST;
    private Instant at = Instant.MIN;

    /** Notes a failure; the next attempt is a few seconds later. */
    void noteFailure(Instant now) {
        scheduleIn(next, now);
    }

    /** Notes a failure of a costly attempt; the delay doubles each time, up to {@link #LONGEST}. */
    void noteCostlyFailure(Instant now) {
        scheduleIn(next, now);
        Duration twice = next.multipliedBy(2);
        next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    }

    /** Schedules the next attempt after that delay. */
    void scheduleIn(Duration time, Instant now) {
        at = now.plus(time);
    }

    boolean isDue(Instant now) {
        return !now.isBefore(at);
    }

    /** Notes a success, and resets the delay. */
    void noteSuccess() {
        next = SHORTEST;
    }
}
