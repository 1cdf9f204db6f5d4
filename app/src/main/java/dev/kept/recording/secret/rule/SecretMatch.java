package dev.kept.recording.secret.rule;

import java.util.Objects;

/**
 * A secret in a text.
 *
 * @param start the index of its first character
 * @param end the index after its last
 * @param secret the text that its marker is computed from: the characters between, for a private key without line ends
 *     and line numbers, so that the same key has the same marker however it was printed
 */
public record SecretMatch(SecretKind kind, int start, int end, String secret) {
    public SecretMatch {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(secret, "secret");
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("no text from " + start + " to " + end);
        }
    }

    static SecretMatch of(SecretKind kind, CharSequence text, int start, int end) {
        return new SecretMatch(kind, start, end, text.subSequence(start, end).toString());
    }
}
