package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import dev.kept.recording.secret.text.NearbyText;
import dev.kept.recording.secret.text.PlainValue;
import dev.kept.recording.secret.text.RandomAppearance;
import dev.kept.recording.secret.text.Randomness;
import java.util.List;
import java.util.Locale;

/**
 * A rule for values after {@code Authorization:} and after the names of its schemes: {@code Bearer …}, {@code Basic …}.
 */
record AuthorizationRule() implements SecretRule {
    private static final Alphabet TOKEN = Alphabet.of("0-9A-Za-z._~+/=:|%-");
    private static final Alphabet BETWEEN = Alphabet.of(" \t:=\"'\\]");
    private static final Alphabet SCHEME = Alphabet.of("A-Za-z-");
    private static final int LONGEST = 8 * 1024;
    private static final int SHORTEST = 8;
    private static final List<String> SCHEMES = List.of(
            "bearer",
            "basic",
            "token",
            "apikey",
            "api-key",
            "key",
            "bot",
            "splunk",
            "geniekey",
            "ssws",
            "digest",
            "oauth",
            "pat",
            "jwt",
            "apitoken",
            "api-token");

    @Override
    public List<String> anchors() {
        return List.of("bearer", "basic ", "authorization");
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
        int start = Math.min(BETWEEN.run(text, to, 8), to + 8);
        boolean header = to - from == "authorization".length();
        if (start == to && !header && text.charAt(to - 1) != ' ') {
            return List.of();
        }
        boolean basic = text.charAt(from) == 'B' || text.charAt(from) == 'b';
        basic &= text.charAt(to - 1) == ' ';
        if (header) {
            int scheme = SCHEME.run(text, start, 12);
            String word = text.subSequence(start, scheme).toString().toLowerCase(Locale.ROOT);
            if (SCHEMES.contains(word) && scheme < text.length() && text.charAt(scheme) == ' ') {
                start = scheme + 1;
                basic = word.equals("basic");
            }
        }
        int end = Math.min(TOKEN.run(text, start, LONGEST), start + LONGEST);
        while (end > start && ".:|".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        if (end - start < SHORTEST || NearbyText.isInMarker(text, start)) {
            return List.of();
        }
        String said = text.subSequence(start, end).toString();
        boolean secret = basic
                ? PlainValue.isBase64Login(said)
                : (!PlainValue.isReference(said) && !PlainValue.isPlaceholder(said) && isRandom(said, header));
        boolean rest = cut && end == text.length();
        return secret || rest ? List.of(new SecretMatch(SecretKind.AUTHORIZATION, start, end, said)) : List.of();
    }

    private static boolean isRandom(String said, boolean header) {
        boolean hex = Alphabet.ANY_HEX.run(said, 0, said.length()) == said.length();
        if (hex || said.length() < 16) {
            return Randomness.isRandom(said, 0, said.length())
                    && Randomness.isLikely(said, 0, said.length())
                    && (said.length() >= 16 || (header && RandomAppearance.has(said)));
        }
        return RandomAppearance.has(said);
    }
}
