package dev.kept.control;

import java.io.IOException;
import java.io.Writer;

/**
 * What is sent back for a request. It writes itself, twice: once to be measured, once to be sent. So the text of an answer
 * never stands in memory, however many sessions it tells of.
 */
@FunctionalInterface
public interface ControlAnswer {
    /** Writes the same text each time. */
    void writeTo(Writer target) throws IOException;

    /** An answer that is short enough to stand in memory. */
    static ControlAnswer of(String text) {
        return target -> target.write(text);
    }
}
