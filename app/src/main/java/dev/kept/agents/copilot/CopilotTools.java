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
 * Reads tool calls, which a message asks for and {@code tool.execution_start} repeats, and what they gave back. Each call is
 * told once, where it comes first: a tool that no message asked for is told when it starts.
 */
final class CopilotTools {
    private static final int OPEN_CALLS = 256;
    private static final String ASKING = "ask_user";

    /** A call's id and that of the record that told it. */
    private static final int TOLD_BYTES = 2 * (24 + 48);

    /** Calls, and the records that told them: such a record may come again with more in it. */
    private final RecentMap<String> told = new RecentMap<>(OPEN_CALLS);

    private final RecentIds asking = new RecentIds(OPEN_CALLS);

    void call(CopilotRecord record, String callId, String name, JsonValue input, ModelCall call) {
        String by = BoundedText.id(record.id());
        if (!told.getOrDefault(callId, by).equals(by)) {
            return;
        }
        told.renew(callId, by);
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

    void started(CopilotRecord record) {
        JsonObject data = record.data();
        call(
                record,
                data.stringOr("toolCallId", ""),
                data.stringOr("toolName", ""),
                data.get("arguments").orElse(JsonObject.EMPTY),
                new ModelCall("", data.stringOr("model", ""), TokenUsage.NONE));
    }

    void completed(CopilotRecord record) {
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

    /** What a tool gave back; as JSON where no member of it is the text. */
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
        out.all(told, StateWriter::text);
        asking.save(out);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text, told::put);
        asking.restore(in);
    }

    long heldBytes() {
        return 24 + told.heldBytes(TOLD_BYTES) + asking.heldBytes();
    }
}
