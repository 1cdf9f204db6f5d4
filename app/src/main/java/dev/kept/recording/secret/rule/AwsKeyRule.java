package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Randomness;
import java.util.ArrayList;
import java.util.List;

/** A rule for an AWS access key id and the secret right after it, as in the table that AWS offers for download. */
record AwsKeyRule() implements SecretRule {
    private static final TokenRule ID = TokenRule.exactly(
            SecretKind.AWS_KEY_ID, 16, Alphabet.BASE32, Randomness::isLikely, "AKIA", "ASIA", "ABIA", "ACCA", "A3TX");
    private static final KeywordRule SECRET =
            new KeywordRule(SecretKind.AWS_SECRET, List.of(), Alphabet.BASE64, 40, AwsKeyRule::isSecret);

    /** Reports whether a text is 40 characters that cannot be a path, hash or word. */
    static boolean isSecret(CharSequence text, int from, int to) {
        return Randomness.isMixed(text, from, to)
                && Randomness.isLikely(text, from, to)
                && (to == text.length() || "=_-".indexOf(text.charAt(to)) < 0);
    }

    @Override
    public List<String> anchors() {
        return ID.anchors();
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        List<SecretMatch> id = ID.at(text, from, to, cut);
        if (id.isEmpty()) {
            return id;
        }
        List<SecretMatch> both = new ArrayList<>(id);
        both.addAll(SECRET.after(text, id.getFirst().end(), cut));
        return both;
    }
}
