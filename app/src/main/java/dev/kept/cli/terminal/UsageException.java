package dev.kept.cli.terminal;

/** What was typed cannot be done as it stands; the message says what to type instead. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
