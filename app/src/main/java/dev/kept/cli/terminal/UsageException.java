package dev.kept.cli.terminal;

/** Thrown if a command cannot be carried out as typed; the message says what to type instead. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
