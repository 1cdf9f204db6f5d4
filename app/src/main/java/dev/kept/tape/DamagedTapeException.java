package dev.kept.tape;

import java.io.IOException;
import java.nio.file.Path;

/** Bytes of a tape are not what was written there. What stands before and behind them can be read. */
public final class DamagedTapeException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedTapeException(Path file, long from, long to, String why) {
        super(file + ": the bytes from " + from + " to " + to + " are damaged: " + why);
    }
}
