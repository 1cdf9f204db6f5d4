package dev.kept.provider.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.provider.ContentText;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code user} records: prompts, but more often tool results (counted: 21,302 of 23,689), and whatever else the agent
 * says to the model in a person's place.
 */
final class ClaudeUserRecords {
    private final ClaudeToolResults toolResults;

    ClaudeUserRecords(ClaudeToolResults toolResults) {
        this.toolResults = toolResults;
    }

    void read(ClaudeRecord record) {
        JsonObject message = record.body().object("message").orElse(JsonObject.EMPTY);
        switch (message.get("content").orElse(JsonNull.NULL)) {
            case JsonText text -> readPrompt(record, List.of(text));
            case JsonArray blocks when hasToolResult(blocks.values()) -> readResults(record, blocks.values());
            case JsonArray blocks -> readPrompt(record, blocks.values());
            case JsonValue _ -> record.raw(0, "user record without content");
        }
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
            Optional<JsonText> text = textOf(block);
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
     * A text beside a tool's result is what a person added when they allowed the tool (seen in 2.1.20 and 2.1.34: in no
     * other record). Such a record says nothing of its origin, so versions that name the origin of what a person says
     * would have to do so here.
     */
    private static void readBeside(ClaudeRecord record, int block, JsonText text) {
        Optional<String> subtype = MachineText.subtypeOf(text.value(), false);
        ContentText content = record.content().add(text);
        if (subtype.isPresent()) {
            record.system(block, subtype.get(), content);
        } else {
            record.add(new UserMessage(
                    record.header(block, ClaudeAuthorship.of(record)), content.text(), content.references()));
        }
    }

    private void readPrompt(ClaudeRecord record, List<JsonValue> blocks) {
        JsonObject body = record.body();
        if (body.isTrue("isCompactSummary") || body.isTrue("isVisibleInTranscriptOnly")) {
            record.system(0, "compact_summary", all(record, blocks));
            return;
        }
        ContentText said = record.content();
        int first = -1;
        for (int i = 0; i < blocks.size(); i++) {
            JsonValue block = blocks.get(i);
            Optional<JsonText> text = textOf(block);
            if (text.isPresent()) {
                Optional<String> subtype = MachineText.subtypeOf(text.get().value(), ClaudeAuthorship.saysTyped(body));
                if (subtype.isPresent()) {
                    readMachineText(record, i, subtype.get(), text.get());
                    continue;
                }
                said.add(text.get());
            } else if (block instanceof JsonObject object && ClaudeMedia.isMedia(object)) {
                ClaudeMedia.add(said, object);
            } else {
                record.raw(i, "unknown block " + typeOf(block));
                continue;
            }
            first = first < 0 ? i : first;
        }
        if (first >= 0) {
            addSaid(record, first, said);
        } else if (blocks.isEmpty()) {
            record.raw(0, "user record without content");
        }
    }

    private static void addSaid(ClaudeRecord record, int block, ContentText said) {
        if (record.body().isTrue("isMeta")) {
            record.system(block, "meta", said);
            return;
        }
        Authorship authorship = MachineText.isPlan(said.text()) ? Authorship.NONE : ClaudeAuthorship.of(record);
        record.add(new UserMessage(record.header(block, authorship), said.text(), said.references()));
    }

    /** Reads a text that {@link MachineText} knows, in a user record or a {@code system/local_command}. */
    static void readMachineText(ClaudeRecord record, int block, String subtype, JsonText text) {
        String said = text.value();
        switch (subtype) {
            case "command" ->
                record.add(new UserCommand(
                        record.header(block), element(said, "command-name"), element(said, "command-args")));
            case "bash-input" ->
                record.add(new UserCommand(
                        record.header(block),
                        "!",
                        MachineText.element(said, subtype).orElse(said)));
            default -> {
                // The end tag of a large text is not here; then the tags stay, and the reference with them.
                Optional<String> inner =
                        subtype.startsWith("local-command-std") ? MachineText.element(said, subtype) : Optional.empty();
                ContentText content = record.content();
                record.system(block, subtype, inner.isPresent() ? content.add(inner.get()) : content.add(text));
            }
        }
    }

    private static String element(String text, String name) {
        return MachineText.element(text, name).orElse("").strip();
    }

    private static ContentText all(ClaudeRecord record, List<JsonValue> blocks) {
        ContentText content = record.content();
        for (JsonValue block : blocks) {
            textOf(block).ifPresent(content::add);
            if (block instanceof JsonObject object && ClaudeMedia.isMedia(object)) {
                ClaudeMedia.add(content, object);
            }
        }
        return content;
    }

    private static Optional<JsonText> textOf(JsonValue block) {
        return switch (block) {
            case JsonText text -> Optional.of(text);
            case JsonObject object
            when typeOf(object).equals("text") ->
                object.get("text")
                        .flatMap(value -> value instanceof JsonText text ? Optional.of(text) : Optional.empty());
            case JsonValue _ -> Optional.empty();
        };
    }

    static String typeOf(JsonValue block) {
        return block instanceof JsonObject object ? object.stringOr("type", "?") : "?";
    }
}
