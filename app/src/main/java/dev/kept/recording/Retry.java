package dev.kept.recording;

import java.time.Duration;
import java.time.Instant;

/** When something that failed is tried again. Owned by the pipeline thread. */
final class Retry {
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private Duration next = SHORTEST;
    private Instant at = Instant.MIN;

    /** It failed: it is tried again a few seconds later. */
    void failed(Instant now) {
        in(next, now);
    }

    /** It failed, and each try costs much: the next waits twice as long, up to {@link #LONGEST}. */
    void failedAtACost(Instant now) {
        in(next, now);
        Duration twice = next.multipliedBy(2);
        next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    }

    /** It is tried again that much later. */
    void in(Duration time, Instant now) {
        at = now.plus(time);
    }

    boolean isDue(Instant now) {
        return !now.isBefore(at);
    }

    /** It did not fail. */
    void succeeded() {
        next = SHORTEST;
    }
}
