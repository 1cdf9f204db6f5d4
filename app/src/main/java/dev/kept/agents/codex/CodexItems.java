package dev.kept.agents.codex;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.provider.support.ContentText;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A reader of {@code response_item} records, and of the bare items of versions before 0.32: the conversation as the
 * model sees it.
 */
final class CodexItems {
    private static final Set<String> MODEL_SPEAKS = Set.of(
            "reasoning",
            "function_call",
            "local_shell_call",
            "custom_tool_call",
            "web_search_call",
            "tool_search_call",
            "image_generation_call");

    private final CodexPrompts users;
    private final CodexAnswers answers;
    private final CodexTools tools;
    private final CodexCompaction compaction;

    CodexItems(CodexPrompts users, CodexAnswers answers, CodexTools tools, CodexCompaction compaction) {
        this.users = users;
        this.answers = answers;
        this.tools = tools;
        this.compaction = compaction;
    }

    /** Reads an item. Returns the rule if it becomes no event. */
    Optional<String> read(CodexRecord record) {
        String type = record.isMessage() ? "message" : record.payload().stringOr("type", "?");
        boolean answer =
                type.equals("message") && record.payload().stringOr("role", "").equals("assistant");
        if (answer || MODEL_SPEAKS.contains(type)) {
            // A prompt's event comes before the model's answer to it.
            users.emitUnmatched(record);
            if (!record.metadata().isTrue("compaction_output")) {
                compaction.end();
            }
        }
        switch (type) {
            case "message" -> {
                return readMessage(record);
            }
            case "reasoning" -> answers.readReasoning(record);
            case "function_call" -> tools.readFunctionCall(record);
            case "custom_tool_call" -> tools.readCustomCall(record);
            case "local_shell_call" -> tools.readCall(record, "local_shell", "action");
            case "tool_search_call" -> tools.readCall(record, "tool_search", "arguments");
            case "web_search_call" -> tools.readSearch(record);
            case "image_generation_call" -> tools.readImage(record);
            case "function_call_output", "custom_tool_call_output", "tool_search_output", "local_shell_call_output" ->
                tools.readOutput(record);
            case "agent_message" ->
                record.system(
                        "0",
                        "agent_message",
                        CodexContent.add(
                                record.content(),
                                record.payload().get("content").orElse(JsonNull.NULL)));
            case "compaction", "compaction_summary", "context_compaction" -> {
                return compaction.readMark(record, record.payload().stringOr("summary", ""));
            }
            case "ghost_snapshot" -> {
                return Optional.of("backups of edited files");
            }
            case "additional_tools" -> {
                return Optional.of("lists what the model may use");
            }
            default -> record.raw("unknown item");
        }
        return Optional.empty();
    }

    private Optional<String> readMessage(CodexRecord record) {
        switch (record.payload().stringOr("role", "")) {
            case "user" -> {
                return users.readItem(record);
            }
            case "assistant" -> answers.readMessage(record);
            case "developer", "system" -> readInstructions(record);
            default -> record.raw("unknown role");
        }
        return Optional.empty();
    }

    /** Reads instructions of the agent to the model: permissions, skills, modes. */
    private static void readInstructions(CodexRecord record) {
        List<JsonValue> content = record.payload().get("content").orElse(JsonNull.NULL) instanceof JsonText text
                ? List.of(text)
                : record.payload().array("content");
        for (int i = 0; i < content.size(); i++) {
            ContentText text = CodexContent.textOf(content.get(i))
                    .map(part -> record.content().add(part))
                    .orElse(record.content().add(content.get(i).toJson()));
            String subtype =
                    CodexUserText.subtypeOf(text.text()).orElse(record.payload().stringOr("role", "developer"));
            record.system(Integer.toString(i), subtype, text);
        }
    }
}
