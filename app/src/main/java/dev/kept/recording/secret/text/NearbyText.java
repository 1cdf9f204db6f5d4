package dev.kept.recording.secret.text;

import java.util.List;
import java.util.Locale;

/** Tests on the text before a name that show how its value is set. Inspect a bounded part of it. */
public final class NearbyText {
    private static final int BEFORE = 96;
    private static final List<String> SETTERS =
            List.of(" set ", "config", "setx ", "setenv ", "env ", "arg ", "set -x", "set -gx", "put ", "secret");

    private NearbyText() {}

    /** Reports whether the name is one of an option: {@code --token}, {@code -password}. */
    static boolean isOption(CharSequence text, int nameStart) {
        return nameStart > 0
                && text.charAt(nameStart - 1) == '-'
                && (nameStart == 1 || " \t\n\"'`-[,".indexOf(text.charAt(nameStart - 2)) >= 0);
    }

    /** Reports whether the line has words before the name that set something: {@code aws configure set NAME VALUE}. */
    static boolean isSetByWords(CharSequence text, int nameStart) {
        if (isLogin(text, nameStart)) {
            return true;
        }
        String line = before(text, nameStart, true);
        return SETTERS.stream().anyMatch(line::contains);
    }

    /** Reports whether a login precedes the name, as in {@code .netrc}. */
    static boolean isLogin(CharSequence text, int nameStart) {
        String before = before(text, nameStart, false);
        return before.contains("login ") && (before.contains("machine ") || before.contains("default"));
    }

    private static String before(CharSequence text, int to, boolean line) {
        int start = to;
        int least = Math.max(0, to - BEFORE);
        while (start > least && (!line || text.charAt(start - 1) != '\n')) {
            start--;
        }
        return (" " + text.subSequence(start, to)).toLowerCase(Locale.ROOT);
    }

    /** Reports whether the name is in the marker of a secret. */
    public static boolean isInMarker(CharSequence text, int nameStart) {
        int start = nameStart;
        int least = Math.max(0, nameStart - 48);
        while (start > least && (Alphabet.BASE64_URL.has(text.charAt(start - 1)) || text.charAt(start - 1) == ':')) {
            start--;
        }
        return start > 0
                && text.charAt(start - 1) == '['
                && text.length() >= start + 7
                && "secret:".contentEquals(text.subSequence(start, start + 7));
    }
}
