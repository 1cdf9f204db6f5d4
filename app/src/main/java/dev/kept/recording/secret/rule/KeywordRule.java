package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import java.util.List;

/**
 * A rule for a secret without a form of its own, recognized by the name before it: {@code AWS_SECRET_ACCESS_KEY=…}.
 *
 * @param anchors the names
 * @param length the number of its characters
 */
record KeywordRule(SecretKind kind, List<String> anchors, Alphabet body, int length, TokenRule.Check check)
        implements SecretRule {
    private static final Alphabet BETWEEN = Alphabet.of(" \t\n\r=:>,|\"'`\\[]()");
    private static final int MOST_BETWEEN = 24;
    private static final int LEAST_OF_CUT = 6;

    KeywordRule {
        anchors = List.copyOf(anchors);
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        return after(text, to, cut);
    }

    /** Returns the secret that follows an index, after a few separators at most. */
    List<SecretMatch> after(CharSequence text, int to, boolean cut) {
        int start = BETWEEN.run(text, to, MOST_BETWEEN);
        if (start == to || start - to > MOST_BETWEEN) {
            return List.of();
        }
        if (text.length() - start > 5 && "None]".contentEquals(text.subSequence(start, start + 5))) {
            // aws configure shows the current value: "AWS Secret Access Key [None]: …".
            start = BETWEEN.run(text, start + 5, MOST_BETWEEN);
        } else if (start < text.length() && text.charAt(start) == 'n' && text.charAt(start - 1) == '\\') {
            start++;
        }
        int end = body.run(text, start, length);
        boolean whole = end - start == length && check.holds(text, start, end);
        boolean part = cut && end - start >= LEAST_OF_CUT && end - start < length && SecretRule.isCut(text, end);
        return whole || part ? List.of(SecretMatch.of(kind, text, start, end)) : List.of();
    }
}
