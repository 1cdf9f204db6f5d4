package dev.kept.provider.decode;

import dev.kept.json.ByteSearch;

/** The ends of lines and of the text in them, without surrounding blanks and NUL bytes. */
final class LineText {
    private LineText() {}

    /** Returns the index of the next line feed; {@code to} if there is none. */
    static int end(byte[] bytes, int from, int to) {
        return ByteSearch.indexOf('\n', bytes, from, to);
    }

    /** Returns the index at which the text of a line begins; {@code to} if it has none. */
    static int trimmedStart(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to && isBlank(bytes[start])) {
            start++;
        }
        return start;
    }

    /** Returns the index at which the text of a line ends; {@code from} if it has none. */
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
