package dev.kept.query;

/** An id that names no single session: empty, or the beginning of several. The message lists the candidates. */
public final class AmbiguousSessionException extends Exception {
    private static final long serialVersionUID = 1L;

    AmbiguousSessionException(String message) {
        super(message);
    }
}
