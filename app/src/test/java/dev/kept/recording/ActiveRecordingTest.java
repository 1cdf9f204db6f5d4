package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.command.InChatCommand.Capture;
import dev.kept.model.ConversationEvent;
import dev.kept.recording.ModelRun.Conversation;
import dev.kept.recording.destination.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One recording: how its note begins, where its text comes from, and how it comes through trouble. */
class ActiveRecordingTest extends OneModelRun {
    private static final Path NOTE = Path.of("/work/a.md");
    private static final Pattern TURN = Pattern.compile("turn-[a-z]*\\d+-");
    private static final String FRONT_MATTER = "---\ntitle: ";

    ActiveRecordingTest() {
        super(11);
    }

    /** Of which the first three records were taken: a capture to {@link #NOTE} has begun. */
    private Conversation begun(Chat chat) throws IOException {
        Conversation conversation = conversation(chat);
        take(conversation, 0, 3);
        run.settle();
        return conversation;
    }

    private void take(Conversation conversation, int from, int to) {
        for (ConversationEvent event : conversation.events().subList(from, to)) {
            run.take(conversation, event);
        }
    }

    private void work() {
        while (run.step()) {
            // All that can be done now.
        }
    }

    private void pass(Duration time) {
        clock.pass(time);
        run.engine().tick();
        work();
    }

    private String note() {
        return disk.seen().text(NOTE).orElse("");
    }

    private List<String> turns() {
        return TURN.matcher(note()).results().map(MatchResult::group).toList();
    }

    private RecordingStatus status() {
        return run.engine().statuses().getFirst();
    }

    private Path takeTapeAway(Conversation conversation) throws IOException {
        Path tape = conversation.source().tapeFolder();
        return Files.move(tape, tape.resolveSibling("away"));
    }

    private long problems(String code) {
        return run.problems().stream().filter(text -> text.startsWith(code)).count();
    }

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

    /** The note's folder does not answer until the run is released. */
    private void takeWhileTheFolderHangs(Conversation conversation, int from, int to) {
        run.hold("writer /work");
        take(conversation, from, to);
        work();
    }

    /** So many turns come while the note's folder hangs. */
    private void whileTheFolderHangs(Chat chat, int turns, int letters) throws IOException {
        for (int i = 0; i < turns; i++) {
            chat.assistant("x".repeat(letters) + "\n\n" + chat.turn());
        }
        Conversation conversation = begun(chat);
        takeWhileTheFolderHangs(conversation, 3, conversation.events().size());
    }

    private static Chat captured() {
        return new Chat("session").says().person("::capture /work/a.md").answers();
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

    // Trouble.

    @Test
    void aTapeThatCannotBeReadIsTriedMoreAndMoreRarelyAndThenAsQuicklyAsBefore() throws IOException {
        Chat chat = captured();
        Conversation conversation = conversation(chat);
        Path away = takeTapeAway(conversation);
        take(conversation, 0, 3);
        work();
        assertThat(problems("recording.unreadable")).isOne();
        assertThat(run.remedies()).containsExactly("The tape is damaged: see kept doctor.");
        assertThat(status().trouble().orElseThrow()).contains("cannot be read");
        pass(Duration.ofSeconds(4));
        assertThat(problems("recording.unreadable")).isOne();
        pass(Duration.ofSeconds(1));
        assertThat(problems("recording.unreadable")).isEqualTo(2);
        pass(Duration.ofSeconds(9));
        assertThat(problems("recording.unreadable")).isEqualTo(2);
        pass(Duration.ofSeconds(1));
        assertThat(problems("recording.unreadable")).isEqualTo(3);
        for (int seconds = 0; seconds < 3600; seconds += 5) {
            pass(Duration.ofSeconds(5));
        }
        long inAnHour = problems("recording.unreadable");
        assertThat(inAnHour).as("every 5 minutes in the end").isBetween(14L, 18L);

        Files.move(away, conversation.source().tapeFolder());
        pass(Duration.ofMinutes(5));
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(run.problems()).last().isEqualTo("mended: recording.unreadable");
        assertThat(status().trouble()).isEmpty();
    }

    @Test
    void aFileThatFailsAfterItsTapeDidIsTriedEveryFiveSecondsAllTheSame() throws IOException {
        Chat chat = captured();
        Conversation conversation = conversation(chat);
        Path away = takeTapeAway(conversation);
        take(conversation, 0, 3);
        work();
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(20));
        }
        Files.move(away, conversation.source().tapeFolder());
        access.opens = false;
        pass(Duration.ofMinutes(5));
        int opened = access.opened();
        pass(Duration.ofSeconds(5));
        assertThat(access.opened()).isEqualTo(opened + 1);
        access.opens = true;
        pass(Duration.ofSeconds(5));
        assertThat(turns()).isEqualTo(chat.turns());
    }

    @Test
    void aFileThatCannotBeWrittenIsTriedEveryFiveSeconds() throws IOException {
        access.opens = false;
        Chat chat = captured();
        take(conversation(chat), 0, 3);
        work();
        int opened = access.opened();
        pass(Duration.ofSeconds(4));
        assertThat(access.opened()).isEqualTo(opened);
        pass(Duration.ofSeconds(1));
        assertThat(access.opened()).isEqualTo(opened + 1);
        assertThat(run.remedies()).containsOnly("It is tried again every few seconds; nothing is lost.");
        access.opens = true;
        pass(Duration.ofSeconds(5));
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(run.problems()).last().isEqualTo("mended: recording.unwritable");
    }

    @Test
    void aPathThatMayNotBeWrittenAnyMoreIsToldWithItsRemedyAndEachRefusalAuditedOnce() throws IOException {
        Chat chat = captured().says().answers();
        Conversation conversation = begun(chat);
        access.refuse(Refusal.Code.OUTSIDE_ROOTS);
        take(conversation, 3, 5);
        run.settle();
        assertThat(problems("denied: ")).isOne();
        assertThat(problems("recording.unwritable: the path is refused")).isGreaterThan(1);
        assertThat(run.remedies()).containsOnly("mend the path");
        assertThat(status().trouble()).contains("the path is refused");
        assertThat(turns()).isEqualTo(chat.turns().subList(0, 2));

        access.refuseNothing();
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(run.problems()).last().isEqualTo("mended: recording.unwritable");
    }

    @Test
    void aRefusalAfterOtherTroubleIsAuditedToo() throws IOException {
        Conversation conversation = begun(captured().says());
        access.opens = false;
        take(conversation, 3, 4);
        run.settle();
        assertThat(problems("denied: ")).isZero();
        access.refuse(Refusal.Code.OUTSIDE_ROOTS);
        run.settle();
        assertThat(problems("denied: ")).isOne();
    }

    @Test
    void afterARestartAPathThatMayNotBeWrittenIsToldAndNothingIsWritten() throws IOException {
        Chat chat = captured();
        Conversation conversation = begun(chat.says());
        String before = note();

        access.refuse(Refusal.Code.OUTSIDE_ROOTS);
        run = anotherRun();
        run.read(conversation);
        run.settle();
        assertThat(problems("denied: ")).isOne();
        assertThat(note()).isEqualTo(before);
        access.refuseNothing();
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
    }

    @Test
    void aNoteThatIsDeletedBeginsAnewAndThatIsSaidOnce() throws IOException {
        Chat chat = captured().says().answers().says();
        Conversation conversation = begun(chat);
        disk.remove(NOTE);
        take(conversation, 3, 4);
        work();
        assertThat(disk.exists(NOTE))
                .as("editors move a file away for a moment")
                .isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(disk.exists(NOTE)).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(disk.exists(NOTE)).isTrue();
        run.settle();
        assertThat(note()).startsWith(FRONT_MATTER);
        assertThat(turns()).containsExactly("turn-2-");
        assertThat(run.problems())
                .containsExactly("recording.restarted: /work/a.md was gone; it goes on in a new file.");
        assertThat(run.remedies()).containsExactly("Nothing to do. The conversation so far: kept export session");
        take(conversation, 4, 5);
        run.settle();
        assertThat(turns()).containsExactly("turn-2-", "turn-3-");
        assertThat(note()).containsOnlyOnce(FRONT_MATTER);

        access.opens = false;
        take(conversation, 5, 6);
        run.settle();
        access.opens = true;
        run.settle();
        assertThat(turns()).containsExactly("turn-2-", "turn-3-", "turn-4-");
        assertThat(note()).as("its beginning, after more trouble").containsOnlyOnce("# The title");
    }

    @Test
    void aNoteThatIsDeletedWhileItsFolderIsFullBeginsAnewOnce() throws IOException {
        Chat chat = captured().says();
        Conversation conversation = begun(chat);
        disk.remove(NOTE);
        take(conversation, 3, 4);
        work();
        access.opens = false;
        run.settle();
        access.opens = true;
        run.settle();
        assertThat(note()).startsWith(FRONT_MATTER).containsOnlyOnce(FRONT_MATTER);
        assertThat(turns()).containsExactly("turn-2-");
        assertThat(problems("recording.restarted")).isOne();
    }

    @Test
    void aFileThatAPersonPutsWhereANoteWasDeletedIsGoneOnBelow() throws IOException {
        Conversation conversation = begun(captured().says());
        disk.remove(NOTE);
        take(conversation, 3, 4);
        work();
        access.opens = false;
        run.settle();
        disk.save(NOTE, "Mine.\n");
        access.opens = true;
        run.settle();
        assertThat(note()).startsWith("Mine.\n").doesNotContain(FRONT_MATTER);
        assertThat(turns()).containsExactly("turn-2-");
    }

    @Test
    void aFileThatAPersonMakesWhileTheFirstWriteFailsKeepsItsWords() throws IOException {
        access.opens = false;
        Chat chat = captured();
        take(conversation(chat), 0, 3);
        run.settle();
        disk.save(NOTE, "Mine.\n");
        access.opens = true;
        run.settle();
        assertThat(note()).startsWith("Mine.\n").doesNotContain(FRONT_MATTER);
        assertThat(turns()).isEqualTo(chat.turns());
    }

    @Test
    void aNoteThatIsPutBackWhileItsNewBeginningCannotBeWrittenHasEachTurnOnce() throws IOException {
        Chat chat = new Chat("session").person("::init /work/a.md\n::record").says();
        chat.person("::stop").person("::record").answers().says();
        Conversation conversation = begun(chat);
        String before = note();
        disk.remove(NOTE);
        access.opens = false;
        take(conversation, 3, 6);
        run.settle();
        assertThat(problems("recording.unwritable")).isPositive();
        disk.save(NOTE, before);
        access.opens = true;
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(note()).startsWith(before).containsOnlyOnce("# The title");
    }

    @Test
    void afterARestartARecordingThatWasStoppedIsWrittenToItsEndThoughThatIsReadLater() throws IOException {
        Chat chat = captured().says().answers();
        Conversation conversation = begun(chat.person("::stop"));
        takeWhileTheFolderHangs(conversation, 3, 6);
        assertThat(turns()).hasSize(2);

        run = anotherRun();
        take(conversation, 0, 4);
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns().subList(0, 3));
        take(conversation, 4, 6);
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(run.engine().openRecordings()).isZero();
    }

    @Test
    void afterARestartItIsKnownWhenANoteWasWrittenLast() throws IOException {
        Conversation conversation = begun(captured());
        Optional<java.time.Instant> written = status().lastWriteAt();
        assertThat(written).isPresent();
        clock.pass(Duration.ofHours(1));
        run = anotherRun();
        assertThat(status().lastWriteAt()).isEqualTo(written);
    }

    @Test
    void afterARestartWhatWasNotWrittenYetHasNoTime() throws IOException {
        access.opens = false;
        Conversation conversation = begun(captured());
        assertThat(status().lastWriteAt()).isEmpty();
        run = anotherRun();
        assertThat(status().lastWriteAt()).isEmpty();
    }

    @Test
    void ofTwoRecordingsToOneFileTheSecondWaitsForTheFirstAndOthersDoNot() throws IOException {
        Chat chat = captured();
        chat.person("::stop").says().person("::record").answers();
        Conversation conversation = begun(chat);
        takeWhileTheFolderHangs(conversation, 3, 7);
        assertThat(run.engine().openRecordings()).isEqualTo(1);
        List<TypedOrder.Reply> replies = run.order(conversation, new Capture(Optional.of("/work/elsewhere/b.md")));
        work();
        assertThat(replies).extracting(TypedOrder.Reply::done).containsExactly(true);
        assertThat(disk.seen().text(Path.of("/work/elsewhere/b.md")).orElse("")).contains(chat.turns());
        run.release();
        run.settle();
        assertThat(turns()).containsExactly("turn-0-", "turn-1-", "turn-3-");
        assertThat(run.engine().statuses()).extracting(RecordingStatus::path).doesNotContain(NOTE);
    }
}
