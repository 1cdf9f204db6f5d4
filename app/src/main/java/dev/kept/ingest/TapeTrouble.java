package dev.kept.ingest;

import java.io.IOException;

/** A tape could not be written, as opposed to a source that could not be read. */
final class TapeTrouble extends IOException {
    private static final long serialVersionUID = 1L;

    TapeTrouble(IOException cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
