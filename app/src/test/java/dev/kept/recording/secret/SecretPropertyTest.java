package dev.kept.recording.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.recording.secret.SecretSet.Planted;
import dev.kept.recording.secret.rule.SecretMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Properties of any text: drawn from planted secrets, texts that look like them, and signs between. */
class SecretPropertyTest {
    private static final List<String> SIGNS = List.of(
            " ",
            "\n",
            "\"",
            "'",
            "`",
            "\\",
            "\\n",
            "\\\"",
            "=",
            ":",
            ": ",
            "|",
            "<",
            ">",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            ",",
            ";",
            "&",
            "@",
            "://",
            "-",
            "--",
            ".",
            "$",
            "${",
            "%",
            "\u001b[31m",
            "password",
            "token=",
            "secret: ",
            "key",
            "Bearer ",
            "Basic ",
            "Cookie: ",
            "curl -u ",
            "mysql -p",
            "login ",
            "machine ",
            "pass:",
            "kind: Secret\n",
            "data:\n  a: ",
            "-----BEGIN PRIVATE KEY-----",
            "LS0tLS1CRUdJTi",
            "eyJ",
            "\"d\":",
            "Private-Lines: ",
            "[secret:",
            "identified by ",
            "chpasswd",
            "é",
            "😀",
            "\ud800",
            "\0");

    private final SecretRedactor redactor = SecretRedactor.of(MarkerKeys.ZERO, new SecretCounts());

    private static List<String> pieces(long seed) {
        List<String> pieces = new ArrayList<>(SIGNS);
        SecretSet set = new SecretSet(seed);
        set.planted().stream().map(Planted::text).forEach(pieces::add);
        pieces.addAll(set.lookAlikes());
        return pieces;
    }

    /** Whole pieces and parts of them, in any order. */
    private static String text(List<String> pieces, Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            String piece = random.nextInt(3) == 0
                    ? SIGNS.get(random.nextInt(SIGNS.size()))
                    : pieces.get(random.nextInt(pieces.size()));
            int from = random.nextInt(4) == 0 ? random.nextInt(piece.length()) : 0;
            int to = random.nextInt(4) == 0 ? from + random.nextInt(piece.length() - from + 1) : piece.length();
            text.append(piece, from, to);
        }
        return text.toString();
    }

    @Test
    void matchesOfAnyTextAreInOrderAndDoNotOverlap() {
        List<String> pieces = pieces(1);
        Random random = new Random(20_261_101);
        for (int round = 0; round < 20_000; round++) {
            String text = text(pieces, random);
            for (boolean cut : new boolean[] {false, true}) {
                int behind = 0;
                for (SecretMatch match : SecretScanner.find(text, 0, cut)) {
                    assertThat(match.start()).as(text).isGreaterThanOrEqualTo(behind);
                    assertThat(match.end()).as(text).isLessThanOrEqualTo(text.length());
                    behind = match.end();
                }
            }
        }
    }

    @Test
    void noMarkerIsTakenForASecret() {
        List<String> pieces = pieces(2);
        Random random = new Random(20_261_102);
        for (int round = 0; round < 20_000; round++) {
            String once = redactor.redact(text(pieces, random));
            String markers = once.replaceAll("(?s).*?(\\[secret:[a-z0-9-]+:[0-9a-f]{8}])|(?s).*", "$1");
            String twice = redactor.redact(once);

            assertThat(twice.replaceAll("(?s).*?(\\[secret:[a-z0-9-]+:[0-9a-f]{8}])|(?s).*", "$1"))
                    .as(once)
                    .contains(markers.isEmpty() ? "" : markers.substring(0, markers.indexOf(']') + 1));
        }
    }

    @Test
    void whatWasRedactedStaysAsItIs() {
        for (long seed = 3; seed < 8; seed++) {
            for (Planted planted : new SecretSet(seed).planted()) {
                String once = redactor.redact("first\n" + planted.text() + "\nlast");
                assertThat(redactor.redact(once)).isEqualTo(once);
            }
        }
    }

    @Test
    void inPiecesAnyTextIsRedactedAsItIsWhole() {
        List<String> pieces = pieces(9);
        Random random = new Random(20_261_103);
        for (int round = 0; round < 12; round++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < 200_000) {
                text.append(text(pieces, random)).append("\nfiller\n".repeat(random.nextInt(400)));
            }
            StringBuilder out = new StringBuilder();
            SecretRedactor.Stream stream = redactor.stream();
            for (int i = 0; i < text.length(); ) {
                int end = Math.min(text.length(), i + 1 + random.nextInt(20_000));
                stream.accept(text.substring(i, end), out);
                i = end;
            }
            stream.end(out);

            assertThat(out.toString().equals(redactor.redact(text.toString()))).isTrue();
        }
    }
}
