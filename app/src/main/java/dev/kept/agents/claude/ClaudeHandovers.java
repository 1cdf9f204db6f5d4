package dev.kept.agents.claude;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.provider.HandoverMarks;
import java.util.Optional;

/**
 * The mark of background sessions: {@code /background} copies the records of a session, with their {@code uuid}, into
 * the file of a new session, whose records all have {@code "sessionKind":"bg"}. A session that was started in the
 * background has the mark, too.
 */
record ClaudeHandovers() implements HandoverMarks {
    @Override
    public Optional<String> recordId(JsonObject entry) {
        return entry.string("uuid").filter(id -> !id.isBlank());
    }

    @Override
    public boolean isHandedOver(JsonObject entry) {
        return entry.stringOr("sessionKind", "").equals("bg");
    }
}
