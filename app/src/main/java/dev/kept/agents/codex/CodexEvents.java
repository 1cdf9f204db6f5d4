package dev.kept.agents.codex;

import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.provider.support.ContentText;
import java.util.Optional;

/** A reader of {@code event_msg} records: the events for the screen. */
final class CodexEvents {
    private static final String TOOL = "a tool's course; its call and its output are items";
    private static final String STATE = "the agent's own state";

    private final CodexPrompts users;
    private final CodexAnswers answers;
    private final CodexTools tools;
    private final CodexCompaction compaction;

    CodexEvents(CodexPrompts users, CodexAnswers answers, CodexTools tools, CodexCompaction compaction) {
        this.users = users;
        this.answers = answers;
        this.tools = tools;
        this.compaction = compaction;
    }

    /** Reads an event. Returns the rule if it becomes no event. */
    Optional<String> read(CodexRecord record) {
        JsonObject payload = record.payload();
        switch (payload.stringOr("type", "?")) {
            case "user_message" -> {
                answers.emitUnmatched(record, Optional.empty());
                return users.readEvent(record);
            }
            case "agent_message" -> {
                users.emitUnmatched(record);
                return answers.readMessageEvent(record, text(record, payload, "message"));
            }
            case "agent_reasoning", "agent_reasoning_raw_content" -> {
                users.emitUnmatched(record);
                return answers.readReasoningEvent(record, text(record, payload, "text"));
            }
            case "agent_reasoning_section_break" -> {
                return Optional.of("a heading of reasoning begins");
            }
            case "task_started", "turn_started" -> {
                return readTurnBegin(record);
            }
            case "task_complete", "turn_complete" -> {
                return readTurnEnd(record);
            }
            case "turn_aborted" -> {
                endTurn(record, Optional.empty());
                return users.readAborted(record);
            }
            case "item_completed", "item_started", "item_updated" -> {
                return readItem(record, payload.object("item").orElse(JsonObject.EMPTY));
            }
            case "thread_rolled_back" -> record.system("0", "rolled_back", turns(payload.longOr("num_turns", 0)));
            case "entered_review_mode" ->
                record.system("0", "entered_review_mode", textOrJson(payload, "user_facing_hint"));
            case "exited_review_mode" -> record.system("0", "exited_review_mode", textOrJson(payload, "review_output"));
            case "context_compacted" -> {
                return compaction.readMark(record, "");
            }
            case "error", "stream_error", "warning", "deprecation_notice", "guardian_warning" ->
                record.system("0", payload.stringOr("type", ""), payload.stringOr("message", payload.toJson()));
            case "undo_completed", "injected_message", "background_event" ->
                record.system("0", payload.stringOr("type", ""), payload.stringOr("message", payload.toJson()));
            case "thread_goal_updated" -> record.info("0", "goal", payload.toJson());
            default -> {
                return readCourse(record, payload);
            }
        }
        return Optional.empty();
    }

    private Optional<String> readCourse(CodexRecord record, JsonObject payload) {
        return switch (payload.stringOr("type", "?")) {
            case "exec_command_end", "patch_apply_end", "mcp_tool_call_end", "dynamic_tool_call_response" -> {
                tools.recordEnd(payload.stringOr("call_id", ""), CodexOutcomes.saysFailed(payload));
                yield Optional.of(TOOL);
            }
            case "collab_agent_spawn_end" -> {
                tools.recordAgent(payload.stringOr("call_id", ""), payload);
                yield Optional.of(TOOL);
            }
            case "web_search_end" -> tools.readSearchEvent(record, payload.stringOr("call_id", ""), payload);
            case "exec_command_begin",
                    "exec_command_output_delta",
                    "patch_apply_begin",
                    "patch_apply_updated",
                    "mcp_tool_call_begin",
                    "web_search_begin",
                    "image_generation_begin",
                    "image_generation_end",
                    "view_image_tool_call",
                    "dynamic_tool_call_request",
                    "terminal_interaction",
                    "sub_agent_activity",
                    "collab_agent_spawn_begin",
                    "collab_agent_interaction_begin",
                    "collab_agent_interaction_end",
                    "collab_waiting_begin",
                    "collab_waiting_end",
                    "collab_close_begin",
                    "collab_close_end",
                    "collab_resume_begin",
                    "collab_resume_end",
                    "exec_approval_request",
                    "apply_patch_approval_request",
                    "request_user_input",
                    "request_permissions",
                    "elicitation_request",
                    "turn_diff",
                    "plan_update" -> Optional.of(TOOL);
            case "thread_settings_applied",
                    "session_configured",
                    "shutdown_complete",
                    "mcp_startup_update",
                    "mcp_startup_complete",
                    "model_reroute",
                    "raw_response_item",
                    "undo_started",
                    "skills_update_available",
                    "hook_started",
                    "hook_completed" -> Optional.of(STATE);
            default -> {
                record.raw("unknown event");
                yield Optional.empty();
            }
        };
    }

    private Optional<String> readTurnBegin(CodexRecord record) {
        endTurn(record, Optional.empty());
        users.beginTurn();
        answers.beginTurn();
        return Optional.of("a turn begins");
    }

    private Optional<String> readTurnEnd(CodexRecord record) {
        Optional<JsonText> last = record.payload()
                .get("last_agent_message")
                .flatMap(value -> value instanceof JsonText text ? Optional.of(text) : Optional.empty());
        endTurn(record, last);
        answers.endTurn();
        return Optional.of("a turn ends");
    }

    private void endTurn(CodexRecord record, Optional<JsonText> last) {
        users.emitUnmatched(record);
        answers.emitUnmatched(record, last);
        tools.emitUnmatched(record);
    }

    /** Reads an item of 0.149 or later: one record for each completed action. */
    private Optional<String> readItem(CodexRecord record, JsonObject item) {
        boolean completed = record.payload().stringOr("type", "").equals("item_completed");
        if (!completed) {
            return Optional.of("shows that something is running; its end is a record of its own");
        }
        switch (item.stringOr("type", "?")) {
            case "UserMessage" -> {
                answers.emitUnmatched(record, Optional.empty());
                return users.readCompleted(record, item);
            }
            case "AgentMessage" -> {
                users.emitUnmatched(record);
                return answers.readMessageEvent(record, CodexContent.texts(record.content(), item.array("content")));
            }
            case "Reasoning" -> {
                users.emitUnmatched(record);
                ContentText text = CodexContent.texts(record.content(), item.array("summary_text"));
                return answers.readReasoningEvent(record, CodexContent.texts(text, item.array("raw_content")));
            }
            case "CommandExecution", "FileChange", "McpToolCall", "DynamicToolCall", "CollabToolCall", "ToolCall" -> {
                tools.recordEnd(item.stringOr("call_id", item.stringOr("id", "")), CodexOutcomes.saysFailed(item));
                return Optional.of(TOOL);
            }
            case "WebSearch" -> {
                return tools.readSearchEvent(record, item.stringOr("id", ""), item);
            }
            case "ContextCompaction" -> {
                return compaction.readMark(record, "");
            }
            case "EnteredReviewMode" -> record.system("0", "entered_review_mode", textOrJson(item, "review"));
            case "ExitedReviewMode" -> record.system("0", "exited_review_mode", textOrJson(item, "review"));
            case "HookPrompt" -> record.system("0", "hook", textOrJson(item, "fragments"));
            case "ImageView", "ImageGeneration", "Sleep", "SubAgentActivity" -> {
                return Optional.of(TOOL);
            }
            case "Plan" -> {
                return Optional.of("a plan that stands in the answer beside it");
            }
            default -> record.raw("unknown item");
        }
        return Optional.empty();
    }

    /** Returns the slash command that an event reports; empty if there is none. */
    static String command(JsonObject payload) {
        JsonObject item = payload.object("item").orElse(JsonObject.EMPTY);
        String goal = payload.object("goal").orElse(JsonObject.EMPTY).stringOr("objective", "");
        return switch (payload.stringOr("type", "?")) {
            case "entered_review_mode" -> "/review " + payload.stringOr("user_facing_hint", "");
            case "thread_goal_updated" -> goal.isEmpty() ? "" : "/goal " + goal;
            case "item_completed" ->
                item.stringOr("type", "?").equals("EnteredReviewMode") ? "/review " + item.stringOr("review", "") : "";
            default -> "";
        };
    }

    private static String turns(long count) {
        return count == 1 ? "1 turn was taken back" : count + " turns were taken back";
    }

    private static String textOrJson(JsonObject payload, String member) {
        return switch (payload.get(member).orElse(JsonNull.NULL)) {
            case JsonText text -> text.value();
            case JsonNull _ -> "";
            case JsonObject object -> object.stringOr("overall_explanation", object.toJson());
            case dev.kept.json.JsonValue other -> other.toJson();
        };
    }

    private static ContentText text(CodexRecord record, JsonObject payload, String member) {
        ContentText content = record.content();
        return payload.get(member).orElse(JsonNull.NULL) instanceof JsonText text ? content.add(text) : content;
    }
}
