package dev.kept.recording.writer;

/**
 * Control sequences of terminals: colours, cursor moves, titles, links. A note is not a terminal, and without them the
 * text in between is readable.
 *
 * <p>Only a whole sequence counts, so that a lone escape character hides no text:
 *
 * <pre>
 * CSI  ESC [ or U+009B   parameters, intermediates, one final character      colours, cursor, erasing
 * OSC  ESC ] or U+009D   text on one line, then BEL or ST                    titles, links
 * DCS, SOS, PM, APC      ESC P, X, ^, _   text on one line, then ST
 * ESC ( ) * + and a character, ESC 7 8 = >                                   character sets, keypads
 * </pre>
 *
 * <p>The text of a link is between two OSC sequences and stays.
 */
final class TerminalCodes {
    /** Length of a sequence that the end of the text may have cut off. */
    static final int UNDECIDED = -1;

    /** Greatest length of a sequence, in characters. */
    static final int LONGEST = 4096;

    private static final int LONGEST_CSI = 64;
    private static final char ESC = 0x1B;
    private static final char BEL = 0x07;
    private static final char ST = 0x9C;

    private TerminalCodes() {}

    /** Reports whether a sequence may begin with that character. */
    static boolean mayBegin(char c) {
        return c == ESC || (c >= 0x80 && c < 0xA0);
    }

    /** Returns the text without its sequences; the text itself if there are none. */
    static String without(String text) {
        int i = 0;
        while (i < text.length() && !mayBegin(text.charAt(i))) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length()).append(text, 0, i);
        while (i < text.length()) {
            int length = lengthAt(text, i);
            if (length > 0) {
                i += length;
            } else {
                out.append(text.charAt(i));
                i++;
            }
        }
        return out.toString();
    }

    /**
     * Returns the length of the sequence at an index, 0 if there is none, {@link #UNDECIDED} if more text is needed to
     * decide.
     */
    static int lengthAt(CharSequence text, int at) {
        char c = text.charAt(at);
        if (!mayBegin(c)) {
            return 0;
        }
        if (c != ESC) {
            return switch (c) {
                case 0x9B -> control(text, at, at + 1);
                case 0x9D -> string(text, at, at + 1, true);
                case 0x90, 0x98, 0x9E, 0x9F -> string(text, at, at + 1, false);
                default -> 0;
            };
        }
        if (at + 1 == text.length()) {
            return UNDECIDED;
        }
        return switch (text.charAt(at + 1)) {
            case '[' -> control(text, at, at + 2);
            case ']' -> string(text, at, at + 2, true);
            case 'P', 'X', '^', '_' -> string(text, at, at + 2, false);
            case '(', ')', '*', '+' -> characterSet(text, at);
            case '7', '8', '=', '>' -> 2;
            default -> 0;
        };
    }

    private static int characterSet(CharSequence text, int at) {
        if (at + 2 == text.length()) {
            return UNDECIDED;
        }
        char set = text.charAt(at + 2);
        return (set >= '0' && set <= '9') || (set >= 'A' && set <= 'Z') ? 3 : 0;
    }

    private static int control(CharSequence text, int at, int from) {
        int i = from;
        while (i < text.length() && i - at < LONGEST_CSI) {
            char c = text.charAt(i);
            if (c >= 0x40 && c <= 0x7E) {
                return i + 1 - at;
            }
            if (c < 0x20 || c > 0x3F) {
                return 0;
            }
            i++;
        }
        return i == text.length() && i - at < LONGEST_CSI ? UNDECIDED : 0;
    }

    private static int string(CharSequence text, int at, int from, boolean bell) {
        int i = from;
        while (i < text.length() && i - at < LONGEST - 1) {
            char c = text.charAt(i);
            if (c == ST || (bell && c == BEL)) {
                return i + 1 - at;
            }
            if (c == ESC) {
                return i + 1 == text.length() ? UNDECIDED : text.charAt(i + 1) == '\\' ? i + 2 - at : 0;
            }
            if (c < 0x20 && c != '\t') {
                return 0;
            }
            i++;
        }
        return i == text.length() && i - at < LONGEST - 1 ? UNDECIDED : 0;
    }
}
