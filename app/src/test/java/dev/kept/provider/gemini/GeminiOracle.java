package dev.kept.provider.gemini;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import dev.kept.model.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A second, obvious reading of states of one document: every message that any state had, as the last state that had it had
 * it. Nothing shared with the parser but the JSON tree.
 */
public final class GeminiOracle {
    private final Map<String, JsonObject> messages = new LinkedHashMap<>();

    /**
     * Reads them all.
     *
     * @param states the whole documents, oldest first
     */
    public GeminiOracle(List<String> states) throws MalformedJsonException {
        for (String state : states) {
            for (JsonValue message : ((JsonObject) JsonReader.parse(state)).array("messages")) {
                messages.put(((JsonObject) message).stringOr("id", ""), (JsonObject) message);
            }
        }
    }

    private List<JsonObject> of(String type) {
        return messages.values().stream()
                .filter(message -> message.stringOr("type", "").equals(type))
                .toList();
    }

    /** What people said; files that they named are not in it. */
    public List<String> said() {
        List<String> said = new ArrayList<>();
        for (JsonObject message : of("user")) {
            String text = beforeFiles(message.stringOr("content", ""));
            if (!text.startsWith("System: ") && !text.startsWith("/") && !text.startsWith("<")) {
                said.add(text);
            }
        }
        return said;
    }

    private static String beforeFiles(String text) {
        int files = text.indexOf("\n--- Content from");
        return files < 0 ? text : text.substring(0, files);
    }

    public List<String> answers() {
        return of("gemini").stream()
                .map(message -> message.stringOr("content", ""))
                .filter(text -> !text.isBlank())
                .toList();
    }

    private List<JsonObject> toolCalls() {
        List<JsonObject> calls = new ArrayList<>();
        for (JsonObject message : of("gemini")) {
            message.array("toolCalls").forEach(call -> calls.add((JsonObject) call));
        }
        return calls;
    }

    public List<String> calls() {
        return toolCalls().stream().map(call -> call.stringOr("id", "")).toList();
    }

    public List<String> results() {
        return toolCalls().stream()
                .map(call ->
                        call.stringOr("id", "") + (call.stringOr("status", "").equals("success") ? "" : " failed"))
                .toList();
    }

    /** What the tools gave to the model. */
    public List<String> outputs() {
        List<String> outputs = new ArrayList<>();
        for (JsonObject call : toolCalls()) {
            for (JsonValue part : ((JsonArray) call.get("result").orElseThrow()).values()) {
                JsonObject response = ((JsonObject) part)
                        .object("functionResponse")
                        .orElseThrow()
                        .object("response")
                        .orElseThrow();
                outputs.add(response.string("error").orElse(response.stringOr("output", "")));
            }
        }
        return outputs;
    }

    public TokenUsage used() {
        TokenUsage sum = TokenUsage.NONE;
        for (JsonObject message : of("gemini")) {
            JsonObject tokens = message.object("tokens").orElse(JsonObject.EMPTY);
            long cached = tokens.longOr("cached", 0);
            sum = sum.plus(new TokenUsage(
                    tokens.longOr("input", 0) - cached,
                    0,
                    cached,
                    tokens.longOr("output", 0) + tokens.longOr("thoughts", 0)));
        }
        return sum;
    }
}
