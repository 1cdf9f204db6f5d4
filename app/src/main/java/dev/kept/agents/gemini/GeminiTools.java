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
 * Reads tool calls and what they gave back. A call stands in the model's message, with its result once it has one; the
 * same result stands again in a record of the type {@code user}, and both again in each repetition of the history. Each is
 * told once, by the call's id.
 */
final class GeminiTools {
    /** A call with one of these has ended. */
    private static final Set<String> ENDED = Set.of("success", "error", "cancelled");

    private final Told told;

    GeminiTools(Told told) {
        this.told = told;
    }

    /** A call of the list {@code toolCalls}, whose own time is that of its end. */
    void recorded(
            GeminiRecord record,
            String messageId,
            int index,
            JsonObject call,
            Optional<Instant> called,
            UsageOnce usage) {
        called(record, messageId, index, call, called, usage);
        String callId = call.stringOr("id", "");
        String name = name(messageId, index, callId);
        Optional<Instant> time = GeminiRecord.time(call, "timestamp");
        String status = call.stringOr("status", "");
        if (ENDED.contains(status) && told.first("result/" + name)) {
            ContentText content = record.content();
            boolean failed = !status.equals("success");
            JsonValue result = call.get("result").orElse(JsonNull.NULL);
            if (result instanceof JsonNull) {
                display(content, call.get("resultDisplay").orElse(JsonNull.NULL));
            } else {
                outputs(content, result, callId);
            }
            record.add(new ToolResult(
                    record.header(name + "/result", time), callId, content.text(), failed, content.references()));
        }
    }

    /**
     * Adds what was shown of a result of which the model was given nothing: a text, rows of pieces of text, or an
     * object.
     */
    private static void display(ContentText into, JsonValue shown) {
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

    /** A part {@code functionCall}, or what a call of the list {@code toolCalls} says in the same members. */
    void called(
            GeminiRecord record,
            String messageId,
            int index,
            JsonObject call,
            Optional<Instant> time,
            UsageOnce usage) {
        String callId = call.stringOr("id", "");
        String name = name(messageId, index, callId);
        if (told.first("call/" + name)) {
            JsonValue input = call.get("args").orElse(JsonObject.EMPTY);
            record.add(new ToolCall(
                    record.header(callId.isEmpty() ? name : messageId + "/" + callId, time),
                    callId,
                    call.stringOr("name", ""),
                    input.toJson(),
                    usage.take(),
                    record.content().referToLarge(input).references()));
        }
    }

    /** Reports whether a call was told; one without an id counts as told. */
    boolean knows(String callId) {
        return callId.isEmpty() || told.was("call/" + callId);
    }

    private static String name(String messageId, int index, String callId) {
        return callId.isEmpty() ? messageId + "/call/" + index : callId;
    }

    /** A part {@code functionResponse} of a message of the type {@code user}. */
    void responded(GeminiRecord record, String messageId, int index, JsonObject response, Optional<Instant> time) {
        String callId = response.stringOr("id", "");
        String name = name(messageId, index, callId);
        if (told.first("result/" + name)) {
            ContentText content = record.content();
            boolean failed = output(content, response);
            record.add(new ToolResult(
                    record.header(name + "/result", time), callId, content.text(), failed, content.references()));
        }
    }

    /** The list {@code result} of a call; it may hold the responses of the calls beside it too. */
    private static void outputs(ContentText into, JsonValue result, String callId) {
        List<JsonValue> parts = GeminiParts.of(Optional.of(result));
        boolean own = parts.stream()
                .flatMap(part -> GeminiParts.member(part, "functionResponse").stream())
                .anyMatch(response -> response.stringOr("id", "").equals(callId));
        for (JsonValue part : parts) {
            Optional<JsonObject> response = GeminiParts.member(part, "functionResponse");
            if (response.isPresent()) {
                if (!own || response.get().stringOr("id", "").equals(callId)) {
                    output(into, response.get());
                }
            } else if (!GeminiParts.addMedia(into, part)) {
                GeminiParts.text(part).ifPresentOrElse(into::add, () -> into.add(part.toJson()));
            }
        }
    }

    /** Adds what a tool gave to the model, not what was shown of it; true if it was an error. */
    private static boolean output(ContentText into, JsonObject functionResponse) {
        JsonObject response = functionResponse.object("response").orElse(JsonObject.EMPTY);
        Optional<JsonValue> error = response.get("error");
        Optional<JsonValue> said = error.or(() -> response.get("output"));
        if (said.isPresent()) {
            if (said.get() instanceof JsonText text) {
                into.add(text);
            } else {
                into.add(said.get().toJson()).referToLarge(said.get());
            }
        } else if (!response.members().isEmpty()) {
            into.add(response.toJson()).referToLarge(response);
        }
        // Media that a tool gives back stands in parts of its own inside the response.
        for (JsonValue part : functionResponse.array("parts")) {
            GeminiParts.addMedia(into, part);
        }
        return error.isPresent();
    }
}
