package dev.kept.recording.secret;

/** The fewest and the most characters of something. */
record Lengths(int least, int most) {
    /** A number, or two with {@code -} between. */
    static Lengths of(String text) {
        int dash = text.indexOf('-');
        return dash < 0
                ? new Lengths(Integer.parseInt(text), Integer.parseInt(text))
                : new Lengths(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }

    boolean allow(int length) {
        return length >= least && length <= most;
    }
}
