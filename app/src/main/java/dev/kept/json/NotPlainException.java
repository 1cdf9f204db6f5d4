package dev.kept.json;

/**
 * Thrown when a record is not one for {@link PlainReader}. Has no message and no stack trace: jackson-core reports the
 * error, if there is one.
 */
final class NotPlainException extends Exception {
    private static final long serialVersionUID = 1L;

    NotPlainException() {
        super("not plain", null, false, false);
    }

    static void when(boolean notPlain) throws NotPlainException {
        if (notPlain) {
            throw new NotPlainException();
        }
    }
}
