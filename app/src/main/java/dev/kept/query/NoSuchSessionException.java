package dev.kept.query;

/** An id that no session has. The message is a sentence for people, without its first letter in upper case. */
public final class NoSuchSessionException extends Exception {
    private static final long serialVersionUID = 1L;

    NoSuchSessionException(String message) {
        super(message);
    }
}
