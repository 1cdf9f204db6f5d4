package dev.kept.agents.codex;

import dev.kept.agents.codex.CodexDuplicates.Saying;
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
 * Reads what the model wrote: answers and reasoning. The items are told, for they have ids, phases and all parts; their
 * events wait, and are told when the turn ends without the item.
 */
final class CodexAnswers {
    private static final String SAID_BY_ITEM = "told by its item";
    private static final int ANSWERS = 64;

    private final CodexDuplicates answers = new CodexDuplicates();
    private final CodexDuplicates thoughts = new CodexDuplicates();

    /** The last answers of the turn; the turn's end repeats one of them. */
    private RecentIds said = new RecentIds(ANSWERS);

    /** A turn begins. */
    void turnBegins() {
        said = new RecentIds(ANSWERS);
        answers.forgetTold();
        thoughts.forgetTold();
    }

    /** A turn ended, and said its last answer. */
    void turnEnds() {
        said = new RecentIds(ANSWERS);
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
        said.add(CodexDuplicates.squeezed(text.text()));
        if (answers.take(saying -> saying.text().equals(text.text())).isEmpty()) {
            answers.told(fingerprint(text.text()));
        }
        String id = payload.stringOr("id", "");
        String eventId = id.isEmpty()
                ? record.thread().ids().said("assistant " + text.text())
                : record.thread().ids().named(id, "0");
        record.add(new AssistantMessage(
                record.header(eventId, Authorship.NONE), text.text(), record.call(), text.references()));
    }

    /** Reads an item of reasoning. Most of it is encrypted: then its text is empty, or what its event said. */
    void readReasoning(CodexRecord record) {
        JsonObject payload = record.payload();
        ContentText text = CodexContent.texts(record.content(), payload.array("summary"));
        CodexContent.texts(text, payload.array("content"));
        if (text.isEmpty()) {
            thoughts.takeAll().forEach(saying -> text.add(saying.text()).addReferences(saying.references()));
        } else {
            boolean twin = false;
            while (thoughts.take(saying -> text.text().contains(saying.text())).isPresent()) {
                twin = true;
            }
            if (!twin) {
                thoughts.told(fingerprint(text.text()));
            }
        }
        String id = payload.stringOr("id", "");
        String eventId = id.isEmpty()
                ? record.thread().ids().said("reasoning " + text.text() + payload.stringOr("encrypted_content", ""))
                : record.thread().ids().named(id, "0");
        record.add(new AssistantThinking(
                record.header(eventId, Authorship.NONE), text.text(), record.call(), text.references()));
    }

    /** Reads {@code agent_message}, or {@code item_completed} of an {@code AgentMessage}. */
    Optional<String> readMessageEvent(CodexRecord record, ContentText text) {
        said.add(CodexDuplicates.squeezed(text.text()));
        if (answers.wasTold(fingerprint(text.text()))) {
            return Optional.of("repeats what the item beside it said");
        }
        answers.await(saying(record, text)).forEach(saying -> tellMessage(record, saying));
        return record.events().isEmpty() ? Optional.of(SAID_BY_ITEM) : Optional.empty();
    }

    /** Reads {@code agent_reasoning}, or {@code item_completed} of {@code Reasoning}. */
    Optional<String> readReasoningEvent(CodexRecord record, ContentText text) {
        if (text.text().isBlank() || thoughts.wasTold(fingerprint(text.text()))) {
            return Optional.of("repeats what the item beside it said");
        }
        thoughts.await(saying(record, text)).forEach(saying -> tellThought(record, saying));
        return record.events().isEmpty() ? Optional.of(SAID_BY_ITEM) : Optional.empty();
    }

    /**
     * Tells what waits for its item in vain: a turn is over, or the next prompt is there.
     *
     * @param last the turn's last answer, as its end repeats it; empty if it does not
     */
    void tellAlone(CodexRecord record, Optional<JsonText> last) {
        thoughts.takeAll().forEach(saying -> tellThought(record, saying));
        answers.takeAll().forEach(saying -> tellMessage(record, saying));
        last.filter(text -> !text.value().isBlank() && !said.contains(CodexDuplicates.squeezed(text.value())))
                .ifPresent(text ->
                        tellMessage(record, saying(record, record.content().add(text))));
    }

    private void tellMessage(CodexRecord record, Saying saying) {
        said.add(CodexDuplicates.squeezed(saying.text()));
        record.add(new AssistantMessage(
                header(record, saying, "assistant "), saying.text(), call(record), saying.references()));
    }

    private static void tellThought(CodexRecord record, Saying saying) {
        record.add(new AssistantThinking(
                header(record, saying, "reasoning "), saying.text(), call(record), saying.references()));
    }

    private static EventHeader header(CodexRecord record, Saying saying, String what) {
        String eventId = saying.eventId().isEmpty()
                ? record.thread().ids().said(what + saying.text())
                : record.thread().ids().named(saying.eventId(), "0");
        return record.header(eventId, saying.recordType(), saying.timestamp(), Authorship.NONE);
    }

    private static ModelCall call(CodexRecord record) {
        return new ModelCall("", record.thread().model(), TokenUsage.NONE);
    }

    private static Saying saying(CodexRecord record, ContentText text) {
        String id = record.payload()
                .object("item")
                .map(item -> item.stringOr("id", ""))
                .orElse("");
        return new Saying(id, record.type(), record.timestamp(), text.text(), text.references());
    }

    private static String fingerprint(String text) {
        return text.length() + "/" + Long.toHexString(RecentIds.hash(text));
    }

    void save(StateWriter out) {
        answers.save(out);
        thoughts.save(out);
        said.save(out);
    }

    void restore(StateReader in) throws IOException {
        answers.restore(in);
        thoughts.restore(in);
        said.restore(in);
    }

    long heldBytes() {
        return 32 + answers.heldBytes() + thoughts.heldBytes() + said.heldBytes();
    }
}
