package dev.kept.recording.writer;

/**
 * Line-by-line difference of a text and its replacement. The lines that both begin and end with appear once. Lines are
 * kept as offsets: a text with as many lines as characters takes eight bytes for each, and no string.
 */
final class LineDifference {
    private static final int CONTEXT_LINES = 3;

    private LineDifference() {}

    /** Appends the difference; the last line has no line end. */
    static void append(String before, String after, StringBuilder out) {
        Lines old = new Lines(before);
        Lines now = new Lines(after);
        int least = Math.min(old.count(), now.count());
        int start = 0;
        while (start < least && old.is(start, now, start)) {
            start++;
        }
        int end = 0;
        while (end < least - start && old.is(old.count() - 1 - end, now, now.count() - 1 - end)) {
            end++;
        }
        int from = out.length();
        old.append(Math.max(0, start - CONTEXT_LINES), start, ' ', out);
        old.append(start, old.count() - end, '-', out);
        now.append(start, now.count() - end, '+', out);
        old.append(old.count() - end, Math.min(old.count(), old.count() - end + CONTEXT_LINES), ' ', out);
        if (out.length() > from) {
            out.setLength(out.length() - 1);
        }
    }

    /** Offsets of the lines of a text, divided as by {@link String#lines}. */
    private static final class Lines {
        private final String text;
        private final int[] starts;
        private final int[] ends;

        Lines(String text) {
            this.text = text;
            int count = 0;
            for (int at = 0; at < text.length(); at = next(end(at))) {
                count++;
            }
            starts = new int[count];
            ends = new int[count];
            int line = 0;
            for (int at = 0; at < text.length(); at = next(ends[line - 1])) {
                starts[line] = at;
                ends[line] = end(at);
                line++;
            }
        }

        private int end(int start) {
            int end = start;
            while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                end++;
            }
            return end;
        }

        /** Returns the start of the line after one that ends at that index. */
        private int next(int end) {
            boolean two = end + 1 < text.length() && text.charAt(end) == '\r' && text.charAt(end + 1) == '\n';
            return two ? end + 2 : end + 1;
        }

        int count() {
            return starts.length;
        }

        boolean is(int line, Lines other, int otherLine) {
            int length = ends[line] - starts[line];
            return length == other.ends[otherLine] - other.starts[otherLine]
                    && text.regionMatches(starts[line], other.text, other.starts[otherLine], length);
        }

        void append(int from, int to, char mark, StringBuilder out) {
            for (int line = from; line < to; line++) {
                out.append(mark).append(text, starts[line], ends[line]).append('\n');
            }
        }
    }
}
