package dev.kept.agents.copilot;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.Authorship;
import dev.kept.model.BoundedText;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.model.ModelCall;
import dev.kept.model.TokenUsage;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.provider.SessionParser;
import dev.kept.provider.SourceKind;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentIds;
import dev.kept.provider.support.ContentText;
import dev.kept.provider.support.Revisions;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The parser of one Copilot CLI file.
 *
 * <p>Its state: emitted and asking calls ({@link CopilotTools}), the start of the run ({@link CopilotPrompts}), tokens
 * that wait for their message, emitted facts, and hashed ids.
 */
final class CopilotParser implements SessionParser {
    private static final int OWN_BYTES = 320;
    private static final Set<String> TIMELESS = Set.of("timestamp", "parentId");

    /** Types of records about the agent's own work, and the rule of each. */
    private static final Map<String, String> RULES = rules();

    private final SourceKind.Session source;
    private final ContentIds ids = new ContentIds();
    private final CopilotTools tools = new CopilotTools();
    private final CopilotPrompts prompts = new CopilotPrompts();
    private final CopilotUsage usage = new CopilotUsage();
    private final Revisions revisions = new Revisions();
    private final Map<String, String> lastFacts = new HashMap<>();

    CopilotParser(SourceKind.Session source) {
        this.source = source;
    }

    private static Map<String, String> rules() {
        Map<String, String> rules = new HashMap<>();
        String state = "the agent's own state";
        for (String type : List.of(
                "session.start",
                "session.resume",
                "session.shutdown",
                "session.idle",
                "session.title_changed",
                "session.model_change",
                "session.mode_changed",
                "session.plan_changed",
                "session.workspace_file_changed",
                "session.context_changed",
                "session.permissions_changed",
                "session.remote_steerable_changed",
                "session.tools_updated",
                "session.skills_loaded",
                "session.custom_agents_updated",
                "session.mcp_servers_loaded",
                "session.mcp_server_status_changed",
                "session.background_tasks_changed",
                "session.extensions_loaded",
                "session.usage_info",
                "pending_messages.modified",
                "subagent.selected",
                "subagent.deselected",
                "assistant.intent")) {
            rules.put(type, state);
        }
        String running = "shows that something is running; its end is a record of its own";
        for (String type : List.of(
                "assistant.turn_start",
                "assistant.turn_end",
                "assistant.message_delta",
                "assistant.reasoning_delta",
                "assistant.streaming_delta",
                "tool.execution_partial_result",
                "tool.execution_progress",
                "tool.user_requested",
                "session.compaction_start")) {
            rules.put(type, running);
        }
        rules.put("session.usage_record", "its tokens are told with their message");
        rules.put("assistant.usage", "its tokens are told with their message");
        rules.put("system.message", "what the model is told before the conversation");
        for (String type : List.of("hook.start", "hook.end")) {
            rules.put(type, "a hook ran; what it says to the model is in the conversation");
        }
        for (String type : List.of(
                "permission.requested",
                "permission.completed",
                "user_input.requested",
                "user_input.completed",
                "exit_plan_mode.requested",
                "exit_plan_mode.completed",
                "elicitation.requested",
                "elicitation.completed",
                "external_tool.requested",
                "external_tool.completed",
                "command.queued",
                "command.completed")) {
            rules.put(type, "what came of it stands in the tool's result");
        }
        return Map.copyOf(rules);
    }

    @Override
    public DecodedRecord read(SourceRecord record) {
        return switch (record) {
            case SourceRecord.Malformed malformed -> raw(malformed, malformed.type(), malformed.reason());
            case SourceRecord.Value value when value.value() instanceof JsonObject body -> read(value, body);
            case SourceRecord.Value value -> raw(value, "value", "not an object");
        };
    }

    private DecodedRecord read(SourceRecord.Value value, JsonObject body) {
        String id = body.string("id").filter(it -> !it.isEmpty()).orElseGet(() -> ids.next(body, TIMELESS));
        JsonObject data = body.object("data").orElse(JsonObject.EMPTY);
        // A subagent's events are among the others, under the agent's id or that of the call that started it.
        String line = body.string("agentId")
                .or(() -> data.string("parentToolCallId"))
                .filter(it -> !it.isEmpty())
                .orElse(source.line());
        CopilotRecord record = new CopilotRecord(value, body, id, line);
        List<SessionFact> facts = facts(record);
        dispatch(record);
        if (!record.events().isEmpty()) {
            return DecodedRecord.of(record.type(), revisions.of(record.events()), facts);
        }
        String rule = RULES.getOrDefault(record.type(), "says nothing that was not told");
        return DecodedRecord.withoutEvents(record.type(), rule, facts);
    }

    private void dispatch(CopilotRecord record) {
        JsonObject data = record.data();
        switch (record.type()) {
            case "user.message" -> CopilotUserMessage.read(record, prompts.of(record));
            case "assistant.message" -> answer(record);
            case "assistant.reasoning" -> {
                ContentText text = record.text(data, "content");
                record.add(
                        new AssistantThinking(record.header("0"), text.text(), ModelCall.UNKNOWN, text.references()));
            }
            case "tool.execution_start" -> tools.readStart(record);
            case "tool.execution_complete" -> tools.readCompletion(record);
            case "session.usage_record" -> data.object("usage").ifPresent(usage::addPending);
            case "assistant.usage" -> usage.addPending(data);
            case "session.shutdown" -> addTotals(record);
            case "session.start", "session.resume" -> prompts.noteStart(record.time());
            case "system.notification" ->
                record.system(
                        data.object("kind").orElse(JsonObject.EMPTY).stringOr("type", "notification"),
                        record.text(data, "content"));
            case "skill.invoked" -> record.system("skill", record.text(data, "content"));
            case "session.info", "session.warning", "session.error" ->
                record.system(record.type().substring("session.".length()), record.text(data, "message"));
            case "session.task_complete" -> record.system("task_complete", record.text(data, "summary"));
            case "session.compaction_complete" -> record.system("compact_summary", record.text(data, "summaryContent"));
            case "abort" -> record.system("abort", record.text(data, "reason"));
            case "session.truncation",
                    "session.snapshot_rewind",
                    "session.handoff",
                    "subagent.started",
                    "subagent.completed",
                    "subagent.failed" -> record.info(record.type(), data.toJson());
            default -> {
                if (!RULES.containsKey(record.type())) {
                    record.raw("unknown record");
                }
            }
        }
    }

    private void answer(CopilotRecord record) {
        prompts.noteAnswer();
        JsonObject data = record.data();
        TokenUsage used = usage.countMessage(record.id(), data);
        ModelCall[] call = {new ModelCall(data.stringOr("messageId", ""), model(record), used)};
        ContentText thought = record.text(data, "reasoningText");
        boolean hidden = data.string("reasoningOpaque").isPresent();
        if (!thought.isEmpty() || hidden) {
            record.add(new AssistantThinking(
                    record.header("thinking"), thought.text(), withUsageOnce(call), thought.references()));
        }
        ContentText answer = record.text(data, "content");
        if (!answer.text().isBlank() || !answer.references().isEmpty()) {
            record.add(
                    new AssistantMessage(record.header("0"), answer.text(), withUsageOnce(call), answer.references()));
        }
        for (JsonValue value : data.array("toolRequests")) {
            if (value instanceof JsonObject request) {
                tools.emitCall(
                        record,
                        request.stringOr("toolCallId", ""),
                        request.stringOr("name", ""),
                        request.get("arguments").orElse(JsonObject.EMPTY),
                        withUsageOnce(call));
            }
        }
        if (record.events().isEmpty() && !used.isNone()) {
            record.add(new AssistantThinking(record.header("usage"), "", withUsageOnce(call), List.of()));
        }
    }

    /**
     * Returns the model of a message; on the main branch, a message without one has that of the last record that named
     * it.
     */
    private String model(CopilotRecord record) {
        String before = record.onMainLine() ? lastFacts.getOrDefault("model", "") : "";
        return record.data().stringOr("model", before);
    }

    /** Returns the call; only the first result carries the usage. */
    private static ModelCall withUsageOnce(ModelCall[] call) {
        ModelCall now = call[0];
        call[0] = new ModelCall(now.messageId(), now.model(), TokenUsage.NONE);
        return now;
    }

    private void addTotals(CopilotRecord record) {
        usage.countShutdown(record.data().object("modelMetrics").orElse(JsonObject.EMPTY))
                .forEach((model, used) -> record.add(new ProviderInfo(
                        record.header("usage/" + model), "token_usage", "", new ModelCall("", model, used))));
    }

    private List<SessionFact> facts(CopilotRecord record) {
        List<SessionFact> facts = new ArrayList<>();
        JsonObject data = record.data();
        if (!record.onMainLine()) {
            return facts;
        }
        switch (record.type()) {
            case "session.start", "session.resume" -> {
                identify(data.stringOr("sessionId", ""), facts);
                JsonObject context = data.object("context").orElse(JsonObject.EMPTY);
                addIfChanged(facts, context, "cwd", "cwd", SessionFact.WorkingDirectory::new);
                addIfChanged(facts, context, "branch", "branch", SessionFact.GitBranch::new);
                addIfChanged(facts, data, "copilotVersion", "version", SessionFact.ClientVersion::new);
                addIfChanged(facts, data, "selectedModel", "model", SessionFact.Model::new);
            }
            case "session.context_changed" -> {
                addIfChanged(facts, data, "cwd", "cwd", SessionFact.WorkingDirectory::new);
                addIfChanged(facts, data, "branch", "branch", SessionFact.GitBranch::new);
            }
            case "session.model_change" -> {
                addIfChanged(
                        facts,
                        data,
                        data.string("newModel").isPresent() ? "newModel" : "model",
                        "model",
                        SessionFact.Model::new);
            }
            case "assistant.message" -> addIfChanged(facts, data, "model", "model", SessionFact.Model::new);
            case "session.title_changed" ->
                addIfChanged(facts, data, "title", "title", title -> new SessionFact.Title(title, false));
            case "user.message" ->
                CopilotUserMessage.skill(data).map(CopilotParser::commandTitle).ifPresent(facts::add);
            case "skill.invoked" ->
                data.string("name").map(name -> commandTitle("/" + name)).ifPresent(facts::add);
            case "command.queued" ->
                data.string("command").map(CopilotParser::commandTitle).ifPresent(facts::add);
            default -> {}
        }
        return facts;
    }

    /**
     * Updates the identity of the session. The first record that names it counts, unless a later one has the name of
     * its folder.
     */
    private void identify(String written, List<SessionFact> facts) {
        if (written.isEmpty()) {
            return;
        }
        String id = SafeId.of(written);
        boolean asThePath = source.sessionId().equals(Optional.of(id));
        boolean first = !lastFacts.containsKey("session");
        if ((first || asThePath) && updateFact("session", id) && !(first && asThePath)) {
            facts.add(new SessionFact.Identity(id));
        }
    }

    /** Returns the title of a session that is used until a person writes a prompt. */
    private static SessionFact commandTitle(String command) {
        return new SessionFact.Title(command, Origin.COMMAND);
    }

    private boolean updateFact(String name, String value) {
        String key = BoundedText.key(value);
        return !key.equals(lastFacts.put(name, key));
    }

    private void addIfChanged(
            List<SessionFact> facts, JsonObject from, String member, String name, Function<String, SessionFact> fact) {
        String value = from.stringOr(member, "");
        if (!value.isEmpty() && updateFact(name, value)) {
            facts.add(fact.apply(value));
        }
    }

    @Override
    public void save(StateWriter out) {
        ids.save(out);
        tools.save(out);
        prompts.save(out);
        usage.save(out);
        revisions.save(out);
        out.all(lastFacts, StateWriter::text);
    }

    @Override
    public void restore(StateReader in) throws IOException {
        ids.restore(in);
        tools.restore(in);
        prompts.restore(in);
        usage.restore(in);
        revisions.restore(in);
        in.all(StateReader::text, lastFacts::put);
    }

    @Override
    public long heldBytes() {
        long facts = 0;
        for (String value : lastFacts.values()) {
            facts += 64 + BoundedText.bytes(value);
        }
        return OWN_BYTES + ids.heldBytes() + tools.heldBytes() + usage.heldBytes() + revisions.heldBytes() + facts;
    }

    private DecodedRecord raw(SourceRecord record, String type, String reason) {
        EventHeader header = new EventHeader(
                ids.next(type + " " + reason + " " + record.offset() + " " + record.length()) + "/0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                source.line(),
                Authorship.NONE,
                new EventSource(type, record.generation(), record.offset(), record.length(), 0));
        return DecodedRecord.of(type, List.of(new ProviderRaw(header, reason)), List.of());
    }
}
