package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** A rule for a signed JSON Web Token: {@code header.payload.signature}, whose header names an algorithm. */
record JwtRule() implements SecretRule {
    private static final int LONGEST_PART = 5 * 1024;
    private static final int SHORTEST_PART = 10;

    @Override
    public List<String> anchors() {
        return List.of("eyJ");
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        // Not within a run of such characters, so that each run is inspected once.
        if (!SecretRule.beginsWord(text, from) || (from > 0 && "-_.".indexOf(text.charAt(from - 1)) >= 0)) {
            return List.of();
        }
        int header = part(text, from);
        if (header < 0
                || header == text.length()
                || text.charAt(header) != '.'
                || !namesAlgorithm(text, from, header)) {
            return List.of();
        }
        int payload = part(text, header + 1);
        if (payload < 0) {
            return List.of();
        }
        if (payload == text.length() || text.charAt(payload) != '.') {
            return cut && SecretRule.isCut(text, payload) ? found(text, from, payload) : List.of();
        }
        int signature = part(text, payload + 1);
        if (signature >= 0) {
            return found(text, from, signature);
        }
        if (startsWith(text, header + 1, "eyJ") && !(cut && payload + 1 == text.length())) {
            // Unsigned: "alg" is "none".
            return found(text, from, Math.min(text.length(), payload + 1));
        }
        return cut && SecretRule.isCut(text, Alphabet.BASE64_URL.run(text, payload + 1, SHORTEST_PART))
                ? found(text, from, payload)
                : List.of();
    }

    private static boolean startsWith(CharSequence text, int at, String what) {
        return at + what.length() <= text.length() && what.contentEquals(text.subSequence(at, at + what.length()));
    }

    private static List<SecretMatch> found(CharSequence text, int from, int to) {
        return List.of(SecretMatch.of(SecretKind.JWT, text, from, to));
    }

    /** Returns the end of the part that begins at an index; -1 if none does. */
    private static int part(CharSequence text, int from) {
        int end = Alphabet.BASE64_URL.run(text, from, LONGEST_PART);
        return end - from < SHORTEST_PART || end - from > LONGEST_PART ? -1 : end;
    }

    private static boolean namesAlgorithm(CharSequence text, int from, int to) {
        try {
            byte[] header =
                    Base64.getUrlDecoder().decode(text.subSequence(from, to).toString());
            String json = new String(header, StandardCharsets.UTF_8);
            return json.contains("\"alg\"");
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
