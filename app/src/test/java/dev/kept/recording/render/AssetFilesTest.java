package dev.kept.recording.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonValue.JsonString;
import dev.kept.recording.secret.MarkerKeys;
import dev.kept.recording.secret.SecretCounts;
import dev.kept.recording.secret.SecretRedactor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Long texts that stand beside a note: what is on tape, readable, without secrets, in bounded memory. */
class AssetFilesTest {
    private static final SecretRedactor REDACTOR = SecretRedactor.of(MarkerKeys.ZERO, new SecretCounts());
    private static final String SECRET = "redis://:Tr4ubenzucker-9@cache/0";

    private static String written(String jsonBetweenQuotes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AssetText.write(new ByteArrayInputStream(jsonBetweenQuotes.getBytes(StandardCharsets.UTF_8)), REDACTOR, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String onTape(String text) {
        String json = new JsonString(text).toJson();
        return json.substring(1, json.length() - 1);
    }

    @Test
    void theTextIsWhatWasSaid() throws IOException {
        String text = "a\n\t\"b\" \\n c:\\dir \u00e9 \uD83D\uDE00 שלום\n";

        assertThat(written(onTape(text))).isEqualTo(text);
        assertThat(written("\\u00e9 \\ud83d\\ude00 \\/ \\b")).isEqualTo("é 😀 / ␈");
    }

    @Test
    void nothingInItReachesATerminal() throws IOException {
        assertThat(written(onTape("\u001b[31m\u0000 \u202E a\r\nb\rc \uD83D x \uDB40\uDC41")))
                .isEqualTo("␀ [U+202E] a\nb\nc \uFFFD x [U+E0041]");
    }

    @Test
    void sequencesForATerminalGoWhereverThePiecesEnd() throws IOException {
        String link = "\u001b]8;;https://example.org/" + "a".repeat(900) + "\u001b\\here\u001b]8;;\u0007";
        Random random = new Random(20_261_101);
        for (int round = 0; round < 200; round++) {
            int before = 16_384 - random.nextInt(1_100);
            String colour = SECRET.substring(0, 9) + "\u001b[1;32m" + SECRET.substring(9) + "\u001b[0m";

            assertThat(written(onTape("x".repeat(before) + link + "\u001b[32m " + colour)))
                    .isEqualTo("x".repeat(before) + "here " + REDACTOR.redact(SECRET));
        }
        assertThat(written(onTape("\u001b]0;" + "y".repeat(9_000)))).isEqualTo("␛]0;" + "y".repeat(9_000));
        assertThat(written(onTape("end \u001b[3"))).isEqualTo("end ␛[3");
    }

    @Test
    void itHasNoSecretWhereverThePiecesEnd() throws IOException {
        String marker = REDACTOR.redact(SECRET);
        Random random = new Random(20_260_501);
        for (int round = 0; round < 40; round++) {
            int before = 15_000 + random.nextInt(3_000);
            int between = random.nextInt(90_000);
            String text = "x ".repeat(before) + SECRET + "\r\n😀".repeat(between) + SECRET;

            String written = written(onTape(text));

            assertThat(written.equals("x ".repeat(before) + marker + "\n😀".repeat(between) + marker))
                    .isTrue();
        }
    }

    @Test
    void aTextOfAnyLengthIsHandedOnInPieces() throws IOException {
        byte[] line = onTape("a line of output that is nobody's secret 😀\n").getBytes(StandardCharsets.UTF_8);

        assertThat(largestPiece(line, 60_000))
                .as("bytes of %,d", 60_000L * line.length)
                .isBetween(1L, 400_000L);
    }

    private static long largestPiece(byte[] line, int lines) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < lines; i++) {
            all.write(line);
        }
        ByteArrayInputStream tape = new ByteArrayInputStream(all.toByteArray());
        long[] most = {0};
        AssetText.write(tape, REDACTOR, new OutputStream() {
            @Override
            public void write(int b) {}

            @Override
            public void write(byte[] bytes, int from, int length) {
                most[0] = Math.max(most[0], length);
            }
        });
        return most[0];
    }
}
