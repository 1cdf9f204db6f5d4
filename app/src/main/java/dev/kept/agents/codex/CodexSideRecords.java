package dev.kept.agents.codex;

import dev.kept.agents.codex.CodexDuplicates.Statement;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.Optional;

/**
 * A writer of events for the agent's own texts under the role {@code user}. An interruption, which several records
 * report, is emitted once.
 */
final class CodexSideRecords {
    /** The rule of a record that only repeats an interruption. */
    static final String REPEATED = "an interruption that was told before";

    private boolean interruptionEmitted;

    /** Prepares for a new turn, in which an interruption can be emitted again. */
    void beginTurn() {
        interruptionEmitted = false;
    }

    /** Emits the event for a text, according to its subtype. */
    void emit(CodexRecord record, Statement text) {
        switch (text.subtype()) {
            case "interrupted", "turn_aborted" -> {
                if (!interruptionEmitted) {
                    interruptionEmitted = true;
                    system(record, text, "", "interrupted", text.text());
                }
            }
            case "user_shell_command" -> {
                String command = CodexUserText.element(text.text(), "command").orElse(text.text());
                record.add(new UserCommand(header(record, text, ""), "!", command));
                CodexUserText.element(text.text(), "result")
                        .ifPresent(result -> record.add(
                                new SystemMessage(header(record, text, "/result"), "user_shell_output", result)));
            }
            default -> system(record, text, "", text.subtype(), text.text());
        }
    }

    private static void system(CodexRecord record, Statement from, String part, String subtype, String text) {
        EventHeader header = header(record, from, part);
        // Only a message can have references to the tape.
        record.add(
                from.references().isEmpty()
                        ? new SystemMessage(header, subtype, text)
                        : new UserMessage(header, text, from.references()));
    }

    private static EventHeader header(CodexRecord record, Statement text, String part) {
        return record.header(text.eventId() + part, text.recordType(), text.timestamp(), Authorship.NONE);
    }

    /** Reads {@code turn_aborted}. Returns the rule if it becomes no event. */
    Optional<String> readAborted(CodexRecord record) {
        if (interruptionEmitted) {
            return Optional.of(REPEATED);
        }
        interruptionEmitted = true;
        record.system("interrupted", "interrupted", record.payload().stringOr("reason", "interrupted"));
        return Optional.empty();
    }

    void save(StateWriter out) {
        out.flag(interruptionEmitted);
    }

    void restore(StateReader in) throws IOException {
        interruptionEmitted = in.flag();
    }
}
