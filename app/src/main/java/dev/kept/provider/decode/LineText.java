package dev.kept.provider.decode;

import dev.kept.json.ByteSearch;

/** The ends of lines, and of the text in them: blanks and NUL bytes around it do not count. */
final class LineText {
    private LineText() {}

    /** Where the next line feed stands; {@code to} if there is none. */
    static int end(byte[] bytes, int from, int to) {
        return ByteSearch.indexOf('\n', bytes, from, to);
    }

    /** Where the text of a line begins; {@code to} if it has none. */
    static int trimmedStart(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to && isBlank(bytes[start])) {
            start++;
        }
        return start;
    }

    /** Where the text of a line ends; {@code from} if it has none. */
    static int trimmedEnd(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && isBlank(bytes[end - 1])) {
            end--;
        }
        return end;
    }

    private static boolean isBlank(byte b) {
        return b == 0 || b == ' ' || b == '\t' || b == '\r';
    }
}
