package dev.kept.recording.secret.text;

import java.util.List;
import java.util.Locale;

/** Tells from what stands before a name how its value is set. Looks back at a bounded stretch. */
public final class NearbyText {
    private static final int BEFORE = 96;
    private static final List<String> SETTERS =
            List.of(" set ", "config", "setx ", "setenv ", "env ", "arg ", "set -x", "set -gx", "put ", "secret");

    private NearbyText() {}

    /** True if the name is one of an option: {@code --token}, {@code -password}. */
    static boolean isOption(CharSequence text, int nameStart) {
        return nameStart > 0
                && text.charAt(nameStart - 1) == '-'
                && (nameStart == 1 || " \t\n\"'`-[,".indexOf(text.charAt(nameStart - 2)) >= 0);
    }

    /** True if the line has words before the name that set something: {@code aws configure set NAME VALUE}. */
    static boolean isSetByWords(CharSequence text, int nameStart) {
        if (isLogin(text, nameStart)) {
            return true;
        }
        String line = before(text, nameStart, true);
        return SETTERS.stream().anyMatch(line::contains);
    }

    /** True if a login stands before it, as in {@code .netrc}. */
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

    /** True if it stands in the marker of a secret. */
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
