package dev.kept.recording.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.recording.secret.Tokens.Sample;
import dev.kept.recording.secret.rule.SecretMatch;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretScannerTest {
    private static List<String> found(String text) {
        return SecretScanner.find(text).stream()
                .map(match -> match.kind().publicName() + " " + text.substring(match.start(), match.end()))
                .toList();
    }

    static Stream<Sample> samples() {
        return Stream.of(1L, 2L, 3L).flatMap(seed -> new Tokens(seed).all().values().stream());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyFormIsFoundWholeWhereverItStands(Sample sample) {
        String expected = sample.kind().publicName() + " " + sample.secret();
        for (String[] around : new String[][] {
            {"", ""},
            {"the key is ", "."},
            {"`", "`"},
            {"\"", "\","},
            {"(", ")"},
            {"{\"command\":\"echo ", "\\n\"}"},
            {"line one\\n", "\\n and on"},
            {"KEY=", "\n"},
            {"Authorization: Bearer ", "\r\n"},
            {"שלום 😀 ", " 😀"},
        }) {
            String text = around[0] + sample.text() + around[1];
            assertThat(found(text)).as(text).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void nothingIsFoundInTheMiddleOfAWord(Sample sample) {
        if (sample.before().isEmpty()
                && !Set.of("private-key", "slack").contains(sample.kind().publicName())) {
            assertThat(found("x" + sample.text())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
                "ghp_1234567890abcdefghij1234567890abcdef",
                "npm_000000000000000000000000000000000000",
                "AKIAIOSFODNN7EXAMPLE",
                "AKIAXXXXXXXXXXXXXXXX",
                "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "aws_secret_access_key = your-secret-goes-here-and-is-long-enough",
                "AWS_SECRET_ACCESS_KEY=$(cat secret)",
                "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "AIzaXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
                "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
                "sk-your-key-here-sk-your-key-here-sk-your-key",
                "sk-ant-api03-...",
                "sk-learn task-management risk-averse disk-usage",
                "postgres://postgres:postgres@localhost:5432/db",
                "postgres://user:password@localhost/db",
                "postgres://user:${DB_PASSWORD}@localhost/db",
                "postgres://<user>:<password>@host/db",
                "https://example.org:8080/@scope/package",
                "git@github.com:owner/repo.git https://host/a:b@c",
                "http://user:pw@host",
                "eyJhbGciOiJIUzI1NiJ9 and nothing behind it",
                "eyJub3RoaW5nIjoiaGVyZSJ9.eyJhIjoxfQAAAAAA.aaaaaaaaaaaaaaaaaaaaaaaa",
                "-----BEGIN PRIVATE KEY-----",
                "if (text.contains(\"-----BEGIN RSA PRIVATE KEY-----\")) { refuse(); }",
                "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAx\n-----END PUBLIC KEY-----",
                "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAx\n-----END CERTIFICATE-----",
                "TASK0123456789abcdef0123456789abcdef",
                "SKILL SKU SKIPPED",
                "dapi and dapi-server",
                "hf_hub_download hf_model",
                "cio concurrent cioaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "npm_config_registry=https://registry.npmjs.org npm_lifecycle_event",
                "xoxb-your-token xoxb-not-a-real-token-at-all",
                "[secret:github:1f2e3d4c]",
                "",
            })
    void whatOnlyLooksLikeOneIsLeftAlone(String text) {
        assertThat(found(text)).isEmpty();
    }

    @Test
    void aTokenWhoseChecksumIsWrongIsASecretToo() {
        String token = new Tokens(4).githubToken();
        char last = token.charAt(token.length() - 1);
        String wrong = token.substring(0, token.length() - 1) + (last == 'a' ? 'b' : 'a');

        assertThat(found(token)).containsExactly("github " + token);
        assertThat(found(wrong)).containsExactly("github " + wrong);
    }

    @Test
    void theTableThatAwsGivesHasTwo() {
        Tokens tokens = new Tokens(5);
        String id = "AKIA" + tokens.of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
        String secret = tokens.of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 37) + "aB3";

        assertThat(found("Access key ID,Secret access key\n" + id + "," + secret + "\n"))
                .containsExactly("aws-key-id " + id, "aws-secret " + secret);
    }

    @Test
    void aPrivateKeyIsTheSameHoweverItIsPrinted() {
        String key = new Tokens(6).privateKey("RSA PRIVATE KEY", 600);
        StringBuilder numbered = new StringBuilder();
        int number = 1;
        for (String line : key.lines().toList()) {
            numbered.append(String.format("%6d→%s%n", number++, line));
        }
        String withoutEnd = key.substring(0, key.indexOf("-----END"));

        String secret = SecretScanner.find(key).getFirst().secret();
        for (String printed : List.of(
                key.replace("\n", "\\n"),
                key.replace("\n", "\r\n"),
                key.replace("\n", "\\r\\n"),
                numbered.toString(),
                key.replace("\n", "\n  "),
                key.replace("\n", "\n> "),
                withoutEnd)) {
            List<SecretMatch> found = SecretScanner.find(printed + " and then some");
            assertThat(found).as(printed).hasSize(1);
            assertThat(found.getFirst().secret()).as(printed).startsWith(secret);
            assertThat(found.getFirst().end()).as(printed).isLessThanOrEqualTo(printed.length() + 14);
        }
    }

    @Test
    void halfASecretAtTheEndOfACutTextCounts() {
        for (Sample sample : new Tokens(7).all().values()) {
            if (sample.kind().publicName().equals("url-password")
                    || sample.secret().contains("Q~")) {
                // They are told by what stands behind them, or in their middle.
                continue;
            }
            String half = sample.before()
                    + sample.secret().substring(0, sample.secret().length() * 3 / 4);
            assertThat(SecretScanner.find("x " + half, 0, true)).as(half).hasSize(1);
            assertThat(SecretScanner.find("x " + half + "\"}", 0, true))
                    .as(half)
                    .hasSize(1);
        }
    }

    /** Counts how often a character is looked at. */
    private static final class Counting implements CharSequence {
        private final String text;
        private long reads;

        Counting(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            reads++;
            return text.charAt(index);
        }

        /** The automaton takes each character once. */
        @Override
        public String toString() {
            reads += text.length();
            return text;
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            reads += end - start;
            return text.substring(start, end);
        }
    }

    @Test
    void noTextTakesMoreThanALinearTime() {
        List<String> pieces = List.of(
                "ghp_",
                "sk-",
                "sk-ant-api",
                "sk-proj-",
                "xoxb-",
                "glpat-",
                "eyJ",
                "eyJ.",
                "eyJhbGciOiJIUzI1NiJ9.",
                "AKIA",
                "://a:",
                "://",
                "-----BEGIN RSA PRIVATE KEY-----",
                "-----BEGIN ",
                "-----",
                "AccountKey=",
                "SharedAccessKey",
                "aws_secret_access_key",
                "Q~",
                "8Q~",
                "SK",
                "dapi",
                "hvs.",
                "pypi-AgE",
                "\\",
                "a",
                "A",
                "0",
                "-",
                ".",
                " ",
                "ya29.",
                "\\n",
                "\"",
                "=",
                "ghs_",
                "password=",
                "token: \"",
                "secret",
                "session",
                "Bearer ",
                "authorization:",
                "cookie:",
                "curl -u ",
                "mysql -p",
                "login ",
                "data:\n",
                "kind: Secret\n",
                "LS0tLS1CRUdJTi",
                "\"d\":",
                "chpasswd",
                "identified by ",
                "algolia",
                "'",
                "|",
                "A3-",
                "_");
        long worst = 0;
        Random random = new Random(20_260_401);
        for (int round = 0; round < 400; round++) {
            StringBuilder unit = new StringBuilder();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                unit.append(pieces.get(random.nextInt(pieces.size())));
            }
            String small = unit.toString().repeat(20_000 / unit.length());
            Counting counted = new Counting(small);
            SecretScanner.find(counted);
            worst = Math.max(worst, counted.reads / small.length());
            Counting twice = new Counting(small + small);
            SecretScanner.find(twice);
            assertThat(twice.reads).as(unit.toString()).isLessThan(3 * counted.reads + 100_000);
        }
        assertThat(worst).as("reads of a character").isLessThan(2_500);
        System.out.println("the worst text looks at each character " + worst + " times");
    }
}
