package dev.kept.agents.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.AssistantDecision;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.EventHeader;
import dev.kept.model.ModelCall;
import dev.kept.model.TokenUsage;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentText;
import dev.kept.provider.support.Revisions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/** A reader of {@code assistant} records: one content block each (counted: 41,096 of 41,106), or several. */
final class ClaudeAssistantRecords {
    static final String SYNTHETIC_MODEL = "<synthetic>";
    private static final Set<String> CALLS = Set.of("tool_use", "server_tool_use", "mcp_tool_use");
    private static final Set<String> ASKING = Set.of("AskUserQuestion", "ExitPlanMode");

    /** Blocks whose events carry usage. A record without one leaves its usage to the next record of its message. */
    private static final Set<String> CARRYING_USAGE =
            Set.of("text", "thinking", "redacted_thinking", "tool_use", "server_tool_use", "mcp_tool_use");

    private final ClaudeToolResults toolResults;
    private final UsageLedger usage = new UsageLedger();
    private final GrowingTexts texts = new GrowingTexts();
    private final Revisions revisions;

    void save(StateWriter out) {
        usage.save(out);
        texts.save(out);
    }

    void restore(StateReader in) throws IOException {
        usage.restore(in);
        texts.restore(in);
    }

    long heldBytes() {
        return 32 + usage.heldBytes() + texts.heldBytes();
    }

    /**
     * Creates a reader.
     *
     * @param revisions the emitted events, shared with the parser
     */
    ClaudeAssistantRecords(ClaudeToolResults toolResults, Revisions revisions) {
        this.toolResults = toolResults;
        this.revisions = revisions;
    }

    void read(ClaudeRecord record) {
        JsonObject message = record.body().object("message").orElse(JsonObject.EMPTY);
        List<JsonValue> blocks = message.get("content").orElse(JsonNull.NULL) instanceof JsonText text
                ? List.of(text)
                : message.array("content");
        if (blocks.isEmpty()) {
            record.raw(0, "assistant record without content");
            return;
        }
        if (isSynthetic(record, message)) {
            readSynthetic(record, blocks);
            return;
        }
        ModelCall call = new ModelCall(message.stringOr("id", ""), message.stringOr("model", ""), TokenUsage.NONE);
        boolean again = repeatsCall(call.messageId(), blocks);
        Optional<JsonObject> reported = message.object("usage");
        for (int i = 0; i < blocks.size(); i++) {
            String type = blocks.get(i) instanceof JsonText ? "text" : ClaudeUserRecords.typeOf(blocks.get(i));
            if (reported.isPresent() && CARRYING_USAGE.contains(type)) {
                TokenUsage added = usage.increment(call.messageId(), reported.get());
                readBlock(record, i, blocks.get(i), type, new ModelCall(call.messageId(), call.model(), added), again);
                reported = Optional.empty();
            } else {
                readBlock(record, i, blocks.get(i), type, call, again);
            }
        }
    }

    /**
     * Reports whether the agent itself speaks: API errors, and "No response requested." after an interrupted turn
     * (counted: 30).
     */
    private static boolean isSynthetic(ClaudeRecord record, JsonObject message) {
        return record.body().isTrue("isApiErrorMessage")
                || message.stringOr("model", "").equals(SYNTHETIC_MODEL);
    }

    private static void readSynthetic(ClaudeRecord record, List<JsonValue> blocks) {
        String subtype = record.body().isTrue("isApiErrorMessage") ? "api_error" : "synthetic";
        for (int i = 0; i < blocks.size(); i++) {
            record.system(i, subtype, text(record, blocks.get(i), "text"));
        }
    }

    /** Reports whether a record repeats a call of an earlier record of its message, and so the message. */
    private boolean repeatsCall(String messageId, List<JsonValue> blocks) {
        return blocks.size() > 1
                && blocks.stream()
                        .anyMatch(block -> block instanceof JsonObject object
                                && CALLS.contains(ClaudeUserRecords.typeOf(object))
                                && callEventId(messageId, object)
                                        .filter(revisions::knows)
                                        .isPresent());
    }

    private static Optional<String> callEventId(String messageId, JsonObject block) {
        String callId = block.stringOr("id", "");
        return callId.isEmpty() || messageId.isEmpty() ? Optional.empty() : Optional.of(messageId + "/" + callId);
    }

    private void readBlock(
            ClaudeRecord record, int index, JsonValue block, String type, ModelCall call, boolean again) {
        switch (type) {
            case "text" -> {
                ContentText text = text(record, block, "text");
                EventHeader header = record.header(
                        textId(record, index, type, text, call, again), "assistant/" + type, Authorship.NONE);
                record.add(new AssistantMessage(header, text.text(), call, text.references()));
            }
            case "thinking", "redacted_thinking" -> {
                ContentText text = text(record, block, "thinking");
                EventHeader header = record.header(
                        textId(record, index, type, text, call, again), "assistant/" + type, Authorship.NONE);
                record.add(new AssistantThinking(header, text.text(), call, text.references()));
            }
            case "tool_use", "server_tool_use", "mcp_tool_use" ->
                readCall(record, index, (JsonObject) block, type, call);
            case "fallback" -> record.info(index, "model_fallback", block.toJson());
            default -> readOther(record, index, block, type);
        }
    }

    private String textId(
            ClaudeRecord record, int index, String type, ContentText text, ModelCall call, boolean again) {
        return texts.accept(call.messageId(), type + "/" + index, record.id() + "/" + index, text.text(), again);
    }

    private static void readOther(ClaudeRecord record, int index, JsonValue block, String type) {
        // The server's own tools answer inside the assistant's message, e.g. web_search_tool_result.
        if (type.endsWith("_tool_result") && block instanceof JsonObject result) {
            JsonValue content = result.get("content").orElse(JsonNull.NULL);
            ContentText text = record.content().add(content.toJson()).referToLarge(content);
            boolean error = ClaudeUserRecords.typeOf(content).endsWith("_error");
            EventHeader header = record.header(record.id() + "/" + index, "assistant/" + type, Authorship.NONE);
            record.add(
                    new ToolResult(header, result.stringOr("tool_use_id", ""), text.text(), error, text.references()));
        } else {
            record.raw(index, "unknown block " + type);
        }
    }

    private void readCall(ClaudeRecord record, int index, JsonObject block, String type, ModelCall call) {
        String callId = block.stringOr("id", "");
        String name = block.stringOr("name", "");
        JsonValue input = block.get("input").orElse(JsonObject.EMPTY);
        String block0 = record.id() + "/" + index;
        // If both ids are present, the event id of a call is made of them, and is the same in every record of that
        // call.
        String eventId = callEventId(call.messageId(), block).orElse(block0);
        record.add(new ToolCall(
                record.header(eventId, "assistant/" + type, Authorship.NONE),
                callId,
                name,
                input.toJson(),
                call,
                record.content().referToLarge(input).references()));
        if (ASKING.contains(name) && !callId.isEmpty()) {
            toolResults.recordQuestion(callId, name);
            record.add(new AssistantDecision(
                    record.header(block0 + "/decision", "assistant/" + type, Authorship.NONE),
                    callId,
                    question(input),
                    new ModelCall(call.messageId(), call.model(), TokenUsage.NONE)));
        }
    }

    /** Returns the readable form of a question: the plan, or each question with its options. */
    private static String question(JsonValue input) {
        if (!(input instanceof JsonObject asked)) {
            return input.toJson();
        }
        if (asked.string("plan").isPresent()) {
            return asked.stringOr("plan", "");
        }
        StringJoiner lines = new StringJoiner("\n");
        for (JsonValue value : asked.array("questions")) {
            if (value instanceof JsonObject question) {
                lines.add(question.stringOr("question", ""));
                for (JsonValue option : question.array("options")) {
                    lines.add("- " + (option instanceof JsonObject it ? it.stringOr("label", "") : option.toJson()));
                }
            }
        }
        return lines.length() == 0 ? asked.toJson() : lines.toString();
    }

    private static ContentText text(ClaudeRecord record, JsonValue block, String member) {
        JsonValue value =
                block instanceof JsonObject object ? object.get(member).orElse(new JsonString("")) : block;
        return value instanceof JsonText text
                ? record.content().add(text)
                : record.content().add(value.toJson());
    }
}
