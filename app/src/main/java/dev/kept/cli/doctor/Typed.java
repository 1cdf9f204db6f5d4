package dev.kept.cli.doctor;

import java.util.regex.Pattern;

/** Words of commands that are printed to be typed or pasted. */
final class Typed {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

    private Typed() {}

    /** A word as a shell takes it for itself. */
    static String word(Object word) {
        String text = word.toString();
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
