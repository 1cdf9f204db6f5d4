package dev.kept.agents.codex;

import dev.kept.agents.codex.CodexDuplicates.Statement;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent.AssistantDecision;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserDecision;
import dev.kept.model.ModelCall;
import dev.kept.model.TokenUsage;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentText;
import dev.kept.provider.support.RecentMap;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A reader of tool calls and their results. The failure of a tool is recorded in one of three ways: in the event of its
 * end, which comes before its output; in the envelope of the output (before 0.4x, counted: 1,164); in the output's
 * first lines (counted: 5,317).
 */
final class CodexTools {
    private static final int OPEN_CALLS = 64;

    /** Size of a call's id and a word. */
    private static final int CALL_BYTES = 24 + 48 + 16;

    private static final String ASKING = "request_user_input";
    private final RecentMap<Boolean> failed = new RecentMap<>(OPEN_CALLS);
    private final RecentMap<Boolean> asked = new RecentMap<>(OPEN_CALLS);
    private final RecentMap<Boolean> patches = new RecentMap<>(OPEN_CALLS);
    private final CodexDuplicates searches = new CodexDuplicates();
    private final CodexAgents agents = new CodexAgents();

    /** Reads {@code function_call}. */
    void readFunctionCall(CodexRecord record) {
        JsonObject payload = record.payload();
        String callId = payload.stringOr("call_id", payload.stringOr("id", ""));
        String name = payload.stringOr("name", "");
        JsonValue arguments =
                member(payload, "arguments").or(() -> member(payload, "input")).orElse(new JsonString("{}"));
        String input = arguments instanceof JsonText text ? text.value() : arguments.toJson();
        if (CodexOutcomes.isPatch(name, input)) {
            patches.renew(callId, true);
        }
        agents.recordCall(callId, name, input);
        add(
                record,
                callId,
                payload.string("namespace").map(space -> space + "." + name).orElse(name),
                input,
                arguments);
        if (name.equals(ASKING)) {
            asked.renew(callId, true);
            record.add(new AssistantDecision(
                    record.header(record.thread().ids().ofName(callId, "call/decision"), Authorship.NONE),
                    callId,
                    question(input),
                    record.call()));
        }
    }

    /** Reads {@code custom_tool_call}, whose input is plain text, e.g. a patch. */
    void readCustomCall(CodexRecord record) {
        JsonObject payload = record.payload();
        JsonValue input =
                member(payload, "input").or(() -> member(payload, "arguments")).orElse(new JsonString(""));
        String name = payload.stringOr("name", "");
        String callId = payload.stringOr("call_id", "");
        if (CodexOutcomes.isPatch(name, input.toJson())) {
            patches.renew(callId, true);
        }
        add(record, callId, name, input.toJson(), input);
    }

    /** Returns the value of a member; empty if it is missing, or blank while another member has a value. */
    private static Optional<JsonValue> member(JsonObject payload, String member) {
        return payload.get(member).filter(value -> switch (value) {
            case JsonNull _ -> false;
            case JsonObject object -> !object.members().isEmpty();
            case JsonText text ->
                !text.value().isBlank() && !text.value().strip().equals("{}");
            case JsonValue _ -> true;
        });
    }

    /** Reads a call whose input is in the member {@code member}. */
    void readCall(CodexRecord record, String name, String member) {
        JsonObject payload = record.payload();
        JsonValue input = member(payload, member)
                .or(() -> member(payload, "input"))
                .or(() -> member(payload, "arguments"))
                .or(() -> payload.get(member))
                .orElse(JsonObject.EMPTY);
        String callId = payload.stringOr("call_id", payload.stringOr("id", ""));
        if (CodexOutcomes.isPatch(name, input.toJson())) {
            patches.renew(callId, true);
        }
        add(record, callId, name, input instanceof JsonText text ? text.value() : input.toJson(), input);
    }

    /** Reads {@code web_search_call}, which has no call id of its own; its event, right before it, has one. */
    void readSearch(CodexRecord record) {
        JsonObject payload = record.payload();
        JsonValue action = payload.get("action").orElse(JsonObject.EMPTY);
        Optional<Statement> event = searches.removeFirst(_ -> true);
        String callId = payload.string("id")
                .filter(id -> !id.isEmpty())
                .or(() -> event.map(Statement::eventId))
                .orElse("");
        add(record, callId, "web_search", action.toJson(), action);
    }

    /** Reads the event of a search, which comes before its item. */
    Optional<String> readSearchEvent(CodexRecord record, String callId, JsonObject search) {
        JsonValue action =
                search.get("action").orElseGet(() -> search.get("query").orElse(JsonObject.EMPTY));
        searches.add(new Statement(callId, record.type(), record.timestamp(), action.toJson(), List.of()))
                .forEach(statement -> emitSearch(record, statement));
        return record.events().isEmpty() ? Optional.of("told by its item") : Optional.empty();
    }

    /** Emits the searches whose item did not come by the end of the turn. */
    void emitUnmatched(CodexRecord record) {
        searches.removeAll().forEach(statement -> emitSearch(record, statement));
    }

    private static void emitSearch(CodexRecord record, Statement search) {
        record.add(new ToolCall(
                record.header(
                        record.thread().ids().ofName(search.eventId(), "call"),
                        search.recordType(),
                        search.timestamp(),
                        Authorship.NONE),
                search.eventId(),
                "web_search",
                search.text(),
                new ModelCall("", record.thread().model(), TokenUsage.NONE),
                List.of()));
    }

    private static void add(CodexRecord record, String callId, String name, String input, JsonValue raw) {
        String eventId = callId.isEmpty()
                ? record.thread().ids().ofText("call " + name + " " + input)
                : record.thread().ids().ofName(callId, "call");
        record.add(new ToolCall(
                record.header(eventId, Authorship.NONE),
                callId,
                name,
                input,
                record.call(),
                record.content().referToLarge(raw).references()));
    }

    /** Records whether a tool failed, for its output, which comes next. */
    void recordEnd(String callId, boolean withError) {
        if (!callId.isEmpty()) {
            failed.renew(callId, withError);
        }
    }

    /** Records that a call started another agent's thread, for its output, which comes next. */
    void recordAgent(String callId, JsonObject event) {
        agents.recordThread(callId, CodexAgents.startedThread(event));
    }

    /** Reads the output of any tool. */
    void readOutput(CodexRecord record) {
        JsonObject payload = record.payload();
        String callId = payload.stringOr("call_id", payload.stringOr("id", ""));
        JsonValue output = payload.get("output").or(() -> payload.get("tools")).orElse(JsonNull.NULL);
        boolean error =
                Boolean.TRUE.equals(failed.remove(callId)) || CodexOutcomes.isFailure(payload.stringOr("status", ""));
        if (output instanceof JsonObject object && object.get("content").isPresent()) {
            error |= object.get("success").isPresent() && !object.isTrue("success");
            output = object.get("content").get();
        }
        boolean patch = Boolean.TRUE.equals(patches.remove(callId));
        ContentText text = record.content();
        Optional<JsonObject> envelope =
                output instanceof JsonString string ? CodexOutcomes.envelope(string.value()) : Optional.empty();
        if (envelope.isPresent()) {
            text.add(envelope.get().stringOr("output", ""));
            error |= envelope.get()
                    .object("metadata")
                    .filter(CodexOutcomes::saysFailed)
                    .isPresent();
        } else {
            CodexContent.add(text, output);
            error |= CodexOutcomes.saysFailed(text.text())
                    || (patch && output instanceof JsonText && CodexOutcomes.saysRejected(text.text()));
        }
        String eventId = callId.isEmpty()
                ? record.thread().ids().ofText("result " + text.text())
                : record.thread().ids().ofName(callId, "result");
        record.add(new ToolResult(
                record.header(eventId, Authorship.NONE),
                callId,
                text.text(),
                error,
                text.references(),
                agents.removeBranch(callId, text.text())));
        if (asked.remove(callId) != null && !error) {
            record.add(new UserDecision(
                    record.header(record.thread().ids().ofName(callId, "result/decision"), Authorship.NONE),
                    callId,
                    UserDecision.Outcome.ANSWERED,
                    answer(text.text())));
        }
    }

    /** Reads {@code image_generation_call}: the call and the picture in one record. */
    void readImage(CodexRecord record) {
        JsonObject payload = record.payload();
        String callId = payload.stringOr("id", "");
        JsonValue prompt = payload.get("revised_prompt").orElse(new JsonString(""));
        add(record, callId, "image_generation", prompt.toJson(), prompt);
        if (payload.get("result").orElse(JsonNull.NULL) instanceof JsonText picture) {
            ContentText content = record.content();
            content.refer("image/png", picture);
            String eventId = callId.isEmpty()
                    ? record.thread().ids().ofText("result " + picture.rawLength())
                    : record.thread().ids().ofName(callId, "result");
            record.add(new ToolResult(
                    record.header(eventId, Authorship.NONE),
                    callId,
                    "",
                    CodexOutcomes.isFailure(payload.stringOr("status", "")),
                    content.references()));
        }
    }

    /** Returns the readable form of a question: each question with its options. */
    private static String question(String input) {
        StringJoiner lines = new StringJoiner("\n");
        if (parse(input) instanceof JsonObject asked) {
            for (JsonValue value : asked.array("questions")) {
                if (value instanceof JsonObject question) {
                    lines.add(question.stringOr("question", ""));
                    for (JsonValue option : question.array("options")) {
                        lines.add(
                                "- " + (option instanceof JsonObject it ? it.stringOr("label", "") : option.toJson()));
                    }
                }
            }
        }
        return lines.length() == 0 ? input : lines.toString();
    }

    private static String answer(String output) {
        StringJoiner lines = new StringJoiner("\n");
        if (parse(output) instanceof JsonObject object) {
            object.object("answers").orElse(JsonObject.EMPTY).members().forEach((question, value) -> {
                List<JsonValue> chosen = value instanceof JsonObject it ? it.array("answers") : List.of(value);
                for (JsonValue each : chosen) {
                    lines.add(question + ": " + (each instanceof JsonText text ? text.value() : each.toJson()));
                }
            });
        }
        return lines.length() == 0 ? output : lines.toString();
    }

    private static JsonValue parse(String text) {
        try {
            return JsonReader.parseInner(text);
        } catch (MalformedJsonException notJson) {
            return JsonNull.NULL;
        }
    }

    void save(StateWriter out) {
        out.all(failed, StateWriter::flag);
        out.all(asked, StateWriter::flag);
        out.all(patches, StateWriter::flag);
        searches.save(out);
        agents.save(out);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::flag, failed::put);
        in.all(StateReader::flag, asked::put);
        in.all(StateReader::flag, patches::put);
        searches.restore(in);
        agents.restore(in);
    }

    long heldBytes() {
        return 48
                + failed.heldBytes(CALL_BYTES)
                + asked.heldBytes(CALL_BYTES)
                + patches.heldBytes(CALL_BYTES)
                + searches.heldBytes()
                + agents.heldBytes();
    }
}
