package dev.kept.recording.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.contract.RecordingReport.Recovered;
import dev.kept.recording.contract.RecordingReport.Written;
import dev.kept.recording.contract.RecordingWorkers.WriteRequest;
import dev.kept.recording.destination.DestinationAccess;
import dev.kept.recording.destination.PathPolicy;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.journal.WrittenChunk;
import dev.kept.replay.ToolOutputFiles;
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
                new ToolOutputFiles(),
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

    private static final String THIRD =
            "\n## You\n\nthe third chunk, of which all is said: " + "words ".repeat(40) + "\n";

    /** Three chunks in a new note, written one after another. */
    private RecordingProgress third() throws IOException {
        Files.deleteIfExists(note);
        journals.forgetIntents(plan);
        RecordingProgress first = write(FIRST, RecordingProgress.atStart(plan), false);
        return write(THIRD, write(SECOND, first, true), true);
    }

    /** What comes of the next chunk, tried until it is no longer waited for. */
    private Written.Outcome next(RecordingProgress before) {
        RecordingProgress after = new RecordingProgress(
                before.chunk() + 1, Mark.at(new TapePosition(1, 400, 0), "{}"), before.fileKey(), before.size(), NOW);
        WriteRequest request = new WriteRequest(plan, temporary, true, "the next\n", List.of(), before, after);
        Written.Outcome outcome = files.write(request);
        return outcome instanceof Written.Shortened ? files.write(request) : outcome;
    }

    /** Puts the note into that state; what is missing follows from the place that is told. */
    private void assertPutBack(String content, long from) throws IOException {
        RecordingProgress before = third();
        Files.writeString(note, content);
        Written.Outcome outcome = next(before);

        assertThat(outcome).as(content).isInstanceOf(Written.PutBack.class);
        RecordingProgress back = ((Written.PutBack) outcome).progress();
        assertThat(back.next()).as(content).isEqualTo(from == 0 ? TapePosition.START : new TapePosition(1, from, 0));
        assertThat(back.chunk()).isEqualTo(before.chunk() + 1);
        assertThat(Files.readString(note)).startsWith(content).endsWith("\n" + EarlierState.LINE.strip() + "\n");
        assertThat(back.size()).isEqualTo(Files.size(note));
        // The line is a chunk like any other: it is there once, and what follows it is written.
        assertThat(recover(before).progress().mark()).isEqualTo(back.mark());
        assertThat(next(back)).isInstanceOf(Written.Done.class);
        assertThat(Files.readString(note).split(EarlierState.LINE.substring(4, 30), -1))
                .hasSize(2);
    }

    private String whole() throws IOException {
        return Files.readString(note);
    }

    @Test
    void anEarlierStateOfTheNoteGetsWhatIsMissing() throws IOException {
        assertPutBack(FIRST + SECOND, 200);
        assertPutBack(FIRST, 100);
        assertPutBack("A word above.\n" + FIRST + SECOND, 200);
        assertPutBack("", 0);
    }

    @Test
    void aNoteThatEndsInTheMiddleOfATurnGetsThatTurnAndWhatFollowed() throws IOException {
        String all = FIRST + SECOND + THIRD;
        for (int length = 1; length < all.length(); length++) {
            int from = length < FIRST.length() ? 0 : length < (FIRST + SECOND).length() ? 100 : 200;
            assertPutBack(all.substring(0, length), from);
        }
    }

    @Test
    void whatAPersonDidToTheNoteIsRespected() throws IOException {
        for (String theirs : List.of(
                FIRST + SECOND + THIRD + "mine\n",
                FIRST + THIRD,
                THIRD,
                "x\n" + THIRD + FIRST,
                FIRST + SECOND + THIRD.replace("words words", "word"),
                FIRST + SECOND + "In short: nothing of that.\n",
                FIRST + "In short: nothing of that, and nothing of what came before it.\n",
                "mine alone\n")) {
            RecordingProgress before = third();
            Files.writeString(note, theirs);

            assertThat(next(before)).as(theirs).isInstanceOf(Written.Done.class);
            assertThat(note).hasContent(theirs + "the next\n");
        }
    }

    @Test
    void anEditorThatEmptiesTheNoteAndWritesItAnewIsWaitedFor() throws IOException {
        RecordingProgress before = third();
        String all = whole();
        WriteRequest request = new WriteRequest(
                plan, temporary, true, "the next\n", List.of(), before, before.onwards(before.mark(), NOW));
        Files.writeString(note, "");
        assertThat(files.write(request)).isInstanceOf(Written.Shortened.class);
        assertThat(note).isEmptyFile();
        Files.writeString(note, all.substring(0, all.length() / 2));
        assertThat(files.write(request)).isInstanceOf(Written.Shortened.class);
        Files.writeString(note, "edited " + all);

        assertThat(files.write(request)).isInstanceOf(Written.Done.class);
        assertThat(note).hasContent("edited " + all + "the next\n");
    }

    @Test
    void whatANoteIsCutInTheMiddleOfIsEndedFirst() throws IOException {
        String fold = "\n<details>\n<summary>x</summary>\n\n````\n<details>\n```\nlong " + "text ".repeat(50)
                + "\n````\n\n</details>\n";
        RecordingProgress before = write(fold, third(), true);
        Files.writeString(note, whole().substring(0, whole().indexOf("text text") + 20));

        assertThat(next(before)).isInstanceOf(Written.PutBack.class);
        assertThat(whole()).endsWith("\n````\n\n</details>\n" + EarlierState.LINE);
    }

    @Test
    void whatIsKnownOfChunksIsBoundedAndGoesWithTheRecording() throws IOException {
        RecordingProgress progress = afterFirst;
        for (int i = 0; i < 2_000; i++) {
            progress = progress.onwards(progress.mark(), NOW);
            journals.addChunk(plan, WrittenChunk.of(i, new byte[5_000], new byte[192], progress));
        }
        Path file = temporary.toRealPath().resolve("home/journals/claude/session.recording-1.chunks");

        assertThat(Files.size(file)).isBetween(200_000L, 530_000L);
        assertThat(journals.chunks(plan).getFirst().after()).isEqualTo(progress);
        journals.forgetIntents(plan);
        assertThat(file).doesNotExist();
    }
}
