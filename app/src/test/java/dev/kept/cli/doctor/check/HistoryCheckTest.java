package dev.kept.cli.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.cli.doctor.Patient;
import dev.kept.tape.Tombstones;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lists of prompts that agents keep: counted, and nothing else. */
class HistoryCheckTest {
    private static final String GONE = "9fff0000-0000-4000-8000-00000000000f";
    private static final String OTHER = "8eee0000-0000-4000-8000-00000000000e";

    @TempDir
    private Path folder;

    private Patient patient;

    @BeforeEach
    void patient() throws IOException {
        patient = new Patient(folder);
    }

    private Finding only() throws IOException {
        List<Finding> findings = new HistoryCheck().examine(patient.examined());
        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().message() + findings.getFirst().remedy())
                .doesNotContain("secret words")
                .doesNotContain("more of them")
                .doesNotContain("/work");
        return findings.getFirst();
    }

    @Test
    void theyAreReadOnlyWhereThatIsAskedFor() throws Exception {
        patient.history(Patient.prompt(GONE, "/work"));
        assertThat(new HistoryCheck().examine(patient.examined(false))).isEmpty();
    }

    @Test
    void promptsAreCountedByWhereTheirConversationIs() throws Exception {
        patient.history(
                Patient.prompt(Patient.ID, "/work"),
                Patient.prompt(GONE, "/work"),
                Patient.prompt(Patient.ID, "/work"),
                Patient.prompt(OTHER, "/work"),
                "{\"display\":\"secret words\",\"timestamp\":1,\"project\":\"/work\"}",
                "",
                "{\"display\":\"torn");
        Files.writeString(
                patient.source().resolveSibling(OTHER + ".jsonl"),
                Patient.text(1).replace(Patient.ID, OTHER));
        assertThat(only().message())
                .isEqualTo("Claude Code: of 5 prompts in ~/.claude/history.jsonl 1 has its conversation neither on disk"
                        + " nor on tape; 2 on tape, 1 only on disk, 1 with no conversation named; 1 line could not be"
                        + " read");
        assertThat(only().severity()).isEqualTo(Severity.NOTE);
    }

    @Test
    void withEveryConversationOnTapeAllIsWellAlsoWhenTheAgentDeletedIt() throws Exception {
        patient.history(Patient.prompt(Patient.ID, "/work"));
        Files.delete(patient.source());
        assertThat(only().severity()).isEqualTo(Severity.OK);
        assertThat(only().message()).contains(" 0 have their conversation neither on disk nor on tape; 1 on tape");
    }

    @Test
    void theRecordsOfAFileSayWhichConversationItIsAndNotItsName() throws Exception {
        Files.writeString(
                patient.source().resolveSibling(OTHER + ".jsonl"),
                Patient.text(1).replace(Patient.ID, GONE));
        patient.history(Patient.prompt(GONE, "/work"));
        assertThat(only().message()).contains("1 only on disk");
    }

    @Test
    void onlyWhatIsGoneSinceTheAgentIsFollowedNeedsAPerson() throws Exception {
        patient.history(Patient.prompt(GONE, "/work"));
        patient.followedSince(Instant.now().plus(Duration.ofDays(1)));
        assertThat(only().severity()).isEqualTo(Severity.NOTE);
        patient.followedSince(Instant.now().minus(Duration.ofDays(1)));
        assertThat(only().severity()).isEqualTo(Severity.PROBLEM);
    }

    @Test
    void whatItsOwnerLeftOutOrHadForgottenIsCountedApart() throws Exception {
        patient.followedSince(Instant.now().minus(Duration.ofDays(1)));
        patient.config("keep:\n  exclude: [/secret]\n");
        Tombstones.open(patient.home().tapes())
                .add("claude", List.of(patient.source().resolveSibling(OTHER + ".jsonl")), Instant.now());
        patient.history(Patient.prompt(GONE, "/secret/below"), Patient.prompt(OTHER, "/work"));
        assertThat(only().severity()).isEqualTo(Severity.OK);
        assertThat(only().message()).contains("2 left out or forgotten as you wanted");
    }

    @Test
    void theEnvironmentSaysWhereTheListIsAndCodexHasOneToo() throws Exception {
        Path codex = Files.createDirectories(folder.toRealPath().resolve("elsewhere"));
        String thread = "3ccc0000-0000-7000-8000-000000000003";
        Path day = Files.createDirectories(codex.resolve("sessions/2026/11/02"));
        Files.writeString(
                day.resolve("rollout-2026-11-02T09-00-00-" + thread + ".jsonl"),
                "{\"timestamp\":\"2026-11-02T09:00:00.000Z\",\"type\":\"session_meta\",\"payload\":{\"id\":\"" + thread
                        + "\",\"timestamp\":\"2026-11-02T09:00:00.000Z\",\"cwd\":\"/work\"}}\n");
        Files.writeString(
                codex.resolve("history.jsonl"),
                "{\"session_id\":\"" + thread + "\",\"ts\":1780000000,\"text\":\"secret words\"}\n{\"session_id\":\""
                        + GONE + "\",\"ts\":1780000000,\"text\":\"more of them\"}\n");
        patient.environment(Map.of("CODEX_HOME", codex.toString()));
        assertThat(only().message())
                .startsWith("Codex: of 2 prompts in ~/elsewhere/history.jsonl 1 has its")
                .contains("1 only on disk");
    }

    @Test
    void aLineOfAnyLengthIsCountedAndNeverHeld() throws Exception {
        try (BufferedWriter out = Files.newBufferedWriter(patient.root().resolve("history.jsonl"))) {
            for (int line = 0; line < 2; line++) {
                out.write("{\"pastedContents\":{\"1\":\"");
                for (int i = 0; i < 64 * 1024; i++) {
                    out.write("x".repeat(1024));
                }
                out.write("\"},\"display\":\"y\",\"sessionId\":\"" + Patient.ID + "\"}\n");
            }
        }
        new HistoryCheck().examine(patient.examined());
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(only().message()).contains("of 2 prompts", "; 2 on tape");
        // Twice, in a list of 128 MiB.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64L * 1024 * 1024);
    }

    @Test
    void nothingOfTheListIsCopiedIntoTheHome() throws Exception {
        patient.history(Patient.prompt(GONE, "/work"), Patient.prompt(Patient.ID, "/work"));
        only();
        try (var files = Files.walk(patient.home().directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("secret words");
            }
        }
    }
}
