package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.recording.ModelRun.Conversation;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** One recording: how its note begins, and where its text comes from. */
class ActiveRecordingTest extends OneRecording {
    // How a note begins.

    @Test
    void aNewNoteAndAnEmptyFileBeginWithFrontMatter() throws IOException {
        disk.save(Path.of("/work/empty.md"), "");
        read(new Chat("session").says().person("::export /work/empty.md").person("::capture /work/a.md"));
        assertThat(note()).startsWith(FRONT_MATTER);
        assertThat(disk.seen().text(Path.of("/work/empty.md")).orElseThrow()).startsWith(FRONT_MATTER);
    }

    @Test
    void belowWordsOfAPersonThereIsNoFrontMatterAndItIsSaidWhereTheConversationBegins() throws IOException {
        disk.save(NOTE, "Mine.\n");
        read(new Chat("session").says().person("::record").person("::capture /work/a.md"));
        assertThat(note()).startsWith("Mine.\n").doesNotContain(FRONT_MATTER).contains("# The title");
    }

    @Test
    void whatGoesOnInTheSessionsOwnNoteGoesOnWithoutAWord() throws IOException {
        Chat chat = new Chat("session").person("::init /work/a.md\n::record").says();
        chat.person("::stop").says().person("::record").answers();
        read(chat);
        assertThat(note()).startsWith(FRONT_MATTER).containsOnlyOnce("# The title");
        assertThat(turns()).containsExactly("turn-0-", "turn-2-");
    }

    @Test
    void aWholeConversationBelowAnEarlierPartOfItSaysWhereItBegins() throws IOException {
        Chat chat =
                new Chat("session").says().person("::init /work/a.md\n::record").answers();
        read(chat.person("::capture /work/a.md").says());
        assertThat(turns()).containsExactly("turn-1-", "turn-0-", "turn-1-", "turn-2-");
        assertThat(note().split("# The title", -1)).hasSize(3);
        assertThat(note()).containsOnlyOnce(FRONT_MATTER);
    }

    // Where its text comes from.

    @Test
    void whatIsRecordedFromHereOnNeedsNoTape() throws IOException {
        Chat chat = new Chat("session").says().person("::init /work/a.md").person("::record");
        Conversation conversation = conversation(chat.answers().says());
        take(conversation, 0, 2);
        run.settle();
        int replays = run.tasks("replay");
        take(conversation, 2, 3);
        run.settle();
        take(conversation, 3, 5);
        run.settle();
        assertThat(run.tasks("replay")).isEqualTo(replays);
        assertThat(turns()).containsExactly("turn-1-", "turn-2-");
    }

    @Test
    void afterACaptureWhatComesIsNotReadFromTheTapeAndNoLargeReaderIsHeld() throws IOException {
        Chat chat = new Chat("session").assistant("x".repeat(3_000_000));
        chat.says().person("::capture /work/a.md").answers().says();
        Conversation conversation = conversation(chat);
        take(conversation, 0, 4);
        run.settle();
        assertThat(run.mostHeld()).as("bytes of readers").isGreaterThan(500_000);
        assertThat(run.held()).isLessThan(run.mostHeld() / 4);
        int replays = run.tasks("replay");
        take(conversation, 4, 5);
        run.settle();
        assertThat(run.tasks("replay")).isEqualTo(replays);
        assertThat(turns()).isEqualTo(chat.turns());
    }

    /** So many turns come while the note's folder hangs. */
    private void whileTheFolderHangs(Chat chat, int turns, int letters) throws IOException {
        for (int i = 0; i < turns; i++) {
            chat.assistant("x".repeat(letters) + "\n\n" + chat.turn());
        }
        Conversation conversation = begun(chat);
        takeWhileTheFolderHangs(conversation, 3, conversation.events().size());
    }

    /** How often the tape is read once the folder answers, behind which so many messages of 60 kB wait. */
    private int replaysAfterTheFolderHung(Chat chat, int messages) throws IOException {
        whileTheFolderHangs(chat, messages, 60_000);
        int before = run.tasks("replay");
        run.release();
        run.settle();
        return run.tasks("replay") - before;
    }

    @Test
    void aLittleThatWaitsForAHungFolderIsHeld() throws IOException {
        Chat chat = captured();
        assertThat(replaysAfterTheFolderHung(chat, 4)).isZero();
        assertThat(turns()).isEqualTo(chat.turns());
    }

    @Test
    void whatIsMoreIsLeftToTheTapeAndStandsThereOnce() throws IOException {
        Chat chat = captured();
        assertThat(replaysAfterTheFolderHung(chat, 8)).isPositive();
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(run.problems()).isEmpty();
    }

    @Test
    void whatWasPassedOverWhileACommandWaitedIsReadFromTheTape() throws IOException {
        Chat chat = captured().person("::export /work/b.md");
        for (int i = 0; i < 30; i++) {
            chat.assistant("x".repeat(100_000) + "\n\n" + chat.turn());
        }
        Conversation conversation = begun(chat);
        run.hold("prepare");
        take(conversation, 3, conversation.events().size());
        assertThat(run.engine().heldBytes()).isBetween(900_000L, 1024L * 1024);
        run.release();
        run.settle();
        assertThat(run.engine().heldBytes()).isZero();
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(run.problems()).isEmpty();
    }

    @Test
    void whatAnotherFileOfTheSessionToldIsReadFromTheTape() throws IOException {
        Chat chat = captured().says().answers().says();
        Conversation conversation = begun(chat);
        run.repeated(conversation, conversation.events().get(4));
        take(conversation, 5, 6);
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
    }

    @Test
    void whatAnotherFileToldWhileACommandWaitedStandsBehindThatCommand() throws IOException {
        Chat chat = captured().person("::export /work/b.md").says().answers().says();
        Conversation conversation = begun(chat);
        run.hold("prepare");
        take(conversation, 3, 5);
        run.repeated(conversation, conversation.events().get(5));
        run.release();
        run.settle();
        take(conversation, 6, 7);
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(disk.seen().text(Path.of("/work/b.md")).orElseThrow())
                .contains("turn-1-")
                .doesNotContain("turn-2-");
    }

    @Test
    void itIsReadAlsoIfNothingMoreIsSaid() throws IOException {
        Chat chat = captured().says().answers();
        Conversation conversation = begun(chat);
        run.repeated(conversation, conversation.events().get(4));
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
    }

    @Test
    void whatIsSaidBehindTheEndOfARecordingIsNotInIt() throws IOException {
        Chat chat = captured();
        Conversation conversation = begun(chat.person("::stop").says().answers());
        takeWhileTheFolderHangs(conversation, 3, 6);
        run.release();
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns().subList(0, 2));
        assertThat(run.engine().openRecordings()).isZero();
    }
}
