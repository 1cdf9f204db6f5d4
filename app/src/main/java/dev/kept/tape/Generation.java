package dev.kept.tape;

import java.time.Instant;
import java.util.Objects;

/**
 * One append-only state of a source. A rewrite of the source starts the next generation; the old one stays as it is.
 *
 * <p>Its bytes are the first {@code commonPrefixLength} bytes of its parent, then those of its own file.
 *
 * @param number from 1
 * @param parent the generation it shares its beginning with; 0 for none
 * @param commonPrefixLength bytes shared with the parent
 * @param why the observed change of the source; empty for the first
 * @param since time at which it was started
 */
public record Generation(int number, int parent, long commonPrefixLength, String why, Instant since) {
    public Generation {
        Objects.requireNonNull(why, "why");
        Objects.requireNonNull(since, "since");
        if (number < 1
                || parent < 0
                || parent >= number
                || commonPrefixLength < 0
                || (parent == 0 && commonPrefixLength > 0)) {
            throw new IllegalArgumentException("not a generation: " + number + " after " + parent);
        }
    }

    /** The number of every tape's first generation. */
    public static final int FIRST = 1;
}
