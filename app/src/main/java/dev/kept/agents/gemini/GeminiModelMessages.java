package dev.kept.agents.gemini;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.TokenUsage;
import dev.kept.provider.support.ContentText;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A reader of messages of the type {@code gemini}: thoughts, text, tool calls, tokens. The same message is repeated
 * after a tool has run; then only its new parts are emitted.
 */
final class GeminiModelMessages {
    static final String TYPE = "gemini";

    private final EmittedParts emitted;
    private final GeminiTools tools;

    GeminiModelMessages(EmittedParts emitted, GeminiTools tools) {
        this.emitted = emitted;
        this.tools = tools;
    }

    void read(GeminiRecord record, String id, JsonObject message) {
        Optional<Instant> time = GeminiRecord.time(message, "timestamp");
        MessageUsage usage = new MessageUsage(id, message.stringOr("model", ""), countTokens(id, message));
        List<JsonValue> thoughts = message.array("thoughts");
        for (int i = 0; i < thoughts.size(); i++) {
            if (thoughts.get(i) instanceof JsonObject thought && emitted.add(id + "/thought/" + i)) {
                Optional<Instant> own = GeminiRecord.time(thought, "timestamp").or(() -> time);
                ContentText text = thought(record, thought);
                record.add(new AssistantThinking(
                        record.header(id + "/thought/" + i, own), text.text(), usage.next(), text.references()));
            }
        }
        readContent(record, id, message, time, usage);
        List<JsonValue> calls = message.array("toolCalls");
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i) instanceof JsonObject call) {
                tools.readRecordedCall(record, id, i, call, time, usage);
            }
        }
        if (usage.isLeft()) {
            // Tokens that arrive alone, after all other parts of their message.
            record.add(new AssistantThinking(record.header(id + "/usage", time), "", usage.next(), List.of()));
        }
    }

    private TokenUsage countTokens(String id, JsonObject message) {
        TokenUsage tokens = message.object("tokens").map(MessageUsage::of).orElse(TokenUsage.NONE);
        return tokens.isNone() || !emitted.add(id + "/usage") ? TokenUsage.NONE : tokens;
    }

    private static ContentText thought(GeminiRecord record, JsonObject thought) {
        ContentText text = record.content();
        for (String member : List.of("subject", "description")) {
            if (thought.get(member).orElse(JsonValue.JsonNull.NULL) instanceof JsonText part
                    && !part.value().isBlank()) {
                text.add(part);
            }
        }
        return text;
    }

    /** Reports whether a message has a new text or call. A compressed history repeats messages under new ids. */
    private boolean isNew(GeminiRecord record, String id, List<JsonValue> parts) {
        if (!record.history()) {
            return true;
        }
        ContentText answer = record.content();
        for (JsonValue part : parts) {
            if (!GeminiParts.isThought(part)) {
                GeminiParts.text(part).ifPresent(answer::add);
            }
        }
        boolean text =
                !answer.text().isBlank() && !emitted.contains(id + "/0") && !emitted.containsText(TYPE, answer.text());
        return text
                || parts.stream()
                        .flatMap(part -> GeminiParts.member(part, "functionCall").stream())
                        .anyMatch(call -> !tools.isEmitted(call.stringOr("id", "")));
    }

    private void readContent(
            GeminiRecord record, String id, JsonObject message, Optional<Instant> time, MessageUsage usage) {
        List<JsonValue> parts = GeminiParts.of(message.get("content"));
        boolean isNew = isNew(record, id, parts);
        ContentText answer = record.content();
        for (int i = 0; i < parts.size(); i++) {
            JsonValue part = parts.get(i);
            Optional<JsonText> text = GeminiParts.text(part);
            if (GeminiParts.isThought(part)) {
                // The history repeats each thought as one line; messages have them in a list of their own.
                if (text.isPresent() && isNew && emitted.add(id + "/part/" + i)) {
                    ContentText thought = record.content().add(text.get());
                    record.add(new AssistantThinking(
                            record.header(id + "/part/" + i, time),
                            thought.text(),
                            usage.next(),
                            thought.references()));
                }
            } else if (text.isPresent()) {
                answer.add(text.get());
            } else if (!GeminiParts.addMedia(answer, part) && !GeminiParts.saysNothing(part)) {
                Optional<JsonObject> call = GeminiParts.member(part, "functionCall");
                if (call.isEmpty()) {
                    record.raw(id + "/" + i, time, "unknown part of an answer");
                }
            }
        }
        emitAnswer(record, id, time, answer, usage);
        for (int i = 0; i < parts.size(); i++) {
            int index = i;
            GeminiParts.member(parts.get(i), "functionCall")
                    .ifPresent(call -> tools.readFunctionCall(record, id, index, call, time, usage));
        }
    }

    private void emitAnswer(
            GeminiRecord record, String id, Optional<Instant> time, ContentText answer, MessageUsage usage) {
        if (answer.text().isBlank() && answer.references().isEmpty()) {
            return;
        }
        String eventId = id + "/0";
        if (record.history() && !emitted.contains(eventId) && emitted.containsText(TYPE, answer.text())) {
            emitted.setText(eventId, TYPE, answer.text());
            return;
        }
        int wording = emitted.addText(eventId, TYPE, answer.text());
        if (wording == 0) {
            return;
        }
        if (wording == 1 && record.history() && isThanks(answer.text())) {
            // The agent answers its own summary (seen).
            record.system(eventId, time, "history", answer);
            return;
        }
        record.add(new AssistantMessage(
                record.header(wording == 1 ? eventId : eventId + "~" + wording, time),
                answer.text(),
                usage.next(),
                answer.references()));
    }

    private static boolean isThanks(String text) {
        return text.strip().equals("Got it. Thanks for the additional context!");
    }
}
