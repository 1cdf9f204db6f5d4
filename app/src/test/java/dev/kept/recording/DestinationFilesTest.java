package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecordingReport.Recovered;
import dev.kept.recording.RecordingReport.Written;
import dev.kept.recording.RecordingWorkers.WriteRequest;
import dev.kept.recording.destination.DestinationAccess;
import dev.kept.recording.destination.PathPolicy;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What recovery makes of the file that it finds, for each way a crash or a person may have left it. */
class DestinationFilesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String FIRST = "the first chunk\n";
    private static final String SECOND = "the second chunk, which is written while the machine crashes\n";

    @TempDir
    private Path temporary;

    private Path note;
    private JournalFiles journals;
    private DestinationFiles files;
    private RecordingPlan plan;
    private RecordingProgress afterFirst;

    @BeforeEach
    void writeTwoChunksAndForgetThatTheSecondIsDone() throws IOException {
        Path work = Files.createDirectories(temporary.toRealPath().resolve("work"));
        Path home = Files.createDirectories(temporary.toRealPath().resolve("home"));
        note = work.resolve("note.md");
        journals = new JournalFiles(Files.createDirectories(home.resolve("journals")));
        Files.createDirectories(home.resolve("journals/claude"));
        files = new DestinationFiles(
                DestinationAccess.of(new PathPolicy(List.of(work), home, List.of(), home)),
                journals,
                new KeptOutputs(),
                Clock.fixed(NOW, ZoneOffset.UTC));
        plan = new RecordingPlan(
                "recording-1",
                new SessionKey("claude", "session"),
                RecordingPlan.Purpose.RECORDING,
                note,
                "source",
                TapePosition.START,
                "",
                Optional.empty(),
                NOW);
        afterFirst = write(FIRST, RecordingProgress.atStart(plan), false);
        write(SECOND, afterFirst, true);
        assertThat(note).hasContent(FIRST + SECOND);
    }

    private RecordingProgress write(String text, RecordingProgress before, boolean expectFile) {
        RecordingProgress after = new RecordingProgress(
                before.chunk() + 1,
                Mark.at(new TapePosition(1, 100 * (before.chunk() + 1), 0), "{}"),
                before.fileKey(),
                before.size(),
                NOW);
        Written.Outcome outcome =
                files.write(new WriteRequest(plan, temporary, expectFile, text, List.of(), before, after));
        assertThat(outcome).isInstanceOf(Written.Done.class);
        return ((Written.Done) outcome).progress();
    }

    private Recovered.Settled recoverFrom(String content) throws IOException {
        Files.writeString(note, content);
        return recover(afterFirst);
    }

    private Recovered.Settled recover(RecordingProgress progress) {
        Recovered.Finding outcome = files.recover(plan, progress).finding();
        assertThat(outcome).isInstanceOf(Recovered.Settled.class);
        return (Recovered.Settled) outcome;
    }

    private static void assertDone(Recovered.Settled recovered) {
        assertThat(recovered.progress().chunk()).isEqualTo(2);
        assertThat(recovered.uncertain()).isEmpty();
    }

    @Test
    void aChunkThatStandsThereIsDone() throws IOException {
        assertDone(recoverFrom(FIRST + SECOND));
        assertThat(note).hasContent(FIRST + SECOND);
    }

    @Test
    void aChunkThatIsAbsentIsToBeWritten() throws IOException {
        Recovered.Settled recovered = recoverFrom(FIRST);
        assertThat(recovered.progress()).isEqualTo(afterFirst);
        assertThat(recovered.uncertain()).isEmpty();
    }

    @Test
    void aChunkThatWasCutOffAnywhereIsCompleted() throws IOException {
        for (int length = 1; length < SECOND.length(); length++) {
            assertDone(recoverFrom(FIRST + SECOND.substring(0, length)));
            assertThat(Files.readString(note)).isEqualTo(FIRST + SECOND);
        }
    }

    @Test
    void aChunkThatAPersonsEditMovedIsFound() throws IOException {
        assertDone(recoverFrom("A word above.\n" + FIRST + SECOND));
        assertDone(recoverFrom(SECOND));
        assertDone(recoverFrom(FIRST + SECOND + "A word below.\n"));
        assertThat(note).hasContent(SECOND.isEmpty() ? "" : FIRST + SECOND + "A word below.\n");
    }

    @Test
    void wordsOfAPersonWhereTheChunkWasToStandLeaveItUncertainAndItIsNotWrittenAgain() throws IOException {
        Recovered.Settled recovered =
                recoverFrom(FIRST + "Something else stands here now, and is longer than before.\n");
        assertThat(recovered.progress().chunk()).isEqualTo(2);
        assertThat(recovered.uncertain()).isPresent();
        assertThat(Files.readString(note)).doesNotContain("second chunk");
    }

    @Test
    void aShorterFileWithoutAnyOfTheChunkGetsIt() throws IOException {
        assertThat(recoverFrom("x\n").progress()).isEqualTo(afterFirst);
    }

    @Test
    void aFileThatIsGoneIsSaidToBe() throws IOException {
        Files.delete(note);
        Recovered.Settled recovered = recover(afterFirst);
        assertThat(recovered.size()).isEqualTo(-1);
        assertThat(recovered.progress()).isEqualTo(afterFirst);
    }

    @Test
    void anIntentKnowsOfChunksThatTheJournalDoesNot() throws IOException {
        // The journal's thread was behind: it knows of no chunk, and the file holds two.
        Recovered.Settled recovered = recover(RecordingProgress.atStart(plan));
        assertDone(recovered);
        Files.writeString(note, FIRST);
        assertThat(recover(RecordingProgress.atStart(plan)).progress()).isEqualTo(afterFirst);
    }

    @Test
    void aNoteThatVanishedIsNotMadeAnewWithoutAWord() throws IOException {
        Files.delete(note);
        assertThat(files.write(new WriteRequest(plan, temporary, true, SECOND, List.of(), afterFirst, afterFirst)))
                .isInstanceOf(Written.Vanished.class);
        assertThat(note).doesNotExist();
    }

    @Test
    void whatIsAppendedBeginsALineOfItsOwn() throws IOException {
        Files.writeString(note, FIRST + "no line end");
        write(SECOND, afterFirst, true);
        assertThat(Files.readString(note)).isEqualTo(FIRST + "no line end\n" + SECOND);
    }

    /** What a new recording appends to a file with that content. */
    private String appendedTo(String content, String text) throws IOException {
        Files.writeString(note, content);
        write(text, RecordingProgress.atStart(plan), false);
        String all = Files.readString(note);
        assertThat(all).startsWith(content);
        return all.substring(content.length());
    }

    @Test
    void aFenceThatSomebodyLeftOpenIsClosedBeforeWhatIsAppended() throws IOException {
        assertThat(appendedTo("# Notes\n\n```sh\nls\n", "\n# Ours\n")).isEqualTo("```\n\n# Ours\n");
        assertThat(appendedTo("~~~~\n```\n~~~", "\n# Ours\n")).isEqualTo("\n~~~~\n\n# Ours\n");
        assertThat(appendedTo("- item\n  ```\n  x\n", "\n# Ours\n")).isEqualTo("  ```\n\n# Ours\n");
        assertThat(appendedTo("```\r\nls\r\n", "\n# Ours\n")).isEqualTo("```\n\n# Ours\n");
        assertThat(appendedTo("```\nls\n```\n> ```\n", "\n# Ours\n")).isEqualTo("\n# Ours\n");
    }

    @Test
    void onlyTheFirstChunkOfARecordingLooksForFences() throws IOException {
        Files.writeString(note, "```\nours, so far\n");
        write("goes on\n", afterFirst, true);

        assertThat(note).hasContent("```\nours, so far\ngoes on\n");
    }
}
