package dev.kept.recording.secret.rule;

import dev.kept.recording.secret.text.Alphabet;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** A rule for a private key or a token that was encoded once more in base64, as in a configuration of kubectl. */
record EncodedRule() implements SecretRule {
    private static final Alphabet BODY = Alphabet.of("0-9A-Za-z+/=_-");
    private static final int SHORTEST = 60;
    private static final int HEAD = 48;

    @Override
    public List<String> anchors() {
        return List.of("LS0tLS1CRUdJTi", "ZXlK", "UHVUVFktVXNlci1LZXktRmls");
    }

    @Override
    public List<SecretMatch> at(CharSequence text, int from, int to, boolean cut) {
        if (!SecretRule.beginsWord(text, from) || (from > 0 && "+/_-".indexOf(text.charAt(from - 1)) >= 0)) {
            return List.of();
        }
        int end = Math.min(BODY.run(text, to, LONGEST - 64), to + LONGEST - 64);
        if (end - from < SHORTEST) {
            return List.of();
        }
        String head = decoded(text.subSequence(from, from + HEAD).toString());
        boolean key = (head.startsWith("-----BEGIN ") && head.contains("PRIVATE KEY")) || head.startsWith("PuTTY");
        if (key) {
            return List.of(SecretMatch.of(SecretKind.PRIVATE_KEY, text, from, end));
        }
        boolean token = head.startsWith("eyJ")
                && decoded(text.subSequence(from, end).toString()).contains(".eyJ");
        return token ? List.of(SecretMatch.of(SecretKind.JWT, text, from, end)) : List.of();
    }

    private static String decoded(String base64) {
        try {
            String standard = base64.replace('-', '+').replace('_', '/').replace("=", "");
            String whole = standard.substring(0, standard.length() / 4 * 4);
            return new String(Base64.getDecoder().decode(whole), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }
}
