package dev.kept.tape;

import java.io.IOException;
import java.nio.file.Path;

/** Signals that bytes of a tape differ from those that were written. The bytes before and after them can be read. */
public final class DamagedTapeException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedTapeException(Path file, long from, long to, String why) {
        super(file + ": the bytes from " + from + " to " + to + " are damaged: " + why);
    }
}
