package dev.kept.agents.gemini;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.provider.support.ContentText;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A reader of tool calls and their results. A call is in the model's message, with its result once it has one. The same
 * result is repeated in a record of the type {@code user}, and both are repeated in each copy of the history. Each is
 * emitted once, by the call's id.
 */
final class GeminiTools {
    /** The statuses of a call that has ended. */
    private static final Set<String> ENDED = Set.of("success", "error", "cancelled");

    private final EmittedParts emitted;

    GeminiTools(EmittedParts emitted) {
        this.emitted = emitted;
    }

    /** Reads a call of the list {@code toolCalls}; its own time is that of its end. */
    void readRecordedCall(
            GeminiRecord record,
            String messageId,
            int index,
            JsonObject call,
            Optional<Instant> called,
            MessageUsage usage) {
        readFunctionCall(record, messageId, index, call, called, usage);
        String callId = call.stringOr("id", "");
        String name = name(messageId, index, callId);
        Optional<Instant> time = GeminiRecord.time(call, "timestamp");
        String status = call.stringOr("status", "");
        if (ENDED.contains(status) && emitted.add("result/" + name)) {
            ContentText content = record.content();
            boolean failed = !status.equals("success");
            JsonValue result = call.get("result").orElse(JsonNull.NULL);
            if (result instanceof JsonNull) {
                addDisplay(content, call.get("resultDisplay").orElse(JsonNull.NULL));
            } else {
                addOutputs(content, result, callId);
            }
            record.add(new ToolResult(
                    record.header(name + "/result", time), callId, content.text(), failed, content.references()));
        }
    }

    /**
     * Adds the displayed form of a result of which the model was given nothing: a text, rows of text pieces, or an
     * object.
     */
    private static void addDisplay(ContentText into, JsonValue shown) {
        switch (shown) {
            case JsonNull _ -> {}
            case JsonText text -> into.add(text);
            case JsonArray rows -> {
                for (JsonValue row : rows.values()) {
                    StringBuilder line = new StringBuilder();
                    for (JsonValue piece : GeminiParts.of(Optional.of(row))) {
                        GeminiParts.text(piece).ifPresent(text -> line.append(text.value()));
                    }
                    into.add(line.toString());
                }
            }
            case JsonValue other -> into.add(other.toJson()).referToLarge(other);
        }
    }

    /** Reads a part {@code functionCall}, or a call of the list {@code toolCalls}, which has the same members. */
    void readFunctionCall(
            GeminiRecord record,
            String messageId,
            int index,
            JsonObject call,
            Optional<Instant> time,
            MessageUsage usage) {
        String callId = call.stringOr("id", "");
        String name = name(messageId, index, callId);
        if (emitted.add("call/" + name)) {
            JsonValue input = call.get("args").orElse(JsonObject.EMPTY);
            record.add(new ToolCall(
                    record.header(callId.isEmpty() ? name : messageId + "/" + callId, time),
                    callId,
                    call.stringOr("name", ""),
                    input.toJson(),
                    usage.next(),
                    record.content().referToLarge(input).references()));
        }
    }

    /** Reports whether a call was emitted; one without an id counts as emitted. */
    boolean isEmitted(String callId) {
        return callId.isEmpty() || emitted.contains("call/" + callId);
    }

    private static String name(String messageId, int index, String callId) {
        return callId.isEmpty() ? messageId + "/call/" + index : callId;
    }

    /** Reads a part {@code functionResponse} of a message of the type {@code user}. */
    void readResponse(GeminiRecord record, String messageId, int index, JsonObject response, Optional<Instant> time) {
        String callId = response.stringOr("id", "");
        String name = name(messageId, index, callId);
        if (emitted.add("result/" + name)) {
            ContentText content = record.content();
            boolean failed = addOutput(content, response);
            record.add(new ToolResult(
                    record.header(name + "/result", time), callId, content.text(), failed, content.references()));
        }
    }

    /** Adds the list {@code result} of a call, which may also hold the responses of neighbouring calls. */
    private static void addOutputs(ContentText into, JsonValue result, String callId) {
        List<JsonValue> parts = GeminiParts.of(Optional.of(result));
        boolean own = parts.stream()
                .flatMap(part -> GeminiParts.member(part, "functionResponse").stream())
                .anyMatch(response -> response.stringOr("id", "").equals(callId));
        for (JsonValue part : parts) {
            Optional<JsonObject> response = GeminiParts.member(part, "functionResponse");
            if (response.isPresent()) {
                if (!own || response.get().stringOr("id", "").equals(callId)) {
                    addOutput(into, response.get());
                }
            } else if (!GeminiParts.addMedia(into, part)) {
                GeminiParts.text(part).ifPresentOrElse(into::add, () -> into.add(part.toJson()));
            }
        }
    }

    /** Adds the output that a tool gave to the model, not the displayed one. Returns true if it was an error. */
    private static boolean addOutput(ContentText into, JsonObject functionResponse) {
        JsonObject response = functionResponse.object("response").orElse(JsonObject.EMPTY);
        Optional<JsonValue> error = response.get("error");
        Optional<JsonValue> output = error.or(() -> response.get("output"));
        if (output.isPresent()) {
            if (output.get() instanceof JsonText text) {
                into.add(text);
            } else {
                into.add(output.get().toJson()).referToLarge(output.get());
            }
        } else if (!response.members().isEmpty()) {
            into.add(response.toJson()).referToLarge(response);
        }
        // Media in the result of a tool are separate parts inside the response.
        for (JsonValue part : functionResponse.array("parts")) {
            GeminiParts.addMedia(into, part);
        }
        return error.isPresent();
    }
}
