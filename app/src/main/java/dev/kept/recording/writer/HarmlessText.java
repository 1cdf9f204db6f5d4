package dev.kept.recording.writer;

/**
 * A filter that makes a text in pieces harmless: its output, put together, is that of {@link TextEscapes#harmless} for
 * the whole text. Holds back what may continue in the next piece: half a line end, half a character, a flag of several
 * characters, a terminal sequence. Not thread-safe.
 */
public final class HarmlessText {
    /** Limit for the characters held back; no flag is that long. */
    private static final int MOST_HELD = 256;

    private final TextEscapes.Numbers numbers = new TextEscapes.Numbers();
    private String held = "";

    /** Accepts the next piece, and returns the text that is certain by now. */
    public String next(CharSequence piece) {
        String text = held + piece;
        int certain = Sequences.certain(text);
        int end = certain;
        // The letters of a flag are recognized by what precedes them.
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

    /** Accepts the last piece, and returns the rest. */
    public String last(CharSequence piece) {
        String rest = TextEscapes.harmless(held + piece, numbers);
        held = "";
        return rest;
    }

    /**
     * A filter that removes {@link TerminalCodes} from a text in pieces: its output, put together, is what remains of
     * the whole text. Not thread-safe.
     */
    public static final class Sequences {
        private String held = "";

        /** Accepts the next piece, and returns the text that is certain by now. */
        public String next(CharSequence piece) {
            String text = held + piece;
            int end = certain(text);
            held = text.substring(end);
            return TerminalCodes.without(text.substring(0, end));
        }

        /** Accepts the last piece, and returns the rest. */
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
