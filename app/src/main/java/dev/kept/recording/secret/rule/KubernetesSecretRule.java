package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.Assignment;
import dev.kept.recording.secret.text.PlainValue;
import dev.kept.recording.secret.text.Randomness;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule for the values of a Kubernetes Secret, whatever their names: the lines below {@code data:} and
 * {@code stringData:}.
 */
record KubernetesSecretRule() implements SecretRule {
    private static final Alphabet NAME = Alphabet.of("0-9A-Za-z_. \"'-");
    private static final Alphabet ENCODED = Alphabet.of("0-9A-Za-z+/=");
    private static final int SHORTEST = 8;

    @Override
    public List<String> anchors() {
        return List.of("data:\n", "stringData:\n");
    }

    @Override
    public boolean isGeneral() {
        return true;
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        if (!isSecret(text.subSequence(Math.max(0, from - CONTEXT / 2), from))
                && !isSecret(text.subSequence(to, Math.min(text.length(), to + CONTEXT)))) {
            return List.of();
        }
        boolean plain = text.charAt(from) == 's' || (from > 5 && text.charAt(from - 1) == 'g');
        List<SecretMatch> found = new ArrayList<>();
        int at = to;
        while (at < Math.min(text.length(), from + CONTEXT) && text.charAt(at) == ' ') {
            int colon = NAME.run(text, at, 128);
            if (colon + 2 >= text.length() || text.charAt(colon) != ':' || text.charAt(colon + 1) != ' ') {
                break;
            }
            int start = colon + 2;
            start += "\"'".indexOf(text.charAt(start)) >= 0 ? 1 : 0;
            int end = start;
            int most = Math.min(text.length(), start + Assignment.LONGEST);
            while (end < most && (plain ? "\"'\n\r".indexOf(text.charAt(end)) < 0 : ENCODED.has(text.charAt(end)))) {
                end++;
            }
            String said = text.subSequence(start, end).toString();
            boolean value =
                    said.length() >= SHORTEST && !PlainValue.isReference(said) && !PlainValue.isPlaceholder(said);
            if (value && (plain || Randomness.isRandom(said, 0, said.length()) || said.endsWith("="))) {
                found.add(new SecretMatch(SecretKind.KUBERNETES, start, end, said));
            }
            while (end < text.length() && text.charAt(end) != '\n' && end < start + Assignment.LONGEST) {
                end++;
            }
            at = end + 1;
        }
        return found;
    }

    private static boolean isSecret(CharSequence around) {
        String text = around.toString();
        int kind = Math.max(text.indexOf("kind: Secret\n"), text.indexOf("kind: Secret\r"));
        return kind >= 0 || text.endsWith("kind: Secret") || text.contains("kind: \"Secret\"");
    }
}
