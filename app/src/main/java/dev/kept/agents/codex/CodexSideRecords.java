package dev.kept.agents.codex;

import dev.kept.agents.codex.CodexDuplicates.Saying;
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
 * Tells texts of the agent's own that stand under the role {@code user}; an interruption, which several records tell,
 * once.
 */
final class CodexSideRecords {
    /** The rule of a record that only repeats an interruption. */
    static final String TOLD_BEFORE = "an interruption that was told before";

    private boolean interruptionTold;

    /** A turn begins: one interruption more can be told. */
    void turnBegins() {
        interruptionTold = false;
    }

    /** Tells a text whose subtype says what it is. */
    void tell(CodexRecord record, Saying text) {
        switch (text.subtype()) {
            case "interrupted", "turn_aborted" -> {
                if (!interruptionTold) {
                    interruptionTold = true;
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

    private static void system(CodexRecord record, Saying from, String part, String subtype, String text) {
        EventHeader header = header(record, from, part);
        // Only a message can refer to the tape.
        record.add(
                from.references().isEmpty()
                        ? new SystemMessage(header, subtype, text)
                        : new UserMessage(header, text, from.references()));
    }

    private static EventHeader header(CodexRecord record, Saying text, String part) {
        return record.header(text.eventId() + part, text.recordType(), text.timestamp(), Authorship.NONE);
    }

    /** Reads {@code turn_aborted}. Returns the rule if it becomes nothing. */
    Optional<String> readAborted(CodexRecord record) {
        if (interruptionTold) {
            return Optional.of(TOLD_BEFORE);
        }
        interruptionTold = true;
        record.system("interrupted", "interrupted", record.payload().stringOr("reason", "interrupted"));
        return Optional.empty();
    }

    void save(StateWriter out) {
        out.flag(interruptionTold);
    }

    void restore(StateReader in) throws IOException {
        interruptionTold = in.flag();
    }
}
