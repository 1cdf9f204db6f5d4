package dev.kept.session;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A one-line summary by which people recognize a session. */
public final class Snippet {
    public static final int MAX_CHARS = 60;

    /**
     * The most characters that are collapsed: more than a line needs, because white space shrinks and a cut looks at
     * what follows it.
     */
    private static final int MOST_FOLDED = 2 * MAX_CHARS;

    /** The boundary between two graphemes. */
    private static final Pattern SIGN_BOUNDARY = Pattern.compile("\\b{g}");

    private Snippet() {}

    /**
     * Returns the first line of a text that is not blank and not a command to Kept, with white space collapsed, at most
     * {@link #MAX_CHARS} characters; empty if there is none. A longer line is cut after a word and ends in {@code …}; a
     * word that is longer by itself is cut between graphemes, however many characters they have.
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
        for (int i = 0; i < line.length() && folded.length() < MOST_FOLDED; ) {
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
        // A space at the end of the room has a whole word before it.
        int space = folded.lastIndexOf(" ", MAX_CHARS - 1);
        return folded.substring(0, space > 0 ? space : endOfSign(folded)) + "…";
    }

    private static int endOfSign(CharSequence word) {
        int end = 0;
        Matcher boundary = SIGN_BOUNDARY.matcher(word);
        while (boundary.find() && boundary.start() < MAX_CHARS) {
            end = boundary.start();
        }
        // One sign without an end.
        return end > 0 ? end : MAX_CHARS - (Character.isHighSurrogate(word.charAt(MAX_CHARS - 2)) ? 2 : 1);
    }
}
