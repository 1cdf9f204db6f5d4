package dev.kept.recording.secret;

import java.util.List;

/** A client secret of Microsoft Entra: forty characters with a digit and {@code Q~} at their fourth place. */
record AzureClientSecretRule() implements SecretRule {
    private static final Alphabet BODY = Alphabet.of("0-9A-Za-z_~.-");
    private static final int BEFORE = 4;
    private static final int LEAST = 31;
    private static final int MOST = 34;

    @Override
    public List<String> anchors() {
        return List.of("Q~");
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        int start = from - BEFORE;
        if (start < 0
                || !Alphabet.DIGITS.has(text.charAt(from - 1))
                || BODY.run(text, start, BEFORE) < from
                || !SecretRule.beginsWord(text, start)) {
            return List.of();
        }
        int end = BODY.run(text, to, MOST);
        while (end > to && text.charAt(end - 1) == '.') {
            end--;
        }
        return end - to >= LEAST && end - to <= MOST && Randomness.isMixed(text, start, end)
                ? List.of(SecretMatch.of(SecretKind.AZURE, text, start, end))
                : List.of();
    }
}
