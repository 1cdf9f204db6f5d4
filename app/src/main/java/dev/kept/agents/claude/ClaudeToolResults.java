package dev.kept.agents.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.Authorship;
import dev.kept.model.BoundedText;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserDecision;
import dev.kept.model.ConversationEvent.UserDecision.Outcome;
import dev.kept.model.TapeReference;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.support.ContentText;
import dev.kept.provider.support.RecentMap;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A reader of {@code tool_result} blocks, and of a person's decisions in them.
 *
 * <p>A large output is a {@code <persisted-output>} stub that names its file (counted: 45). The stub is the text, and
 * the file, which is on a tape of its own, a reference. No part of a result is ever a person's order, not even a
 * person's words of refusal: a tool can write the same.
 */
final class ClaudeToolResults {
    private static final int WAITING_DECISIONS = 64;
    private static final String PERSISTED = "<persisted-output>";

    /** The file's name in a path of any platform. */
    private static final Pattern PERSISTED_FILE = Pattern.compile("[/\\\\]tool-results[/\\\\]([A-Za-z0-9_.-]+)");

    private static final String REFUSED = "The user doesn't want to proceed with this tool use.";
    private static final String BEFORE_FEEDBACK = "the user said:\n";

    /** The client's advice to the model after a person's words (seen from 2.1.81 on). */
    private static final String ADVICE = "\n\nNote: The user's next message may contain a correction or preference.";

    /** Size of a call's id and a tool's name. */
    private static final int CALL_BYTES = 24 + 48 + 24 + 32;

    /** Pending decisions: the tool's name, by call id. */
    private final RecentMap<String> asked = new RecentMap<>(WAITING_DECISIONS);

    long heldBytes() {
        return asked.heldBytes(CALL_BYTES);
    }

    void save(StateWriter out) {
        out.all(asked, StateWriter::text);
    }

    void restore(StateReader in) throws IOException {
        in.all(StateReader::text, asked::put);
    }

    /** Records that a tool call asks a person to decide. */
    void recordQuestion(String callId, String tool) {
        asked.renew(callId, BoundedText.shortened(tool, BoundedText.MAX_NAME));
    }

    void read(ClaudeRecord record, int block, JsonObject result) {
        String callId = result.stringOr("tool_use_id", "");
        boolean error = result.isTrue("is_error");
        ContentText content = content(record, result.get("content").orElse(JsonNull.NULL));
        persisted(record, content.text()).ifPresent(content::refer);
        record.add(new ToolResult(
                record.header(block), callId, content.text(), error, content.references(), subagent(record)));
        decided(record, callId, error, content.text())
                .ifPresent(decision -> record.add(new UserDecision(
                        record.header(record.id() + "/" + block + "/decision", record.type(), Authorship.NONE),
                        callId,
                        decision.outcome(),
                        decision.text())));
    }

    /** A subagent that continues in the background has not finished its work yet. */
    private static Optional<String> subagent(ClaudeRecord record) {
        return record.body()
                .object("toolUseResult")
                .filter(result -> !result.isTrue("isAsync")
                        && !result.stringOr("status", "").equals("async_launched"))
                .flatMap(result -> result.string("agentId"))
                .filter(agent -> !agent.isBlank());
    }

    /** Returns the file of a large output: named by the structured twin (from 2.1.2xx on), or else by the stub. */
    private static Optional<TapeReference> persisted(ClaudeRecord record, String text) {
        if (!text.startsWith(PERSISTED)) {
            return Optional.empty();
        }
        JsonObject twin = record.body().object("toolUseResult").orElse(JsonObject.EMPTY);
        Matcher named = PERSISTED_FILE.matcher(twin.stringOr("persistedOutputPath", text));
        return named.find()
                ? Optional.of(TapeReference.toFile(
                        "text/plain", "tool-results/" + named.group(1), twin.longOr("persistedOutputSize", 0)))
                : Optional.empty();
    }

    private static ContentText content(ClaudeRecord record, JsonValue value) {
        ContentText content = record.content();
        switch (value) {
            case JsonText text -> content.add(text);
            case JsonArray items -> {
                for (JsonValue item : items.values()) {
                    addItem(content, item);
                }
            }
            case JsonNull _ -> {}
            case JsonValue other -> content.add(other.toJson());
        }
        return content;
    }

    private static void addItem(ContentText content, JsonValue item) {
        if (item instanceof JsonObject object) {
            if (ClaudeMedia.isMedia(object)) {
                ClaudeMedia.add(content, object);
                return;
            }
            if (object.get("text").orElse(JsonNull.NULL) instanceof JsonText text) {
                content.add(text);
                return;
            }
            if (ClaudeUserRecords.typeOf(object).equals("tool_reference")) {
                content.add("[tool_reference: " + object.stringOr("tool_name", "?") + "]");
                return;
            }
        }
        content.add(item.toJson()).referToLarge(item);
    }

    private record Decision(Outcome outcome, String text) {}

    private Optional<Decision> decided(ClaudeRecord record, String callId, boolean error, String text) {
        String tool = Optional.ofNullable(asked.remove(callId)).orElse("");
        JsonObject body = record.body();
        // The structured twin of a refusal is a string; that of an MCP tool's own error is not.
        if (error && text.startsWith(REFUSED) && body.string("toolUseResult").isPresent()) {
            return Optional.of(new Decision(Outcome.REJECTED, feedback(text)));
        }
        if (error || tool.isEmpty()) {
            return Optional.empty();
        }
        if (tool.equals("ExitPlanMode")) {
            return Optional.of(new Decision(Outcome.ACCEPTED, ""));
        }
        JsonObject answers =
                body.object("toolUseResult").flatMap(it -> it.object("answers")).orElse(JsonObject.EMPTY);
        return Optional.of(new Decision(Outcome.ANSWERED, answers.members().isEmpty() ? text : lines(answers)));
    }

    /** Returns a person's words of refusal, without those that the client adds for the model. */
    private static String feedback(String text) {
        int start = text.indexOf(BEFORE_FEEDBACK);
        if (start < 0) {
            return "";
        }
        String feedback = text.substring(start + BEFORE_FEEDBACK.length());
        int reminder =
                feedback.stripTrailing().endsWith("</system-reminder>") ? feedback.indexOf("<system-reminder>") : -1;
        if (reminder >= 0) {
            feedback = feedback.substring(0, reminder).stripTrailing();
        }
        int advice = feedback.lastIndexOf(ADVICE);
        return advice < 0 ? feedback : feedback.substring(0, advice);
    }

    private static String lines(JsonObject answers) {
        return answers.members().entrySet().stream()
                .map(ClaudeToolResults::line)
                .collect(Collectors.joining("\n"));
    }

    private static String line(Map.Entry<String, JsonValue> answer) {
        String text = answer.getValue() instanceof JsonText chosen
                ? chosen.value()
                : answer.getValue().toJson();
        return answer.getKey() + " " + text;
    }
}
