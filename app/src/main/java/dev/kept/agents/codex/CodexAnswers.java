package dev.kept.agents.codex;

import dev.kept.agents.codex.CodexDuplicates.Statement;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.EventHeader;
import dev.kept.model.ModelCall;
import dev.kept.model.TokenUsage;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentText;
import dev.kept.provider.support.RecentIds;
import java.io.IOException;
import java.util.Optional;

/**
 * A reader of the model's answers and reasoning. The items become events, because they have ids, phases and all parts.
 * The corresponding {@code event_msg} records are held, and become events only if the turn ends without the item.
 */
final class CodexAnswers {
    private static final String LEFT_TO_ITEM = "told by its item";
    private static final int ANSWERS = 64;

    private final CodexDuplicates answers = new CodexDuplicates();
    private final CodexDuplicates thoughts = new CodexDuplicates();

    /** The last answers of the turn, one of which its end repeats. */
    private RecentIds recentAnswers = new RecentIds(ANSWERS);

    /** Prepares for a new turn. */
    void beginTurn() {
        recentAnswers = new RecentIds(ANSWERS);
        answers.clearEmitted();
        thoughts.clearEmitted();
    }

    /** Forgets the answers of the turn that ended. */
    void endTurn() {
        recentAnswers = new RecentIds(ANSWERS);
    }

    /** Reads an item of the role {@code assistant}. */
    void readMessage(CodexRecord record) {
        JsonObject payload = record.payload();
        ContentText text =
                CodexContent.add(record.content(), payload.get("content").orElse(JsonNull.NULL));
        if (record.metadata().isTrue("compaction_output")) {
            record.system("0", "compact_summary", text);
            return;
        }
        recentAnswers.add(CodexDuplicates.squeezed(text.text()));
        if (answers.removeFirst(statement -> statement.text().equals(text.text()))
                .isEmpty()) {
            answers.addEmitted(fingerprint(text.text()));
        }
        String id = payload.stringOr("id", "");
        String eventId = id.isEmpty()
                ? record.thread().ids().ofText("assistant " + text.text())
                : record.thread().ids().ofName(id, "0");
        record.add(new AssistantMessage(
                record.header(eventId, Authorship.NONE), text.text(), record.call(), text.references()));
    }

    /** Reads an item of reasoning. Most are encrypted: then the text is empty, or that of the matching event. */
    void readReasoning(CodexRecord record) {
        JsonObject payload = record.payload();
        ContentText text = CodexContent.texts(record.content(), payload.array("summary"));
        CodexContent.texts(text, payload.array("content"));
        if (text.isEmpty()) {
            thoughts.removeAll().forEach(statement -> text.add(statement.text()).addReferences(statement.references()));
        } else {
            boolean twin = false;
            while (thoughts.removeFirst(statement -> text.text().contains(statement.text()))
                    .isPresent()) {
                twin = true;
            }
            if (!twin) {
                thoughts.addEmitted(fingerprint(text.text()));
            }
        }
        String id = payload.stringOr("id", "");
        String eventId = id.isEmpty()
                ? record.thread().ids().ofText("reasoning " + text.text() + payload.stringOr("encrypted_content", ""))
                : record.thread().ids().ofName(id, "0");
        record.add(new AssistantThinking(
                record.header(eventId, Authorship.NONE), text.text(), record.call(), text.references()));
    }

    /** Reads {@code agent_message}, or {@code item_completed} of an {@code AgentMessage}. */
    Optional<String> readMessageEvent(CodexRecord record, ContentText text) {
        recentAnswers.add(CodexDuplicates.squeezed(text.text()));
        if (answers.removeEmitted(fingerprint(text.text()))) {
            return Optional.of("repeats what the item beside it said");
        }
        answers.add(statement(record, text)).forEach(statement -> emitMessage(record, statement));
        return record.events().isEmpty() ? Optional.of(LEFT_TO_ITEM) : Optional.empty();
    }

    /** Reads {@code agent_reasoning}, or {@code item_completed} of {@code Reasoning}. */
    Optional<String> readReasoningEvent(CodexRecord record, ContentText text) {
        if (text.text().isBlank() || thoughts.removeEmitted(fingerprint(text.text()))) {
            return Optional.of("repeats what the item beside it said");
        }
        thoughts.add(statement(record, text)).forEach(statement -> emitThinking(record, statement));
        return record.events().isEmpty() ? Optional.of(LEFT_TO_ITEM) : Optional.empty();
    }

    /**
     * Emits the texts whose item did not come, because the turn is over or the next prompt is there.
     *
     * @param last the turn's last answer, as repeated at its end; empty if it is not repeated
     */
    void emitUnmatched(CodexRecord record, Optional<JsonText> last) {
        thoughts.removeAll().forEach(statement -> emitThinking(record, statement));
        answers.removeAll().forEach(statement -> emitMessage(record, statement));
        last.filter(text -> !text.value().isBlank() && !recentAnswers.contains(CodexDuplicates.squeezed(text.value())))
                .ifPresent(text ->
                        emitMessage(record, statement(record, record.content().add(text))));
    }

    private void emitMessage(CodexRecord record, Statement statement) {
        recentAnswers.add(CodexDuplicates.squeezed(statement.text()));
        record.add(new AssistantMessage(
                header(record, statement, "assistant "), statement.text(), call(record), statement.references()));
    }

    private static void emitThinking(CodexRecord record, Statement statement) {
        record.add(new AssistantThinking(
                header(record, statement, "reasoning "), statement.text(), call(record), statement.references()));
    }

    private static EventHeader header(CodexRecord record, Statement statement, String what) {
        String eventId = statement.eventId().isEmpty()
                ? record.thread().ids().ofText(what + statement.text())
                : record.thread().ids().ofName(statement.eventId(), "0");
        return record.header(eventId, statement.recordType(), statement.timestamp(), Authorship.NONE);
    }

    private static ModelCall call(CodexRecord record) {
        return new ModelCall("", record.thread().model(), TokenUsage.NONE);
    }

    private static Statement statement(CodexRecord record, ContentText text) {
        String id = record.payload()
                .object("item")
                .map(item -> item.stringOr("id", ""))
                .orElse("");
        return new Statement(id, record.type(), record.timestamp(), text.text(), text.references());
    }

    private static String fingerprint(String text) {
        return text.length() + "/" + Long.toHexString(RecentIds.hash(text));
    }

    void save(StateWriter out) {
        answers.save(out);
        thoughts.save(out);
        recentAnswers.save(out);
    }

    void restore(StateReader in) throws IOException {
        answers.restore(in);
        thoughts.restore(in);
        recentAnswers.restore(in);
    }

    long heldBytes() {
        return 32 + answers.heldBytes() + thoughts.heldBytes() + recentAnswers.heldBytes();
    }
}
