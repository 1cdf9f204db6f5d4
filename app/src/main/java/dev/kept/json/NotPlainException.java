package dev.kept.json;

/** A record is not one for {@link PlainReader}. Says nothing and knows no stack: jackson-core says what is wrong, if anything. */
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
