package dev.kept.control;

import java.io.IOException;
import java.io.Writer;

/**
 * An answer to a request. It is written twice: once to be measured, once to be sent. So the whole text of an answer is
 * never in memory, however many sessions it reports.
 */
@FunctionalInterface
public interface ControlAnswer {
    /** Writes the answer; the same text each time. */
    void writeTo(Writer target) throws IOException;

    /** Returns an answer that is short enough to be held in memory. */
    static ControlAnswer of(String text) {
        return target -> target.write(text);
    }
}
