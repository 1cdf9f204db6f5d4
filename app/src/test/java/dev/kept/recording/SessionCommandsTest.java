package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.command.InChatCommand;
import dev.kept.command.InChatCommand.Capture;
import dev.kept.command.InChatCommand.Export;
import dev.kept.command.InChatCommand.StartRecording;
import dev.kept.command.InChatCommand.Stop;
import dev.kept.model.ConversationEvent;
import dev.kept.recording.ModelRun.Conversation;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.recording.destination.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a command: done, refused, waiting, or answered at the command line; and of what stands behind it. */
class SessionCommandsTest extends OneModelRun {
    SessionCommandsTest() {
        super(3);
    }

    private String note(String path) {
        return disk.seen().text(Path.of(path)).orElse("");
    }

    private static InChatCommand capture(String path) {
        return new Capture(Optional.of(path));
    }

    @Test
    void aNearMissIsToldOnceAlsoThroughARestart() throws IOException {
        Chat chat = new Chat("session").says().person("::recrod").answers();
        Conversation conversation = read(chat);
        assertThat(run.problems()).singleElement().asString().startsWith("command.unclear: “::recrod”: ");
        assertThat(run.remedies()).containsExactly("Type it again.");

        ModelRun again = anotherRun();
        again.read(conversation);
        again.settle();
        assertThat(again.problems()).isEmpty();
    }

    @Test
    void whatAllowCanLiftWaitsAndIsDoneOnceItIsAllowed() throws IOException {
        access.refuse(Refusal.Code.OUTSIDE_ROOTS);
        Chat chat = new Chat("session").says().person("::capture /work/a.md").answers();
        Conversation conversation = read(chat);
        assertThat(run.problems())
                .containsExactly(
                        "denied: the path is refused", "command.pending: ::capture waits: the path is refused");
        assertThat(run.remedies()).containsExactly("mend the path");

        access.refuseNothing();
        ModelRun again = anotherRun();
        again.read(conversation);
        again.settle();
        assertThat(again.obeyed()).containsExactly("capture");
        assertThat(note("/work/a.md")).contains(chat.turns());
    }

    @Test
    void whatIsRefusedWhateverIsAllowedIsDecidedAndNotDoneLater() throws IOException {
        access.refuse(Refusal.Code.INSTRUCTS_AGENTS);
        Conversation conversation =
                read(new Chat("session").says().person("::capture /work/a.md").answers());
        assertThat(run.problems())
                .containsExactly("denied: the path is refused", "command.failed: ::capture: the path is refused");
        assertThat(run.obeyed()).isEmpty();

        access.refuseNothing();
        ModelRun again = anotherRun();
        again.read(conversation);
        again.settle();
        assertThat(again.problems()).isEmpty();
        assertThat(again.obeyed()).isEmpty();
        assertThat(disk.exists(Path.of("/work/a.md"))).isFalse();
    }

    @Test
    void aPlaceThatDoesNotAnswerFailsItsCommandAndNoneBehindIt() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md").answers();
        chat.person("::stop").answers();
        run.hold("prepare");
        Conversation conversation = conversation(chat);
        for (ConversationEvent event : conversation.events()) {
            run.take(conversation, event);
        }
        clock.pass(Duration.ofSeconds(10));
        run.engine().tick();
        assertThat(run.problems()).as("after 10 s").isEmpty();
        clock.pass(Duration.ofMillis(1));
        run.engine().tick();
        assertThat(run.problems())
                .containsExactly(
                        "command.failed: ::capture: its destination did not answer within 10 s",
                        "command.failed: ::stop: nothing is being recorded");
        assertThat(run.engine().heldBytes()).isZero();

        // What comes late is for nobody.
        run.release();
        run.settle();
        assertThat(run.obeyed()).isEmpty();
        assertThat(run.engine().openRecordings()).isZero();
        assertThat(disk.exists(Path.of("/work/a.md"))).isFalse();
    }

    @Test
    void aLateAnswerIsNotTakenForThatOfTheNextCommand() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md").answers();
        run.hold("prepare");
        Conversation conversation = conversation(chat);
        for (ConversationEvent event : conversation.events()) {
            run.take(conversation, event);
        }
        clock.pass(Duration.ofSeconds(11));
        run.engine().tick();
        List<CommandLineOrder.Reply> replies = run.order(conversation, capture("/work/b.md"));
        run.release();
        run.settle();

        assertThat(replies).extracting(CommandLineOrder.Reply::message).containsExactly("recording to /work/b.md");
        assertThat(disk.exists(Path.of("/work/a.md"))).isFalse();
        assertThat(note("/work/b.md")).contains(chat.turns());
    }

    @Test
    void aRelativePathIsOneInTheSessionsFolder() throws IOException {
        Chat chat = new Chat("session").says().person("::capture notes/a.md").answers();
        read(chat);
        assertThat(note("/work/notes/a.md")).contains(chat.turns());
    }

    @Test
    void whereTheSessionsFolderIsNotKnownARelativePathIsRefused() throws IOException {
        Chat chat = new Chat("session").says().person("::capture notes/a.md").answers();
        Conversation conversation = conversation(chat);
        for (ConversationEvent event : conversation.events()) {
            run.take(conversation, event, false, "");
        }
        run.settle();
        assertThat(run.problems()).anyMatch(text -> text.startsWith("command.failed: ::capture: "));
        assertThat(run.engine().statuses()).isEmpty();
    }

    @Test
    void theNoteOfAnotherSessionIsNotTaken() throws IOException {
        Chat first = new Chat("one").says().person("::capture /work/a.md").answers();
        run.read(conversation("one", first));
        run.settle();
        String before = note("/work/a.md");
        // Its records have ids of their own.
        Chat second = Chat.inAnotherFile("two").says().person("::capture /work/a.md");
        run.read(conversation("two", second));
        run.settle();

        assertThat(run.problems()).containsExactly("command.failed: ::capture: /work/a.md belongs to session one");
        assertThat(run.remedies()).containsExactly("Choose another file.");
        assertThat(note("/work/a.md")).isEqualTo(before);

        // Also after a restart.
        run = anotherRun();
        Chat third = new Chat("three").says().answers().person("::capture /work/a.md");
        run.read(conversation("three", third));
        run.settle();
        assertThat(run.problems()).containsExactly("command.failed: ::capture: /work/a.md belongs to session one");
    }

    @Test
    void anOrderAtTheCommandLineIsAnsweredOnceWhenAllOfItIsDone() throws IOException {
        Chat chat = new Chat("session").says().answers();
        Conversation conversation = read(chat);

        List<CommandLineOrder.Reply> replies =
                run.order(conversation, capture("/work/a.md"), new Export("/work/b.md"), new Stop());
        assertThat(replies).isEmpty();
        run.settle();

        assertThat(replies).containsExactly(new CommandLineOrder.Reply(true, "stopped recording to /work/a.md", ""));
        assertThat(run.obeyed()).containsExactly("capture", "export", "stop");
        assertThat(note("/work/a.md")).contains(chat.turns());
        assertThat(note("/work/b.md")).contains(chat.turns());
        assertThat(run.engine().openRecordings()).isZero();
    }

    @Test
    void anOrderThatFailsIsToldThereAloneAndItsRestIsLeft() throws IOException {
        Conversation conversation = read(new Chat("session").says());

        List<CommandLineOrder.Reply> replies = run.order(conversation, new Stop(), capture("/work/a.md"));
        run.settle();

        assertThat(replies)
                .containsExactly(new CommandLineOrder.Reply(false, "nothing is being recorded", "Nothing to do."));
        assertThat(run.problems()).isEmpty();
        assertThat(disk.exists(Path.of("/work/a.md"))).isFalse();
    }

    @Test
    void anOrderThatIsRefusedIsToldAtOnceAndDoesNotWait() throws IOException {
        access.refuse(Refusal.Code.OUTSIDE_ROOTS);
        Conversation conversation = read(new Chat("session").says());

        List<CommandLineOrder.Reply> replies = run.order(conversation, capture("/work/a.md"));
        run.settle();

        assertThat(replies).containsExactly(new CommandLineOrder.Reply(false, "the path is refused", "mend the path"));
        assertThat(run.problems()).containsExactly("denied: the path is refused");
    }

    @Test
    void recordWithoutAPathGoesOnInTheNoteThatTheSessionHas() throws IOException {
        Chat chat = new Chat("session")
                .says()
                .person("::capture /work/a.md")
                .answers()
                .person("::stop");
        Conversation conversation = read(chat);
        run.order(conversation, new StartRecording());
        run.settle();
        assertThat(run.engine().statuses()).extracting(RecordingStatus::path).containsExactly(Path.of("/work/a.md"));
    }

    @Test
    void ofTwoFilesTheOneThatIsRecordedKeepsAnOrderForTheOtherAway() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md").answers();
        read(chat);
        Conversation other = Conversation.of(
                temporary,
                "session",
                "another",
                ModelRun.NOW.minusSeconds(480),
                Chat.inAnotherFile("session").says().records(),
                Map.of());
        run.found(other);

        List<CommandLineOrder.Reply> replies = run.order(other, capture("/work/b.md"));
        run.settle();

        assertThat(replies)
                .containsExactly(new CommandLineOrder.Reply(
                        false,
                        "another file of this session is being recorded",
                        "Stop that first: kept unrecord session"));
        assertThat(disk.exists(Path.of("/work/b.md"))).isFalse();
    }
}
