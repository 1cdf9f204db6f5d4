package dev.kept.recording.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.recording.secret.SecretSet.Planted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Judges the scanner with a set that shares nothing with it; docs/secrets.md has the figures. */
class SecretSetTest {
    private static final long SEED = 20_261_130;
    private static final int ROUNDS = 20;

    private final SecretRedactor redactor = SecretRedactor.of(MarkerKeys.ZERO, new SecretCounts());

    /** For {@code benchmarks/secrets}. */
    @Test
    void theSetIsLeftBesideTheProgram() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            SecretSet set = new SecretSet(SEED + round);
            set.planted().forEach(planted -> lines.add(line("planted", planted.name(), planted.text())));
            set.lookAlikes().forEach(text -> lines.add(line("alike", "", text)));
        }
        Path file = Files.writeString(
                Files.createDirectories(Path.of("target")).resolve("secret-set.tsv"), String.join("\n", lines) + "\n");

        assertThat(file).isNotEmptyFile();
    }

    private static String line(String sort, String name, String text) {
        return sort + "\t" + name + "\t" + text.replace("\n", "\\x0a");
    }

    @Test
    void nearlyEveryPlantedSecretIsReplaced() {
        List<String> missed = new ArrayList<>();
        int all = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (Planted planted : new SecretSet(SEED + round).planted()) {
                all++;
                String redacted = redactor.redact("first line\n" + planted.text() + "\nlast line");
                if (redacted.contains(planted.core())) {
                    missed.add(planted.name() + ": " + planted.text());
                }
            }
        }
        System.out.printf("%d of %d planted secrets are replaced%n", all - missed.size(), all);
        assertThat(missed).as(missed.toString()).hasSizeLessThan(all / 50);
        assertThat(all).isGreaterThan(6_000);
    }

    @Test
    void nearlyNothingThatOnlyLooksLikeASecretIsReplaced() {
        List<String> wrong = new ArrayList<>();
        int all = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (String text : new SecretSet(SEED + round).lookAlikes()) {
                all++;
                String redacted = redactor.redact("first line\n" + text + "\nlast line");
                if (!redacted.equals("first line\n" + text + "\nlast line")) {
                    wrong.add(text + " -> " + redacted);
                }
            }
        }
        System.out.printf("%d of %d look-alikes are replaced%n", wrong.size(), all);
        assertThat(wrong).as(wrong.toString()).hasSizeLessThan(all / 100);
        assertThat(all).isGreaterThan(200 * ROUNDS);
    }
}
