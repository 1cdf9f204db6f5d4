package dev.kept.ingest.source;

import java.io.IOException;

/** Signals that a tape could not be written, as opposed to a source that could not be read. */
public final class TapeWriteException extends IOException {
    private static final long serialVersionUID = 1L;

    public TapeWriteException(IOException cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
