package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A conversation that was handed over to the background is recorded under either of its ids: with a real daemon. */
@Timeout(180)
class HandedOverIT {
    private static final String OLD = "6e1f0a52-1111-4222-8333-000000000001";
    private static final String NEW = "b07c93d4-1111-4222-8333-000000000002";

    @TempDir
    private Path temporary;

    private Path work = Path.of("/");

    @BeforeEach
    void aFolderToWorkIn() throws IOException {
        temporary = temporary.toRealPath();
        work = Files.createDirectory(temporary.resolve("work"));
    }

    /** Writes the file in which the conversation goes on: its records under the new id, marked as in the background. */
    private static void handOver(KeptProcess kept) throws IOException {
        String copies = Files.readString(kept.source(OLD))
                .replace("\"sessionId\":\"" + OLD + "\"", "\"sessionId\":\"" + NEW + "\",\"sessionKind\":\"bg\"");
        Files.writeString(kept.source(NEW), copies);
    }

    private void begin(KeptProcess kept) throws Exception {
        kept.done("start", "--allow", work.toString());
        kept.person(OLD, work, "Please list the lighthouses");
        kept.agent(OLD, work, "There are three lighthouses");
        KeptProcess.eventually(() -> assertThat(kept.done("sessions", "--ids")).isEqualTo(OLD + "\n"));
        handOver(kept);
        kept.agent(NEW, work, "The fourth was pulled down");
        KeptProcess.eventually(() -> assertThat(kept.done("export", OLD)).contains("pulled down"));
    }

    @Test
    void itsNewIdRecordsCapturesAndStopsTheOneConversation() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            begin(kept);
            Path note = work.resolve("light.md");
            assertThat(kept.done("record", NEW, "--capture", "-o", note.toString()))
                    .startsWith(OLD.substring(0, 8) + ": ");
            KeptProcess.eventually(() -> assertThat(note).content().contains("pulled down"));
            assertThat(note)
                    .content()
                    .containsOnlyOnce("\nPlease list the lighthouses\n")
                    .containsOnlyOnce("There are three lighthouses");

            kept.person(NEW, work, "And the fifth?");
            KeptProcess.eventually(() -> assertThat(note).content().containsOnlyOnce("And the fifth?"));
            assertThat(kept.done("sessions", "--recording", "--ids")).isEqualTo(OLD + "\n");

            kept.done("unrecord", "claude/" + NEW.substring(0, 6));
            kept.agent(NEW, work, "It still burns");
            KeptProcess.eventually(() -> assertThat(kept.done("export", NEW)).contains("It still burns"));
            assertThat(kept.done("sessions", "--recording", "--ids")).isEmpty();
            assertThat(note).content().doesNotContain("It still burns");
        }
    }

    @Test
    void aRecordingThatBeganBeforeStopsUnderTheNewIdAndGoesOnUnderIt() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            kept.done("start", "--allow", work.toString());
            kept.person(OLD, work, "Please list the lighthouses");
            KeptProcess.eventually(
                    () -> assertThat(kept.done("sessions", "--ids")).isEqualTo(OLD + "\n"));
            Path note = work.resolve("light.md");
            kept.done("record", OLD, "-o", note.toString());
            kept.agent(OLD, work, "There are three lighthouses");
            handOver(kept);
            kept.agent(NEW, work, "The fourth was pulled down");
            KeptProcess.eventually(() -> assertThat(note).content().containsOnlyOnce("pulled down"));
            kept.done("unrecord", NEW);
            kept.person(NEW, work, "Say nothing of the fifth");
            KeptProcess.eventually(() -> assertThat(kept.done("export", OLD)).contains("of the fifth"));
            kept.done("record", NEW);
            kept.agent(NEW, work, "The sixth is new");
            KeptProcess.eventually(() -> assertThat(note).content().containsOnlyOnce("The sixth is new"));
            assertThat(note)
                    .content()
                    .containsOnlyOnce("There are three lighthouses")
                    .doesNotContain("Say nothing of the fifth");
            assertThat(kept.done("sessions", "--ids")).isEqualTo(OLD + "\n");
        }
    }

    @Test
    void afterARestartAndWithTheOldFileGoneTheNewIdMeansTheConversationStill() throws Exception {
        try (KeptProcess kept = new KeptProcess(temporary)) {
            begin(kept);
            kept.done("stop");
            Files.delete(kept.source(OLD));
            Files.delete(temporary.resolve(".kept/state/sessions.jsonl"));
            kept.done("start");
            Path note = work.resolve("late.md");
            assertThat(kept.done("record", NEW.substring(0, 5), "--capture", "-o", note.toString()))
                    .startsWith(OLD.substring(0, 8) + ": ");
            kept.person(NEW, work, "And the fifth?");
            KeptProcess.eventually(() -> assertThat(note).content().contains("And the fifth?"));
            assertThat(note)
                    .content()
                    .containsOnlyOnce("\nPlease list the lighthouses\n")
                    .containsOnlyOnce("pulled down");
        }
    }
}
