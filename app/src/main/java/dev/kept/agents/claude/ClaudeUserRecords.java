package dev.kept.agents.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.provider.support.ContentText;
import java.util.List;
import java.util.Optional;

/**
 * A reader of {@code user} records: prompts, more often tool results (counted: 21,302 of 23,689), and other texts that
 * the agent sends to the model in a person's name.
 */
final class ClaudeUserRecords {
    private final ClaudeToolResults toolResults;

    ClaudeUserRecords(ClaudeToolResults toolResults) {
        this.toolResults = toolResults;
    }

    /**
     * Reads a record.
     *
     * @return the rule if it has no events
     */
    Optional<String> read(ClaudeRecord record) {
        JsonObject message = record.body().object("message").orElse(JsonObject.EMPTY);
        return switch (message.get("content").orElse(JsonNull.NULL)) {
            case JsonText text -> readPrompt(record, List.of(text));
            case JsonArray blocks
            when hasToolResult(blocks.values()) -> {
                readResults(record, blocks.values());
                yield Optional.empty();
            }
            case JsonArray blocks -> readPrompt(record, blocks.values());
            case JsonValue _ -> {
                record.raw(0, "user record without content");
                yield Optional.empty();
            }
        };
    }

    private static boolean hasToolResult(List<JsonValue> blocks) {
        for (JsonValue block : blocks) {
            if (block instanceof JsonObject object && typeOf(object).equals("tool_result")) {
                return true;
            }
        }
        return false;
    }

    private void readResults(ClaudeRecord record, List<JsonValue> blocks) {
        for (int i = 0; i < blocks.size(); i++) {
            JsonValue block = blocks.get(i);
            Optional<JsonText> text = ClaudePrompts.textOf(block);
            if (text.isPresent()) {
                readBeside(record, i, text.get());
            } else if (block instanceof JsonObject object && typeOf(object).equals("tool_result")) {
                toolResults.read(record, i, object);
            } else if (block instanceof JsonObject object && ClaudeMedia.isMedia(object)) {
                ContentText media = ClaudeMedia.add(record.content(), object);
                record.add(new UserMessage(record.header(i), media.text(), media.references()));
            } else {
                record.raw(i, "unknown block " + typeOf(block));
            }
        }
    }

    /**
     * Reads a text beside a tool's result: a person's words when they allowed the tool (seen in 2.1.20 and 2.1.34, in
     * no other record). Such a record has no origin. So in versions that record the origin of a person's words, it must
     * be there.
     */
    private static void readBeside(ClaudeRecord record, int block, JsonText text) {
        Attribution author = ClaudeAuthorship.of(record);
        Optional<String> subtype = MachineText.subtypeOf(text.value(), author.trust());
        ContentText content = record.content().add(text);
        if (subtype.isPresent()) {
            record.system(block, subtype.get(), content);
        } else {
            record.add(
                    new UserMessage(record.header(block, author.authorship()), content.text(), content.references()));
        }
    }

    private static Optional<String> readPrompt(ClaudeRecord record, List<JsonValue> blocks) {
        JsonObject body = record.body();
        if (blocks.isEmpty()) {
            record.raw(0, "user record without content");
            return Optional.empty();
        }
        if (Marks.isSet(body, "isCompactSummary") || Marks.isSet(body, "isVisibleInTranscriptOnly")) {
            record.system(0, "compact_summary", all(record, blocks));
            return Optional.empty();
        }
        return ClaudePrompts.read(record, blocks, ClaudeAuthorship.of(record));
    }

    private static ContentText all(ClaudeRecord record, List<JsonValue> blocks) {
        ContentText content = record.content();
        for (JsonValue block : blocks) {
            ClaudePrompts.textOf(block).ifPresent(content::add);
            if (block instanceof JsonObject object && ClaudeMedia.isMedia(object)) {
                ClaudeMedia.add(content, object);
            }
        }
        return content;
    }

    static String typeOf(JsonValue block) {
        return block instanceof JsonObject object ? object.stringOr("type", "?") : "?";
    }
}
