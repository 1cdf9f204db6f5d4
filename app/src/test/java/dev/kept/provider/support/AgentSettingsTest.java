package dev.kept.provider.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.gemini.GeminiProvider;
import dev.kept.archive.PurgeOutlook;
import dev.kept.archive.PurgeSurvey;
import dev.kept.config.KeptHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times after which agents delete, as files say that anybody may have written. */
class AgentSettingsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    private Path root;

    private Optional<Duration> claude(String settings) throws IOException {
        Files.writeString(root.resolve("settings.json"), settings);
        return new ClaudeProvider().purgesAfter(root);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "never",
            value = {
                "7 | 168",
                "0 | 0",
                "30.5 | 732",
                "1e2 | 2400",
                "-1 | 720",
                "-9007199254740991 | 720",
                "-1e308 | 720",
                "\"7\" | 720",
                "null | 720",
                "true | 720",
                "[7] | 720",
                "36500 | 876000",
                "36501 | never",
                "99999 | never",
                "2147483648 | never",
                "999999999999 | never",
                "9007199254740991 | never",
                "9223372036854775807 | never",
                "9223372036854775808 | never",
                "123456789012345678901234567890 | never",
                "1e308 | never",
                "1e999999999 | never",
                "1e-999999999 | 0",
            })
    void anyNumberOfDaysIsATimeOrNoEnd(String value, @Nullable Long hours) throws IOException {
        assertThat(claude("{\"cleanupPeriodDays\": " + value + "}"))
                .isEqualTo(Optional.ofNullable(hours).map(Duration::ofHours));
        assertThat(outlooks()).hasSize(hours == null ? 0 : 1);
    }

    @Test
    void aFileThatHoldsNoSettingsLeavesTheUsualTime() throws IOException {
        Optional<Duration> usual = Optional.of(Duration.ofDays(30));
        for (String text :
                List.of("", "no JSON", "[7]", "\"x\"", "null", "{\"cleanupPeriodDays\": 7", "\0", "{".repeat(9999))) {
            assertThat(claude(text)).as(text).isEqualTo(usual);
        }
        assertThat(claude("{\"cleanupPeriodDays\": 7, \"x\": \"" + "x".repeat(1 << 20) + "\"}"))
                .isEqualTo(usual);
        Files.write(root.resolve("settings.json"), new byte[] {(byte) 0xFF, (byte) 0xFE, '{', 0, '}', 0});
        assertThat(new ClaudeProvider().purgesAfter(root)).isEqualTo(usual);
    }

    @Test
    void aByteOrderMarkAndCommentsArePassedOver() throws IOException {
        Optional<Duration> seven = Optional.of(Duration.ofDays(7));
        assertThat(claude("\uFEFF{\"cleanupPeriodDays\": 7}")).isEqualTo(seven);
        assertThat(claude("// a\n{ /* b // */ \"u\": \"http://x/*\\\"\", \"cleanupPeriodDays\": /**/ 7 // c\n} // d"))
                .isEqualTo(seven);
        assertThat(claude("/* never closed {\"cleanupPeriodDays\": 7}")).isEqualTo(Optional.of(Duration.ofDays(30)));
    }

    @Test
    void whatIsNoReadableFileLeavesTheUsualTimeAndIsNotWaitedFor() throws Exception {
        Path settings = root.resolve("settings.json");
        Optional<Duration> usual = Optional.of(Duration.ofDays(30));
        assertThat(new ClaudeProvider().purgesAfter(root)).isEqualTo(usual);
        Files.createDirectory(settings);
        assertThat(new ClaudeProvider().purgesAfter(root)).isEqualTo(usual);
        Files.delete(settings);
        Files.createSymbolicLink(settings, settings);
        assertThat(new ClaudeProvider().purgesAfter(root)).isEqualTo(usual);
        Files.delete(settings);
        Files.createSymbolicLink(settings, Path.of("/dev/zero"));
        assertThat(new ClaudeProvider().purgesAfter(root)).isEqualTo(usual);
        Files.delete(settings);
        assertThat(new ProcessBuilder("mkfifo", settings.toString()).start().waitFor())
                .isZero();
        assertThat(new ClaudeProvider().purgesAfter(root)).isEqualTo(usual);
        assertThat(new GeminiProvider().purgesAfter(root)).isEqualTo(usual);
    }

    @Test
    void theShorterOfBothFilesCounts() throws IOException {
        Path local = root.resolve("settings.local.json");
        Files.writeString(local, "{\"cleanupPeriodDays\": 7}");
        assertThat(claude("{\"cleanupPeriodDays\": 99999}")).isEqualTo(Optional.of(Duration.ofDays(7)));
        assertThat(claude("{\"cleanupPeriodDays\": 3}")).isEqualTo(Optional.of(Duration.ofDays(3)));
        Files.writeString(local, "{\"cleanupPeriodDays\": 1e308}");
        assertThat(claude("{\"cleanupPeriodDays\": 99999}")).isEmpty();
        Files.writeString(local, "{}");
        assertThat(claude("{\"cleanupPeriodDays\": 99999}")).isEmpty();
    }

    @Test
    void aVeryLongAgeOfGeminiIsNoEnd() throws IOException {
        for (String age : List.of("999999m", "999999w", "36501d")) {
            Files.writeString(
                    root.resolve("settings.json"), "{\"general\":{\"sessionRetention\":{\"maxAge\":\"" + age + "\"}}}");
            assertThat(new GeminiProvider().purgesAfter(root)).as(age).isEmpty();
        }
        Files.writeString(
                root.resolve("settings.json"),
                "// mine\n{\"general\":{\"sessionRetention\":{\"enabled\":true,\"maxAge\":\"36500d\"}}}");
        assertThat(new GeminiProvider().purgesAfter(root)).isEqualTo(Optional.of(Duration.ofDays(36_500)));
    }

    @Test
    void anEmptyFileIsNotMissingOnTape() throws IOException {
        Path folder = Files.createDirectories(root.resolve("projects/-work"));
        Path empty = Files.createFile(folder.resolve("1aaa0000-0000-4000-8000-000000000001.jsonl"));
        Path other = Files.writeString(folder.resolve("1bbb0000-0000-4000-8000-000000000002.jsonl"), "{}\n");
        for (Path file : List.of(empty, other)) {
            Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Duration.ofDays(28))));
        }
        PurgeOutlook outlook = outlooks().getFirst();
        assertThat(outlook.conversations()).hasSize(2);
        assertThat(outlook.count(PurgeOutlook.FileState.NOT_ON_TAPE)).isEqualTo(1);
        assertThat(outlook.first(PurgeOutlook.FileState.NOT_ON_TAPE)).contains(other.toRealPath());
    }

    private List<PurgeOutlook> outlooks() throws IOException {
        return PurgeSurvey.of(
                new KeptHome(root.resolve("kept"), root),
                Map.of(new ClaudeProvider(), List.of(root)),
                NOW,
                PurgeSurvey.Bounds.SMALL,
                _ -> {});
    }
}
