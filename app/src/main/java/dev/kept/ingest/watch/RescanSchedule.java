package dev.kept.ingest.watch;

import java.time.Duration;
import java.time.Instant;

/**
 * The schedule that decides which sources a sweep examines. The operating system reports changes; a sweep finds those
 * that it missed. Examining every file would, with ten thousand of them, be most of the work of an idle daemon. So
 * files that were not touched for a day have their turn in every {@value #TURNS}th sweep, a part of them in each; all
 * others, and all of them when reports were lost or are not available, in every one. Pure.
 *
 * @param number of the sweep; they count up
 * @param everything whether no report can be relied on
 * @param now time at which it begins
 */
public record RescanSchedule(int number, boolean everything, Instant now) {
    static final int TURNS = 10;
    private static final Duration RESTS = Duration.ofDays(1);

    /**
     * Reports whether the sweep examines a source.
     *
     * @param source its number
     * @param soon whether it was touched, or could not be examined, since the last sweep
     * @param modifiedAtMs last known modification time of its file
     */
    public boolean includes(int source, boolean soon, long modifiedAtMs) {
        return everything
                || soon
                || Math.floorMod(source, TURNS) == Math.floorMod(number, TURNS)
                || Instant.ofEpochMilli(modifiedAtMs).isAfter(now.minus(RESTS));
    }
}
