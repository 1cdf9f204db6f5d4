package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.ingest.source.SourceInfo;
import dev.kept.model.ConversationEvent;
import dev.kept.recording.ModelRun.Conversation;
import dev.kept.recording.command.TypedCommands;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which commands count: a person's, given just now, after Kept began to follow, each once. */
class TypedCommandsTest extends OneModelRun {
    /** The root is followed since then: see {@link ModelRun}. */
    private static final Instant ENABLED = ModelRun.NOW.minusSeconds(7200);

    TypedCommandsTest() {
        super(5);
    }

    /** The command is the first thing said, so it is said 250 ms after that. */
    private Conversation commandAfter(Instant time) throws IOException {
        return conversation(new Chat("session").at(time).person("::capture /work/a.md"));
    }

    private List<String> obeyed(Conversation conversation) {
        run.read(conversation);
        run.settle();
        return run.obeyed();
    }

    private static Conversation enabled(Conversation of, Instant since) {
        SourceInfo source = of.source();
        return new Conversation(
                of.session(),
                new SourceInfo(
                        source.number(),
                        source.provider(),
                        source.sourceId(),
                        source.path(),
                        source.kind(),
                        source.tapeFolder(),
                        source.firstSeen(),
                        source.createdAt(),
                        since),
                of.events(),
                of.subagents());
    }

    @Test
    void whatWasTypedInTheMillisecondInWhichAFolderIsFollowedCountsAndNothingBefore() throws IOException {
        Instant typed = Instant.parse("2026-03-01T09:00:00.250Z");
        Conversation conversation = commandAfter(Instant.parse("2026-03-01T09:00:00Z"));
        assertThat(obeyed(enabled(conversation, typed.plusMillis(1)))).isEmpty();
        assertThat(run.problems()).isEmpty();
        assertThat(run.engine().isResumable(conversation.session())).isTrue();
        assertThat(obeyed(enabled(conversation, typed.plusNanos(999_999)))).containsExactly("capture");
    }

    @Test
    void aCommandOfADayAgoIsShownAndNotObeyedLate() throws IOException {
        Conversation conversation = enabled(
                commandAfter(ModelRun.NOW.minus(TypedCommands.MAX_LATENESS).minusMillis(251)),
                ENABLED.minus(Duration.ofDays(2)));
        assertThat(obeyed(conversation)).isEmpty();
        assertThat(run.engine().tooLate()).containsExactly("claude/session: a command from 2026-02-28T09:59:59.999Z");
        assertThat(run.engine().isResumable(conversation.session())).isFalse();
        assertThat(run.engine().statuses()).isEmpty();
    }

    @Test
    void oneOfAlmostADayAgoIsObeyed() throws IOException {
        Conversation conversation = enabled(
                commandAfter(ModelRun.NOW.minus(TypedCommands.MAX_LATENESS).minusMillis(250)),
                ENABLED.minus(Duration.ofDays(2)));
        assertThat(obeyed(conversation)).containsExactly("capture");
        assertThat(run.engine().tooLate()).isEmpty();
    }

    @Test
    void oneWithoutATimeIsShownAndNotObeyed() throws IOException {
        Chat chat = new Chat("session").person("::capture /work/a.md");
        chat.records().replaceAll(record -> record.replaceAll(",\"timestamp\":\"[^\"]*\"", ""));
        assertThat(obeyed(conversation(chat))).isEmpty();
        assertThat(run.engine().tooLate()).containsExactly("claude/session: a command from an unknown time");
    }

    @Test
    void whereTheClockIsBehindTheBeginningNothingCanBeTold() throws IOException {
        Conversation conversation = enabled(commandAfter(ModelRun.NOW.minusSeconds(60)), ModelRun.NOW.plusMillis(1));
        assertThat(obeyed(conversation)).isEmpty();
        assertThat(run.problems()).singleElement().asString().startsWith("command.clock: ");
        assertThat(run.remedies()).containsExactly("Run: kept restart, and type it again.");
    }

    @Test
    void aScriptsPromptIsToldAndNotObeyed() throws IOException {
        Chat chat = new Chat("session").user("\"::capture /work/a.md\"", ",\"promptSource\":\"sdk\"");
        assertThat(obeyed(conversation(chat))).isEmpty();
        assertThat(run.problems()).singleElement().asString().startsWith("command.headless: ");
    }

    @Test
    void aCommandInATextThatNobodyTypedIsToldWithTheReason() throws IOException {
        Chat unmarked =
                new Chat("session").user("\"Please.\\n\\n::capture /work/a.md\"", ",\"promptSource\":\"system\"");
        assertThat(obeyed(conversation(unmarked))).isEmpty();
        assertThat(run.problems())
                .containsExactly(
                        "command.unheard: ::capture was not obeyed: its record does not say that a person typed"
                                + " it");
        assertThat(run.remedies()).containsExactly("If it was meant, type it in a message of its own.");

        run = anotherRun();
        String command = "\"<command-name>/fix</command-name><command-args>it\\n\\n::capture</command-args>\"";
        assertThat(obeyed(conversation(new Chat("session").user(command, "")))).isEmpty();
        assertThat(run.problems())
                .containsExactly("command.unheard: ::capture was not obeyed: it is in the arguments of /fix,"
                        + " which receives it");

        run = anotherRun();
        String hook = "\"<user-prompt-submit-hook>x</user-prompt-submit-hook>\\n\\n::stop\"";
        assertThat(obeyed(conversation(new Chat("session").user(hook, "")))).isEmpty();
        assertThat(run.problems())
                .containsExactly("command.unheard: ::stop was not obeyed: it is in a text of the agent’s own"
                        + " (user-prompt-submit-hook)");
    }

    @Test
    void whatOnlyMentionsACommandOrIsHistoryIsNotTold() throws IOException {
        Chat mention = new Chat("session").user("\"Type ::capture to record.\"", ",\"promptSource\":\"system\"");
        assertThat(obeyed(conversation(mention))).isEmpty();
        Chat old = new Chat("session").user("\"::capture /work/a.md\"", ",\"promptSource\":\"system\"");
        assertThat(obeyed(enabled(conversation(old), ModelRun.NOW))).isEmpty();
        assertThat(run.problems()).isEmpty();
    }

    @Test
    void aLaterWordingOfAMessageGivesItsOrdersOnce() throws IOException {
        Chat chat = new Chat("session").person("::export /work/a.md\n\nPlease");
        String longer = chat.records().getFirst().replace("Please", "Please look");
        chat.records().add(longer);
        assertThat(obeyed(conversation(chat))).containsExactly("export");
    }

    @Test
    void aRecordThatWasCopiedGivesNoOrders() throws IOException {
        Conversation conversation = commandAfter(ModelRun.NOW.minusSeconds(60));
        for (ConversationEvent event : conversation.events()) {
            run.take(conversation, event, true, "/work");
        }
        run.settle();
        assertThat(run.obeyed()).isEmpty();
        assertThat(run.engine().isResumable(conversation.session())).isTrue();
        assertThat(run.problems())
                .containsExactly(
                        "command.unheard: ::capture was not obeyed: it was copied from another" + " conversation");
    }

    @Test
    void eachCommandOfAMessageIsObeyedOnceWhereverACopyOfItStands() throws IOException {
        Chat chat = new Chat("session").says().person("::init /work/a.md\n\nPlease.\n\n::record");
        Conversation conversation = conversation(chat);
        assertThat(obeyed(conversation)).containsExactly("init", "record");

        // The same records under another session's name, as a fork copies them.
        Chat fork = new Chat("fork").says().person("::init /work/a.md\n\nPlease.\n\n::record");
        run.read(conversation("fork", fork));
        run.settle();
        assertThat(run.obeyed()).containsExactly("init", "record");

        run = anotherRun();
        assertThat(obeyed(conversation)).isEmpty();
        assertThat(run.problems()).isEmpty();
    }
}
