package dev.kept.recording.secret.text;

/** A range of lengths in characters. */
public record Lengths(int least, int most) {
    /** Parses a number, or two with {@code -} between. */
    public static Lengths of(String text) {
        int dash = text.indexOf('-');
        return dash < 0
                ? new Lengths(Integer.parseInt(text), Integer.parseInt(text))
                : new Lengths(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }

    public boolean allow(int length) {
        return length >= least && length <= most;
    }
}
