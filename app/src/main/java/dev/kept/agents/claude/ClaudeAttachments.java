package dev.kept.agents.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.provider.support.ContentText;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A reader of {@code attachment} records (from 2.1.111 on): texts that the agent gives the model beside the messages.
 */
final class ClaudeAttachments {
    /** Types that are put into the conversation as text. */
    private static final Set<String> SPEAKING = Set.of(
            "critical_system_reminder",
            "date_change",
            "diagnostics",
            "edited_text_file",
            "file",
            "hook_additional_context",
            "hook_blocking_error",
            "hook_error_during_execution",
            "hook_non_blocking_error",
            "hook_stopped_continuation",
            "hook_success",
            "hook_system_message",
            "nested_memory",
            "output_style",
            "plan_file_reference",
            "plan_mode",
            "plan_mode_exit",
            "plan_mode_reentry",
            "relevant_memories",
            "selected_lines_in_ide");

    /** Types that list what the model may use, or repeat other records. */
    private static final Set<String> LISTING = Set.of(
            "agent_listing_delta",
            "auto_mode",
            "auto_mode_exit",
            "command_permissions",
            "compact_file_reference",
            "deferred_tools_delta",
            "directory",
            "invoked_skills",
            "mcp_instructions_delta",
            "skill_listing",
            "task_reminder",
            "todo_reminder",
            "todo",
            "total_tokens_reminder",
            "token_usage",
            "budget_usd",
            "ultra_effort_enter",
            "ultra_effort_exit",
            "opened_file_in_ide");

    /** Texts for the model before the conversation begins, from 2.1.330 on in records of their own. */
    private static final Set<String> PREFACE =
            Set.of("date", "environment", "model", "prompt_snapshot", "remote_session_change", "session_context");

    private static final List<String> TEXT_MEMBERS =
            List.of("content", "snippet", "stderr", "message", "blockingError", "newDate", "planContent", "files");

    private ClaudeAttachments() {}

    /** Reads the record; returns the rule if it has no events. */
    static Optional<String> read(ClaudeRecord record) {
        JsonObject attachment = record.body().object("attachment").orElse(JsonObject.EMPTY);
        String type = attachment.stringOr("type", "");
        if (type.equals("queued_command")) {
            return readQueued(record, attachment);
        }
        if (LISTING.contains(type)) {
            return Optional.of("what the model may use, or a repetition");
        }
        if (PREFACE.contains(type)) {
            return Optional.of("what the model is told before the conversation");
        }
        if (!SPEAKING.contains(type)) {
            record.raw(0, "unknown attachment");
            return Optional.empty();
        }
        ContentText text = record.content();
        for (String member : TEXT_MEMBERS) {
            attachment.get(member).ifPresent(value -> addTexts(text, value));
        }
        if (text.text().isBlank() && text.references().isEmpty()) {
            return Optional.of("an attachment that says nothing");
        }
        record.system(0, type, withName(record, attachment, text));
        return Optional.empty();
    }

    /**
     * Reads a prompt that was submitted while the agent was active. No user record contains it (counted: 13 of 13).
     * From 2.1.161 on, {@code origin} names who queued it; task notifications have a {@code commandMode} of their own.
     *
     * @return the rule if there are no events
     */
    private static Optional<String> readQueued(ClaudeRecord record, JsonObject attachment) {
        JsonValue prompt = attachment.get("prompt").orElse(JsonNull.NULL);
        String mode = Marks.text(attachment, "commandMode");
        if (mode.isEmpty() || mode.equals("prompt")) {
            List<JsonValue> blocks = prompt instanceof JsonArray several ? several.values() : List.of(prompt);
            return ClaudePrompts.read(record, blocks, ClaudeAuthorship.ofQueued(record, attachment));
        }
        ContentText text = record.content();
        addTexts(text, prompt);
        record.system(
                0, MachineText.subtypeOf(text.text(), Attribution.Trust.NONE).orElse(mode), text);
        return Optional.empty();
    }

    private static ContentText withName(ClaudeRecord record, JsonObject attachment, ContentText text) {
        Optional<String> name = attachment.string("filename").or(() -> attachment.string("path"));
        if (name.isEmpty() || !text.references().isEmpty()) {
            return text;
        }
        return record.content().add(name.get()).add(text.text());
    }

    /** Adds all texts, in whatever form: plain, in a list, in blocks, in a file's {@code content.file.content}. */
    private static void addTexts(ContentText into, JsonValue value) {
        switch (value) {
            case JsonText text -> {
                if (!text.value().isEmpty()) {
                    into.add(text);
                }
            }
            case JsonArray items -> items.values().forEach(item -> addTexts(into, item));
            case JsonObject block when ClaudeMedia.isMedia(block) -> ClaudeMedia.add(into, block);
            case JsonObject block ->
                block.get("text")
                        .or(() -> block.get("content"))
                        .or(() -> block.get("file"))
                        .or(() -> block.get("blockingError"))
                        .ifPresent(inner -> addTexts(into, inner));
            case JsonValue _ -> {}
        }
    }
}
