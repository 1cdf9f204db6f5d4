package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Lengths;
import java.util.List;

/**
 * The form of secrets that stand beside the name of their maker.
 *
 * @param words parts of names, in small letters
 * @param check what else must be so of the secret
 */
record NamedForm(SecretKind kind, List<String> words, Alphabet body, Lengths lengths, TokenRule.Check check) {
    NamedForm {
        words = List.copyOf(words);
    }

    boolean matches(CharSequence text, int from, int to) {
        return lengths.allow(to - from) && body.run(text, from, to - from) >= to && check.holds(text, from, to);
    }
}
