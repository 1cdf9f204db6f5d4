package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Lengths;
import java.util.List;

/**
 * A rule for a token with a characteristic word in its middle: {@code 123456:AA…}.
 *
 * @param anchors the words
 * @param before the characters before the word
 * @param behind the characters after it
 * @param check a further condition for the whole
 */
record InfixRule(
        SecretKind kind,
        List<String> anchors,
        Alphabet before,
        Lengths lengthsBefore,
        Alphabet behind,
        Lengths lengthsBehind,
        TokenRule.Check check)
        implements SecretRule {
    InfixRule {
        anchors = List.copyOf(anchors);
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        int start = before.runBack(text, from, lengthsBefore.most());
        if (from - start == lengthsBefore.most() + 1 && !SecretRule.beginsWord(text, start + 1)) {
            return List.of();
        }
        start = Math.max(start, from - lengthsBefore.most());
        if (!lengthsBefore.allow(from - start) || !SecretRule.beginsWord(text, start)) {
            return List.of();
        }
        int end = behind.run(text, to, lengthsBehind.most());
        while (end > to && text.charAt(end - 1) == '.') {
            end--;
        }
        return lengthsBehind.allow(end - to) && check.holds(text, start, end)
                ? List.of(SecretMatch.of(kind, text, start, end))
                : List.of();
    }
}
