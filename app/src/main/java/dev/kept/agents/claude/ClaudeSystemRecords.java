package dev.kept.agents.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A reader of {@code system} records. Their text, if any, is the top-level {@code content} (counted: 58 of 1,816),
 * never {@code message.content}.
 */
final class ClaudeSystemRecords {
    private static final Set<String> KNOWN = Set.of(
            "api_error",
            "api_metrics",
            "api_refusal",
            "away_summary",
            "bridge_status",
            "compact_boundary",
            "error",
            "informational",
            "local_command",
            "memory_saved",
            "microcompact_boundary",
            "model_refusal_fallback",
            "permission_retry",
            "scheduled_task_fire",
            "session_start",
            "stop_hook_summary",
            "turn_duration");

    private ClaudeSystemRecords() {}

    /** Reads the record; returns the rule if it has no events. */
    static Optional<String> read(ClaudeRecord record) {
        JsonObject body = record.body();
        String subtype = body.stringOr("subtype", "");
        if (!KNOWN.contains(subtype)) {
            record.raw(0, "unknown system record");
            return Optional.empty();
        }
        if (subtype.equals("api_error")) {
            record.system(0, subtype, error(body));
            return Optional.empty();
        }
        if (subtype.equals("stop_hook_summary")) {
            return readHooks(record);
        }
        if (!(body.get("content").orElse(JsonNull.NULL) instanceof JsonText text)) {
            return Optional.of("a measure without words");
        }
        Optional<String> machine = MachineText.subtypeOf(text.value(), Attribution.Trust.NONE);
        if (machine.isPresent()) {
            ClaudePrompts.readMachineText(record, 0, machine.get(), text);
        } else {
            record.system(0, subtype, record.content().add(text));
        }
        return Optional.empty();
    }

    /** Reads hooks. Those without output (counted: most of 1,209) are not part of the conversation. */
    private static Optional<String> readHooks(ClaudeRecord record) {
        StringJoiner lines = new StringJoiner("\n");
        for (JsonValue error : record.body().array("hookErrors")) {
            lines.add(error instanceof JsonText text ? text.value() : error.toJson());
        }
        String stopped = record.body().stringOr("stopReason", "");
        if (!stopped.isEmpty()) {
            lines.add(stopped);
        }
        if (lines.length() == 0) {
            return Optional.of("hooks that said nothing");
        }
        record.info(0, "stop_hook_summary", lines.toString());
        return Optional.empty();
    }

    private static String error(JsonObject body) {
        JsonObject error = body.object("error").orElse(JsonObject.EMPTY);
        String text = error.string("formatted")
                .or(() -> error.string("message"))
                .or(() -> error.object("error").flatMap(it -> it.string("message")))
                .or(() -> body.string("content"))
                .orElse(error.members().isEmpty() ? "API error" : error.toJson());
        return text + " (attempt " + body.longOr("retryAttempt", 0) + " of " + body.longOr("maxRetries", 0) + ")";
    }
}
