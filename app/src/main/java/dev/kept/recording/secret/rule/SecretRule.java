package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import java.util.List;

/**
 * How one kind of secret is recognized: by fixed words, its anchors, and by what stands around them.
 *
 * <p>A rule looks at a bounded stretch of text around an anchor and never goes back in it, so that the time for a text is
 * linear in its length.
 */
public interface SecretRule {
    /** The longest secret there is, in characters; of a longer one only the beginning is found. */
    int LONGEST = 16 * 1024;

    /** How far before an anchor a rule looks, or a secret begins behind the start of its anchor. */
    int CONTEXT = 1024;

    /** The words that it looks at. */
    List<String> anchors();

    /** True if its words are met however upper and lower case are mixed. */
    default boolean anyCase() {
        return false;
    }

    /** True if its secrets have no form of their own: where one overlaps a secret that has, it is left out. */
    default boolean isGeneral() {
        return false;
    }

    /**
     * The secrets at an anchor, in their order; mostly none.
     *
     * @param from where the anchor begins
     * @param to where it ends
     * @param cut whether the text is the beginning of a longer one: then what reaches its end may be part of a secret
     */
    List<SecretMatch> at(CharSequence text, int from, int to, boolean cut);

    /**
     * True if no word goes on at that index: the character before it is no letter or digit, or ends an escape such as
     * {@code \n} in JSON, {@code %3D} in an address, or a colour of a terminal.
     */
    static boolean beginsWord(CharSequence text, int at) {
        if (at == 0 || !Alphabet.ALNUM.has(text.charAt(at - 1))) {
            return true;
        }
        return isEscape(text, at) || endsColour(text, at);
    }

    /** True if what stands before that index is {@code \n} or its like, {@code %3D} or {@code \x3d}, or the same with four digits. */
    private static boolean isEscape(CharSequence text, int at) {
        int backslashes = 0;
        if ("nrtbf".indexOf(text.charAt(at - 1)) >= 0) {
            for (int i = at - 2; i >= 0 && i >= at - 64 && text.charAt(i) == '\\'; i--) {
                backslashes++;
            }
        }
        boolean hex = at > 2 && Alphabet.ANY_HEX.has(text.charAt(at - 1)) && Alphabet.ANY_HEX.has(text.charAt(at - 2));
        return backslashes % 2 == 1
                || (hex && text.charAt(at - 3) == '%')
                || (hex && at > 3 && text.charAt(at - 3) == 'x' && text.charAt(at - 4) == '\\')
                || (hex && at > 5 && text.charAt(at - 5) == 'u' && text.charAt(at - 6) == '\\');
    }

    /** True if what stands before that index is the end of {@code ESC[31m} or its like. */
    private static boolean endsColour(CharSequence text, int at) {
        int i = at - 2;
        while (i >= 0 && i > at - 20 && (Alphabet.DIGITS.has(text.charAt(i)) || text.charAt(i) == ';')) {
            i--;
        }
        return "mK".indexOf(text.charAt(at - 1)) >= 0 && i >= 0 && text.charAt(i) == '[';
    }

    /** True if the text was cut there: it ends, or the string in it does. */
    static boolean isCut(CharSequence text, int at) {
        return at == text.length() || text.charAt(at) == '"';
    }
}
