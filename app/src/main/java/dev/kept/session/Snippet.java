package dev.kept.session;

/** The line by which people recognize a session. */
public final class Snippet {
    public static final int MAX_CHARS = 60;

    private Snippet() {}

    /**
     * The first line of a text that is not blank and no order to Kept, white space folded, at most {@link #MAX_CHARS}
     * characters; empty if there is none.
     */
    public static String of(String text) {
        return text.lines()
                .map(Snippet::folded)
                .filter(line -> !line.isEmpty() && !line.startsWith("::"))
                .findFirst()
                .orElse("");
    }

    private static String folded(String line) {
        StringBuilder folded = new StringBuilder(MAX_CHARS + 1);
        boolean blank = false;
        for (int i = 0; i < line.length() && folded.length() <= MAX_CHARS; ) {
            int c = line.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isWhitespace(c) || Character.isISOControl(c)) {
                blank = !folded.isEmpty();
            } else {
                if (blank) {
                    folded.append(' ');
                    blank = false;
                }
                folded.appendCodePoint(c);
            }
        }
        if (folded.length() <= MAX_CHARS) {
            return folded.toString();
        }
        int end = MAX_CHARS - 1;
        if (Character.isHighSurrogate(folded.charAt(end - 1))) {
            end--;
        }
        return folded.substring(0, end) + "…";
    }
}
