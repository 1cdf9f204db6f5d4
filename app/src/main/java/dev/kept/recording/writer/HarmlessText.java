package dev.kept.recording.writer;

/**
 * Makes a text that comes in pieces harmless: what it gives, put together, is what {@link Texts#harmless} gives for the
 * whole. Holds back what the next piece may belong to: half a line end, half a character, a flag of many. Not thread-safe.
 */
public final class HarmlessText {
    /** No flag is that long. */
    private static final int MOST_HELD = 256;

    private final Texts.Numbers numbers = new Texts.Numbers();
    private String held = "";

    /** The next piece, as far as it is certain. */
    public String next(CharSequence piece) {
        String text = held + piece;
        // A flag's letters are told by what stands before them.
        int end = text.length();
        while (end > 0 && text.length() - end < MOST_HELD && isUncertain(text.charAt(end - 1))) {
            end--;
        }
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        held = text.substring(end);
        return Texts.harmless(text.substring(0, end), numbers);
    }

    private static boolean isUncertain(char c) {
        return c == '\r' || Character.isSurrogate(c);
    }

    /** The last piece, and with it the rest. */
    public String last(CharSequence piece) {
        String rest = Texts.harmless(held + piece, numbers);
        held = "";
        return rest;
    }
}
