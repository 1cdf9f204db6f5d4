package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Lengths;
import java.util.List;

/**
 * The form of secrets next to the name of their issuer.
 *
 * @param words parts of names, in lower case
 * @param check a further condition for the secret
 */
record NamedForm(SecretKind kind, List<String> words, Alphabet body, Lengths lengths, TokenRule.Check check) {
    NamedForm {
        words = List.copyOf(words);
    }

    boolean matches(CharSequence text, int from, int to) {
        return lengths.allow(to - from) && body.run(text, from, to - from) >= to && check.holds(text, from, to);
    }
}
