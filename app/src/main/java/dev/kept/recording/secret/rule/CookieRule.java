package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.PlainValue;
import dev.kept.recording.secret.text.RandomAppearance;
import dev.kept.recording.secret.text.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A rule for cookie values that look random, in headers and after the option of a client. */
record CookieRule() implements SecretRule {
    private static final Alphabet NAME = Alphabet.of("0-9A-Za-z_.$-");
    private static final Alphabet VALUE = Alphabet.of("0-9A-Za-z_.~+/=%:|*!-");
    private static final Alphabet BETWEEN = Alphabet.of(" \t:=\"'\\;");
    private static final int LONGEST = 4096;
    private static final int MOST = 24;
    private static final int SHORTEST = 16;
    private static final int SHORTEST_NAMED = 8;

    @Override
    public List<String> anchors() {
        return List.of(
                "cookie:",
                "cookie\":",
                "cookie\\\":",
                "cookie':",
                "cookie'",
                "--cookie ",
                "curl -b ",
                "cookie=",
                "cookie =");
    }

    @Override
    public boolean anyCase() {
        return true;
    }

    @Override
    public boolean isGeneral() {
        return true;
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        List<SecretMatch> found = List.of();
        int at = to;
        for (int pair = 0; pair < MOST && at < from + CONTEXT / 2; pair++) {
            at = Math.min(BETWEEN.run(text, at, 8), at + 8);
            int name = NAME.run(text, at, 64);
            if (name == at || name >= text.length()) {
                return found;
            }
            boolean named = text.charAt(name) == '=';
            int start = named ? name + 1 : at;
            int end = Math.min(VALUE.run(text, start, LONGEST), start + LONGEST);
            String said = text.subSequence(start, end).toString();
            if ((named || pair == 0) && isSecret(text.subSequence(at, name).toString(), said)) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(new SecretMatch(SecretKind.COOKIE, start, end, said));
            }
            if (end >= text.length() || text.charAt(end) != ';') {
                return found;
            }
            at = end;
        }
        return found;
    }

    private static boolean isSecret(String name, String said) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean isSession = lower.contains("sess")
                || lower.contains("sid")
                || lower.contains("token")
                || lower.contains("auth")
                || lower.contains("jwt")
                || lower.contains("remember");
        if (said.length() < (isSession ? SHORTEST_NAMED : SHORTEST)
                || PlainValue.isReference(said)
                || PlainValue.isPlaceholder(said)) {
            return false;
        }
        boolean hex = Alphabet.ANY_HEX.run(said, 0, said.length()) == said.length();
        return (hex && said.length() >= SHORTEST)
                || (isSession && Randomness.isRandom(said, 0, said.length()) && said.length() >= SHORTEST)
                || RandomAppearance.has(said);
    }
}
