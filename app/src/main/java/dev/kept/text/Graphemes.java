package dev.kept.text;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Characters as people perceive them, each of one or more code points. */
public final class Graphemes {
    private static final Pattern GRAPHEME = Pattern.compile("\\X");

    private Graphemes() {}

    /**
     * Returns the longest beginning of a text that takes at most {@code bytes} bytes in UTF-8 and ends at a grapheme
     * boundary.
     */
    public static String beginning(String text, int bytes) {
        Matcher grapheme = GRAPHEME.matcher(text);
        int end = 0;
        int left = bytes;
        while (grapheme.find()) {
            left -= bytes(grapheme.group());
            if (left < 0) {
                return text.substring(0, end);
            }
            end = grapheme.end();
        }
        return text;
    }

    /** Returns the length of a text in UTF-8, in bytes. */
    public static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
