package dev.kept.recording.writer;

/**
 * Makes a text that comes in pieces harmless: what it gives, put together, is what {@link TextEscapes#harmless} gives for the
 * whole. Holds back what the next piece may belong to: half a line end, half a character, a flag of many, a sequence for a
 * terminal. Not thread-safe.
 */
public final class HarmlessText {
    /** No flag is that long. */
    private static final int MOST_HELD = 256;

    private final TextEscapes.Numbers numbers = new TextEscapes.Numbers();
    private String held = "";

    /** The next piece, as far as it is certain. */
    public String next(CharSequence piece) {
        String text = held + piece;
        int certain = Sequences.certain(text);
        int end = certain;
        // A flag's letters are told by what stands before them.
        while (end > 0 && certain - end < MOST_HELD && isUncertain(text.charAt(end - 1))) {
            end--;
        }
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        held = text.substring(end);
        return TextEscapes.harmless(text.substring(0, end), numbers);
    }

    private static boolean isUncertain(char c) {
        return c == '\r' || Character.isSurrogate(c);
    }

    /** The last piece, and with it the rest. */
    public String last(CharSequence piece) {
        String rest = TextEscapes.harmless(held + piece, numbers);
        held = "";
        return rest;
    }

    /**
     * A text in pieces without {@link TerminalCodes}: what it gives, put together, is what is left of the whole. Not
     * thread-safe.
     */
    public static final class Sequences {
        private String held = "";

        /** The next piece, as far as it is certain. */
        public String next(CharSequence piece) {
            String text = held + piece;
            int end = certain(text);
            held = text.substring(end);
            return TerminalCodes.without(text.substring(0, end));
        }

        /** The last piece, and with it the rest. */
        public String last(CharSequence piece) {
            String rest = TerminalCodes.without(held + piece);
            held = "";
            return rest;
        }

        private static int certain(String text) {
            int i = 0;
            while (i < text.length()) {
                int length = TerminalCodes.lengthAt(text, i);
                if (length == TerminalCodes.UNDECIDED) {
                    return i;
                }
                i += Math.max(1, length);
            }
            return i;
        }
    }
}
