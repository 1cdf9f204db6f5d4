package dev.kept.cli;

/** What was typed cannot be done as it stands; the message says what to type instead. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
