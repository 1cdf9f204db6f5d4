package dev.kept.agents.claude;

import java.util.Map;
import java.util.Optional;

/** The known types of records that are not part of the conversation, with the reason. The set of types is open. */
final class ClaudeSideRecords {
    private static final String TITLE = "says the session's title";
    private static final String STATE = "the agent's own state";
    private static final String REPEATED = "repeats a prompt that has a record of its own";
    private static final String REQUEST = "repeats the conversation as a request";
    private static final String BACKUP = "backups of edited files";
    private static final String RUNNING = "shows that something is running; its end is a record of its own";

    private static final Map<String, String> RULES = Map.ofEntries(
            Map.entry("custom-title", TITLE),
            Map.entry("ai-title", TITLE),
            Map.entry("summary", TITLE),
            Map.entry("agent-name", TITLE),
            Map.entry("agent-color", STATE),
            Map.entry("agent-setting", STATE),
            Map.entry("tag", STATE),
            Map.entry("mode", STATE),
            Map.entry("permission-mode", STATE),
            Map.entry("worktree-state", STATE),
            Map.entry("relocated", STATE),
            Map.entry("bridge-session", STATE),
            Map.entry("teleported-from", STATE),
            Map.entry("atis-latch", STATE),
            Map.entry("cost-state", STATE),
            Map.entry("tools-used", STATE),
            Map.entry("content-replacement", STATE),
            Map.entry("speculation-accept", STATE),
            Map.entry("attribution-snapshot", STATE),
            Map.entry("marble-origami-commit", STATE),
            Map.entry("marble-origami-snapshot", STATE),
            Map.entry("last-prompt", REPEATED),
            Map.entry("api-request", REQUEST),
            Map.entry("api-request-shape", REQUEST),
            Map.entry("api-request-blob", REQUEST),
            Map.entry("file-history-snapshot", BACKUP),
            Map.entry("file-history-delta", BACKUP),
            Map.entry("progress/bash_progress", RUNNING),
            Map.entry("progress/powershell_progress", RUNNING),
            Map.entry("progress/hook_progress", RUNNING),
            Map.entry("progress/mcp_progress", RUNNING),
            Map.entry("progress/query_update", RUNNING),
            Map.entry("progress/search_results_received", RUNNING),
            Map.entry("progress/waiting_for_task", RUNNING),
            Map.entry("progress/task_progress", RUNNING),
            Map.entry("progress/repl_tool_call", RUNNING),
            Map.entry("started", "a subagent of a workflow began; it has a file of its own"));

    private ClaudeSideRecords() {}

    /** Returns the reason why a record of this type has no event; empty for an unknown type. */
    static Optional<String> rule(String recordType) {
        return Optional.ofNullable(RULES.get(recordType));
    }
}
