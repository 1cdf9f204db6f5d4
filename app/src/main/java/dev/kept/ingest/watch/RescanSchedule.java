package dev.kept.ingest.watch;

import java.time.Duration;
import java.time.Instant;

/**
 * Which sources a sweep looks at. The operating system reports what happens; a sweep finds what it did not, and looks at every
 * file, which with ten thousand of them is most of what a daemon at rest does. So files that were not touched for a day have
 * their turn in every {@value #TURNS}th sweep, a part of them in each; all others, and all of them when reports were lost or
 * cannot be had, in every one. Pure.
 *
 * @param number of the sweep; they count up
 * @param everything whether no report can be relied on
 * @param now when it begins
 */
public record RescanSchedule(int number, boolean everything, Instant now) {
    static final int TURNS = 10;
    private static final Duration RESTS = Duration.ofDays(1);

    /**
     * Whether a source is looked at.
     *
     * @param source its number
     * @param soon whether it was touched, or could not be looked at, since it was swept last
     * @param modifiedAtMs when its file was last modified, as far as that is known
     */
    public boolean includes(int source, boolean soon, long modifiedAtMs) {
        return everything
                || soon
                || Math.floorMod(source, TURNS) == Math.floorMod(number, TURNS)
                || Instant.ofEpochMilli(modifiedAtMs).isAfter(now.minus(RESTS));
    }
}
