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
 * Reads messages of the type {@code gemini}: thoughts, text, tool calls, tokens. The same message comes again when a tool
 * has run; then only what is new in it is told.
 */
final class GeminiModelMessages {
    static final String TYPE = "gemini";

    private final Told told;
    private final GeminiTools tools;

    GeminiModelMessages(Told told, GeminiTools tools) {
        this.told = told;
        this.tools = tools;
    }

    void read(GeminiRecord record, String id, JsonObject message) {
        Optional<Instant> time = GeminiRecord.time(message, "timestamp");
        UsageOnce usage = new UsageOnce(id, message.stringOr("model", ""), tokens(id, message));
        List<JsonValue> thoughts = message.array("thoughts");
        for (int i = 0; i < thoughts.size(); i++) {
            if (thoughts.get(i) instanceof JsonObject thought && told.first(id + "/thought/" + i)) {
                Optional<Instant> own = GeminiRecord.time(thought, "timestamp").or(() -> time);
                ContentText text = thought(record, thought);
                record.add(new AssistantThinking(
                        record.header(id + "/thought/" + i, own), text.text(), usage.take(), text.references()));
            }
        }
        content(record, id, message, time, usage);
        List<JsonValue> calls = message.array("toolCalls");
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i) instanceof JsonObject call) {
                tools.recorded(record, id, i, call, time, usage);
            }
        }
        if (usage.isLeft()) {
            // Tokens that come alone, later than all else of their message.
            record.add(new AssistantThinking(record.header(id + "/usage", time), "", usage.take(), List.of()));
        }
    }

    private TokenUsage tokens(String id, JsonObject message) {
        TokenUsage tokens = message.object("tokens").map(UsageOnce::of).orElse(TokenUsage.NONE);
        return tokens.isNone() || !told.first(id + "/usage") ? TokenUsage.NONE : tokens;
    }

    private static ContentText thought(GeminiRecord record, JsonObject thought) {
        ContentText text = record.content();
        for (String member : List.of("subject", "description")) {
            if (thought.get(member).orElse(JsonValue.JsonNull.NULL) instanceof JsonText said
                    && !said.value().isBlank()) {
                text.add(said);
            }
        }
        return text;
    }

    /**
     * Reports whether a message is not repeated by a history, as those of a compressed one are under new ids.
     */
    private boolean isNews(GeminiRecord record, String id, List<JsonValue> parts) {
        if (!record.history()) {
            return true;
        }
        ContentText said = record.content();
        for (JsonValue part : parts) {
            if (!GeminiParts.isThought(part)) {
                GeminiParts.text(part).ifPresent(said::add);
            }
        }
        boolean text = !said.text().isBlank() && !told.was(id + "/0") && !told.wasSaid(TYPE, said.text());
        return text
                || parts.stream()
                        .flatMap(part -> GeminiParts.member(part, "functionCall").stream())
                        .anyMatch(call -> !tools.knows(call.stringOr("id", "")));
    }

    private void content(GeminiRecord record, String id, JsonObject message, Optional<Instant> time, UsageOnce usage) {
        List<JsonValue> parts = GeminiParts.of(message.get("content"));
        boolean news = isNews(record, id, parts);
        ContentText said = record.content();
        for (int i = 0; i < parts.size(); i++) {
            JsonValue part = parts.get(i);
            Optional<JsonText> text = GeminiParts.text(part);
            if (GeminiParts.isThought(part)) {
                // The history repeats thoughts as one line each; as messages have them they are in a list of their own.
                if (text.isPresent() && news && told.first(id + "/part/" + i)) {
                    ContentText thought = record.content().add(text.get());
                    record.add(new AssistantThinking(
                            record.header(id + "/part/" + i, time),
                            thought.text(),
                            usage.take(),
                            thought.references()));
                }
            } else if (text.isPresent()) {
                said.add(text.get());
            } else if (!GeminiParts.addMedia(said, part) && !GeminiParts.saysNothing(part)) {
                Optional<JsonObject> call = GeminiParts.member(part, "functionCall");
                if (call.isEmpty()) {
                    record.raw(id + "/" + i, time, "unknown part of an answer");
                }
            }
        }
        said(record, id, time, said, usage);
        for (int i = 0; i < parts.size(); i++) {
            int index = i;
            GeminiParts.member(parts.get(i), "functionCall")
                    .ifPresent(call -> tools.called(record, id, index, call, time, usage));
        }
    }

    private void said(GeminiRecord record, String id, Optional<Instant> time, ContentText said, UsageOnce usage) {
        if (said.text().isBlank() && said.references().isEmpty()) {
            return;
        }
        String eventId = id + "/0";
        if (record.history() && !told.was(eventId) && told.wasSaid(TYPE, said.text())) {
            told.note(eventId, TYPE, said.text());
            return;
        }
        int wording = told.say(eventId, TYPE, said.text());
        if (wording == 0) {
            return;
        }
        if (wording == 1 && record.history() && isThanks(said.text())) {
            // The agent answers its own summary (seen).
            record.system(eventId, time, "history", said);
            return;
        }
        record.add(new AssistantMessage(
                record.header(wording == 1 ? eventId : eventId + "~" + wording, time),
                said.text(),
                usage.take(),
                said.references()));
    }

    private static boolean isThanks(String text) {
        return text.strip().equals("Got it. Thanks for the additional context!");
    }
}
