package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.command.InChatCommand.Capture;
import dev.kept.recording.ModelRun.Conversation;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.recording.destination.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How one recording comes through trouble: with its tape, with its note, and with the end of the daemon. */
class RecordingProblemsTest extends OneRecording {
    private void pass(Duration time) {
        clock.pass(time);
        run.engine().tick();
        work();
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
                .containsExactly("recording.restarted: /work/a.md was gone; the recording continues in a new file.");
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
        begun(captured());
        Optional<Instant> written = status().lastWriteAt();
        assertThat(written).isPresent();
        clock.pass(Duration.ofHours(1));
        run = anotherRun();
        assertThat(status().lastWriteAt()).isEqualTo(written);
    }

    @Test
    void afterARestartWhatWasNotWrittenYetHasNoTime() throws IOException {
        access.opens = false;
        begun(captured());
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
        List<CommandLineOrder.Reply> replies =
                run.order(conversation, new Capture(Optional.of("/work/elsewhere/b.md")));
        work();
        assertThat(replies).extracting(CommandLineOrder.Reply::done).containsExactly(true);
        assertThat(disk.seen().text(Path.of("/work/elsewhere/b.md")).orElse("")).contains(chat.turns());
        run.release();
        run.settle();
        assertThat(turns()).containsExactly("turn-0-", "turn-1-", "turn-3-");
        assertThat(run.engine().statuses()).extracting(RecordingStatus::path).doesNotContain(NOTE);
    }
}
