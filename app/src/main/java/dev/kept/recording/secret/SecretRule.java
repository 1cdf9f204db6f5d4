package dev.kept.recording.secret;

import java.util.List;

/**
 * How one kind of secret is recognized: by fixed words, its anchors, and by what stands around them.
 *
 * <p>A rule looks at a bounded stretch of text around an anchor and never goes back in it, so that the time for a text is
 * linear in its length.
 */
interface SecretRule {
    /** The longest secret there is, in characters; of a longer one only the beginning is found. */
    int LONGEST = 16 * 1024;

    /** How far before an anchor a rule looks, or a secret begins behind the start of its anchor. */
    int CONTEXT = 192;

    /** The words that it looks at; matched exactly. */
    List<String> anchors();

    /**
     * The secrets at an anchor, in their order; mostly none.
     *
     * @param from where the anchor begins
     * @param to where it ends
     * @param cut whether the text is the beginning of a longer one: then what reaches its end may be part of a secret
     */
    List<SecretMatch> at(CharSequence text, int from, int to, boolean cut);

    /**
     * True if no word goes on at that index: the character before it is no letter or digit, or is the letter of an escape
     * such as {@code \n} in JSON.
     */
    static boolean beginsWord(CharSequence text, int at) {
        if (at == 0 || !Alphabet.ALNUM.has(text.charAt(at - 1))) {
            return true;
        }
        int backslashes = 0;
        if ("nrtbf".indexOf(text.charAt(at - 1)) >= 0) {
            for (int i = at - 2; i >= 0 && i >= at - CONTEXT && text.charAt(i) == '\\'; i--) {
                backslashes++;
            }
        }
        return backslashes % 2 == 1;
    }

    /** True if the text was cut there: it ends, or the string in it does. */
    static boolean isCut(CharSequence text, int at) {
        return at == text.length() || text.charAt(at) == '"';
    }
}
