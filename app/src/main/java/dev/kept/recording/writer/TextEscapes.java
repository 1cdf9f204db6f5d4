package dev.kept.recording.writer;

import java.util.Locale;

/** Escapes and limits that make any text harmless to show, and short. */
final class TextEscapes {
    private static final int BLACK_FLAG = 0x1F3F4;

    /**
     * Limit for the characters of one text that are shown by their numbers; a text of nothing else would become eight
     * times as long.
     */
    private static final int MOST_NUMBERS = 4096;

    /**
     * Remaining number of characters of a text that may be shown by their numbers; after that, U+FFFD replaces each.
     */
    static final class Numbers {
        private int left = MOST_NUMBERS;

        private String of(int c) {
            return left-- > 0 ? String.format("[U+%04X]", c) : "\uFFFD";
        }
    }

    private TextEscapes() {}

    /** Returns at most that many characters from the beginning, without half a surrogate pair. */
    static String beginning(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        int end =
                characters > 0 && Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
        return text.substring(0, end);
    }

    /** Returns at most that many characters from the end, without half a surrogate pair. */
    static String end(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        int start = text.length() - characters;
        return text.substring(Character.isLowSurrogate(text.charAt(start)) ? start + 1 : start);
    }

    /**
     * Returns the text with {@code \n} as its only line end and nothing in it that a terminal obeys.
     * {@link TerminalCodes} are left out. Control characters are shown as their pictures (␛); other controls, those of
     * the writing direction and invisible tags as {@code [U+202E]}; half surrogate pairs as U+FFFD, and so are the
     * others if there are thousands of them. Right-to-left text, joined emoji and flags stay as they are.
     */
    static String harmless(String text) {
        return harmless(text, new Numbers());
    }

    /** Like {@link #harmless(String)}, for a part of a text. */
    static String harmless(String text, Numbers numbers) {
        int clean = 0;
        while (clean < text.length() && isPlain(text.charAt(clean))) {
            clean++;
        }
        if (clean == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, clean);
        boolean inFlag = false;
        for (int i = clean; i < text.length(); ) {
            int sequence = TerminalCodes.lengthAt(text, i);
            if (sequence > 0) {
                inFlag = false;
                i += sequence;
                continue;
            }
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            inFlag = c == BLACK_FLAG || (inFlag && isTag(c));
            if (c == '\r') {
                if (i >= text.length() || text.charAt(i) != '\n') {
                    out.append('\n');
                }
            } else if (c == '\n' || c == '\t') {
                out.append((char) c);
            } else if (c < 0x20) {
                out.append((char) (0x2400 + c));
            } else if (c == 0x7F) {
                out.append('\u2421');
            } else if ((c < 0xA0 && c >= 0x80)
                    || isDirectionControl(c)
                    || c == 0x2028
                    || c == 0x2029
                    || (isTag(c) && !inFlag)) {
                out.append(numbers.of(c));
            } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                out.append('\uFFFD');
            } else {
                out.appendCodePoint(c);
            }
        }
        return out.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 0x20 && c < 0x7F)
                || c == '\n'
                || c == '\t'
                || (c >= 0xA0 && c < 0x2028)
                || (c > 0x202E && c < 0x2066)
                || (c > 0x2069 && c < Character.MIN_SURROGATE)
                || c > Character.MAX_SURROGATE;
    }

    /**
     * Reports whether a character is an embedding, override, isolate or the end of one. With them a line can be made to
     * look like another.
     */
    private static boolean isDirectionControl(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }

    /** Reports whether a character is an invisible letter that a model reads. Flags of regions consist of them too. */
    private static boolean isTag(int c) {
        return c >= 0xE0000 && c <= 0xE007F;
    }

    /** Returns the text on one line, harmless, with at most that many characters; {@code …} marks a cut. */
    static String oneLine(String text, int characters) {
        String line = harmless(beginning(text.stripLeading(), 4 * characters))
                .replaceAll("\\s+", " ")
                .strip();
        return line.length() <= characters
                ? line
                : beginning(line, characters - 1).strip() + "…";
    }

    /** Returns the first line that is not blank, as {@link #oneLine} does. */
    static String firstLine(String text, int characters) {
        String start = beginning(text.stripLeading(), 4 * characters);
        int end = start.indexOf('\n');
        String line = oneLine(end < 0 ? start : start.substring(0, end), characters);
        return end < 0 || line.endsWith("…") ? line : line + " …";
    }

    /** Returns the text, or its beginning and its end with a line in between that says how much is left out. */
    static String shortened(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        String first = beginning(text, limit * 3 / 4);
        String last = end(text, limit / 4);
        int lineEnd = first.lastIndexOf('\n');
        if (lineEnd > limit / 2) {
            first = first.substring(0, lineEnd);
        }
        int lineStart = last.indexOf('\n');
        if (lineStart >= 0 && lineStart < limit / 8) {
            last = last.substring(lineStart + 1);
        }
        int left = text.length() - first.length() - last.length();
        long lines = text.substring(first.length(), text.length() - last.length())
                .chars()
                .filter(c -> c == '\n')
                .count();
        return first + "\n… " + String.format(Locale.ROOT, "%,d", left) + " characters"
                + (lines > 1 ? String.format(Locale.ROOT, " (%,d lines)", lines) : "") + " left out …\n" + last;
    }
}
