package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import java.util.List;

/**
 * A rule for a token that begins with a characteristic word: {@code ghp_…}.
 *
 * @param anchors the words
 * @param body the characters of the rest; the token ends after them
 * @param least the smallest number of them
 * @param most the greatest number of them
 * @param check a further condition for the rest
 */
record TokenRule(SecretKind kind, List<String> anchors, Alphabet body, int least, int most, Check check)
        implements SecretRule {
    private static final int LEAST_OF_CUT = 6;

    /** A condition for the characters after the anchor. */
    interface Check {
        boolean holds(CharSequence text, int from, int to);
    }

    TokenRule {
        anchors = List.copyOf(anchors);
        if (least < 1 || most < least || most > LONGEST) {
            throw new IllegalArgumentException(kind + ": from " + least + " to " + most);
        }
    }

    /** Returns a rule for tokens of a fixed length. */
    static TokenRule exactly(SecretKind kind, int length, Alphabet body, Check check, String... anchors) {
        return new TokenRule(kind, List.of(anchors), body, length, length, check);
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        if (!SecretRule.beginsWord(text, from)) {
            return List.of();
        }
        int end = body.run(text, to, most);
        while (end > to && text.charAt(end - 1) == '.') {
            // The end of a sentence.
            end--;
        }
        int length = end - to;
        boolean whole = length >= least && length <= most && check.holds(text, to, end);
        boolean part = cut && length >= LEAST_OF_CUT && length < most && SecretRule.isCut(text, end);
        return whole || part ? List.of(SecretMatch.of(kind, text, from, end)) : List.of();
    }
}
