package dev.kept.agents.copilot;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.BoundedText;
import dev.kept.model.ConversationEvent.AssistantDecision;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserDecision;
import dev.kept.model.ModelCall;
import dev.kept.model.TokenUsage;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentText;
import dev.kept.provider.support.RecentIds;
import dev.kept.provider.support.RecentMap;
import java.io.IOException;
import java.util.List;
import java.util.StringJoiner;

/**
 * A reader of tool calls and their results. A message requests a call, and {@code tool.execution_start} repeats it.
 * Each call is emitted once, where it first appears: a tool that no message requested, when it starts.
 */
final class CopilotTools {
    private static final int OPEN_CALLS = 256;
    private static final String ASKING = "ask_user";

    /** Size of the ids of a call and of its record. */
    private static final int CALL_BYTES = 2 * (24 + 48);

    /** The record that each call was emitted for: such a record may be repeated with more in it. */
    private final RecentMap<String> emittedBy = new RecentMap<>(OPEN_CALLS);

    private final RecentIds asking = new RecentIds(OPEN_CALLS);

    void emitCall(CopilotRecord record, String callId, String name, JsonValue input, ModelCall call) {
        String by = BoundedText.id(record.id());
        if (!emittedBy.getOrDefault(callId, by).equals(by)) {
            return;
        }
        emittedBy.renew(callId, by);
        record.add(new ToolCall(
                record.header(callId),
                callId,
                name,
                input.toJson(),
                call,
                record.large(input).references()));
        if (name.equals(ASKING) && input instanceof JsonObject asked) {
            asking.add(callId);
            StringJoiner lines = new StringJoiner("\n");
            lines.add(asked.stringOr("question", ""));
            for (JsonValue choice : asked.array("choices")) {
                lines.add("- " + (choice instanceof JsonValue.JsonText text ? text.value() : choice.toJson()));
            }
            record.add(new AssistantDecision(
                    record.header(callId + "/decision"),
                    callId,
                    lines.toString(),
                    new ModelCall(call.messageId(), call.model(), TokenUsage.NONE)));
        }
    }

    void readStart(CopilotRecord record) {
        JsonObject data = record.data();
        emitCall(
                record,
                data.stringOr("toolCallId", ""),
                data.stringOr("toolName", ""),
                data.get("arguments").orElse(JsonObject.EMPTY),
                new ModelCall("", data.stringOr("model", ""), TokenUsage.NONE));
    }

    void readCompletion(CopilotRecord record) {
        JsonObject data = record.data();
        String callId = data.stringOr("toolCallId", "");
        boolean failed = !data.isTrue("success");
        ContentText text = data.object("error").isPresent()
                ? record.text(data.object("error").get(), "message")
                : result(record, data);
        record.add(new ToolResult(record.header("0"), callId, text.text(), failed, text.references()));
        if (!failed && asking.contains(callId)) {
            record.add(new UserDecision(record.header("decision"), callId, UserDecision.Outcome.ANSWERED, text.text()));
        }
    }

    /** Returns the result of a tool; as JSON if no member of it is the text. */
    private static ContentText result(CopilotRecord record, JsonObject data) {
        JsonObject result = data.object("result").orElse(JsonObject.EMPTY);
        for (String member : List.of("content", "detailedContent")) {
            if (result.get(member).isPresent()) {
                return record.text(result, member);
            }
        }
        return record.text(data, "result");
    }

    void save(StateWriter out) {
        out.all(emittedBy, StateWriter::text);
        asking.save(out);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text, emittedBy::put);
        asking.restore(in);
    }

    long heldBytes() {
        return 24 + emittedBy.heldBytes(CALL_BYTES) + asking.heldBytes();
    }
}
