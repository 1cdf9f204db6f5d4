package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import java.util.List;

/**
 * A rule that recognizes one kind of secret: by fixed words, its anchors, and by the text around them.
 *
 * <p>A rule inspects a bounded part of the text around an anchor and never goes back in it, so that the time for a text
 * is linear in its length.
 */
public interface SecretRule {
    /** Greatest length of a secret, in characters; of a longer one only the beginning is found. */
    int LONGEST = 16 * 1024;

    /** Greatest distance before an anchor that a rule inspects, or from the start of its anchor to a secret. */
    int CONTEXT = 1024;

    /** Returns the anchors. */
    List<String> anchors();

    /** Reports whether the anchors are matched in any mix of upper and lower case. */
    default boolean anyCase() {
        return false;
    }

    /** Reports whether its secrets have no form of their own: one that overlaps a secret that has is left out. */
    default boolean isGeneral() {
        return false;
    }

    /**
     * Returns the secrets at an anchor, in order; mostly none.
     *
     * @param from the start of the anchor
     * @param to the end of the anchor
     * @param cut whether the text is the beginning of a longer one; then what reaches its end may be part of a secret
     */
    List<SecretMatch> at(CharSequence text, int from, int to, boolean cut);

    /**
     * Reports whether a word may begin at that index: the character before it is no letter or digit, or ends an escape
     * such as {@code \n} in JSON, {@code %3D} in an address, or a colour of a terminal.
     */
    static boolean beginsWord(CharSequence text, int at) {
        if (at == 0 || !Alphabet.ALNUM.has(text.charAt(at - 1))) {
            return true;
        }
        return isEscape(text, at) || endsColour(text, at);
    }

    /**
     * Reports whether the text before that index is {@code \n} or similar, {@code %3D} or {@code \x3d}, or the same
     * with four digits.
     */
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

    /** Reports whether the text before that index is the end of {@code ESC[31m} or similar. */
    private static boolean endsColour(CharSequence text, int at) {
        int i = at - 2;
        while (i >= 0 && i > at - 20 && (Alphabet.DIGITS.has(text.charAt(i)) || text.charAt(i) == ';')) {
            i--;
        }
        return "mK".indexOf(text.charAt(at - 1)) >= 0 && i >= 0 && text.charAt(i) == '[';
    }

    /** Reports whether the text was cut there: it ends, or the string in it does. */
    static boolean isCut(CharSequence text, int at) {
        return at == text.length() || text.charAt(at) == '"';
    }
}
