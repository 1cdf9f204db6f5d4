package dev.kept.text;

/**
 * The characters that drive a terminal, or disguise a text: control characters, controls of the writing direction and
 * other invisible format characters, separators of lines and paragraphs, tags, lone surrogates. The two joiners are not
 * among them: emoji and letters are composed with them. Pure.
 */
public final class TerminalText {
    /** The replacement for a character that is not shown. */
    static final char REPLACEMENT = '\uFFFD';

    private TerminalText() {}

    /** Returns the text on one line, with U+FFFD for each character that drives a terminal. */
    public static String line(String text) {
        if (isHarmless(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().map(c -> drives(c) ? REPLACEMENT : c).forEach(shown::appendCodePoint);
        return shown.toString();
    }

    /** Reports whether no character of the text, line ends among them, drives a terminal. */
    public static boolean isHarmless(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) >= ' ' && text.charAt(i) < 0x7F) {
            i++;
        }
        return i == text.length() || text.codePoints().skip(i).noneMatch(TerminalText::drives);
    }

    /** Reports whether a code point drives a terminal, or is invisible there. */
    public static boolean drives(int c) {
        if (c >= ' ' && c < 0x7F) {
            return false;
        }
        boolean joiner = c == 0x200C || c == 0x200D;
        return Character.isISOControl(c) || (Character.getType(c) == Character.FORMAT && !joiner) || isObeyed(c);
    }

    /**
     * Reports whether a code point is one that no text on standard output contains, not even one for a program:
     * controls, embeddings, overrides and isolates of the writing direction, separators, tags, lone surrogates.
     */
    static boolean isObeyed(int c) {
        return (Character.isISOControl(c) && c != '\n' && c != '\t')
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0x2028
                || c == 0x2029
                || isTag(c)
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** Reports whether a code point is one of the invisible letters of plane 14. */
    static boolean isTag(int c) {
        return c >= 0xE0000 && c <= 0xE007F;
    }
}
