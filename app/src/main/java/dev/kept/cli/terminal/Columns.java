package dev.kept.cli.terminal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The width of texts in columns of a terminal: East Asian letters and pictographs take two, combining marks none. Pure.
 */
public final class Columns {
    /** The boundaries between user-perceived characters. */
    private static final Pattern SIGN_BOUNDARY = Pattern.compile("\\b{g}");

    private Columns() {}

    public static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    private static int of(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0xA4CF)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0xFFE0 && c <= 0xFFE6)
                || (c >= 0x1F300 && c <= 0x1FAFF)
                || (c >= 0x20000 && c <= 0x3FFFD);
        return wide ? 2 : 1;
    }

    /**
     * Cuts a text to a number of columns and ends it in {@code …}: after a word if that removes at most half of it,
     * else after a whole character.
     */
    public static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        if (columns < 1) {
            return "";
        }
        int fits = 0;
        int used = 0;
        while (fits < text.length() && used + of(text.codePointAt(fits)) < columns) {
            used += of(text.codePointAt(fits));
            fits += Character.charCount(text.codePointAt(fits));
        }
        int space = text.lastIndexOf(' ', fits);
        int end = 2 * space >= fits ? space : endOfSign(text, fits);
        return text.substring(0, Math.max(0, end)) + "…";
    }

    private static int endOfSign(String text, int most) {
        int end = 0;
        Matcher boundary = SIGN_BOUNDARY.matcher(text);
        while (boundary.find() && boundary.start() <= most) {
            end = boundary.start();
        }
        return end;
    }

    /** Cuts or pads a text to exactly so many columns. */
    public static String fitted(String text, int columns) {
        String cut = cut(text, columns);
        return cut + " ".repeat(Math.max(0, columns - of(cut)));
    }
}
