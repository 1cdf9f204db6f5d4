package dev.kept.agents.codex;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import dev.kept.json.PlainReader;
import dev.kept.model.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A second, obvious reading of a rollout: all of it in memory, one question at a time, nothing shared with the parser
 * but the JSON tree. It answers what a person said, what the model answered, which tools ran and failed, and what was
 * used.
 */
final class CodexOracle {
    private static final Pattern EXIT = Pattern.compile(
            "(?s)\\A(?:(?!Output:).)*?^(?:Exit code:|Process exited with code) (-?\\d+)$.*", Pattern.MULTILINE);

    private static final Pattern REQUEST = Pattern.compile("(?m)^## My request for Codex:?[ \\t]*$");
    private static final Pattern ELEMENT =
            Pattern.compile("(?s)\\s*<([a-z]+[_-][a-z_-]+|skill)(?: [^>]*)?>.*</\\1>(.*)");

    private final List<JsonObject> records = new ArrayList<>();

    CodexOracle(byte[] file) {
        int start = 0;
        for (int i = 0; i <= file.length; i++) {
            if (i == file.length || file[i] == '\n') {
                try {
                    for (LocatedValue value :
                            JsonReader.readAll(file, start, i - start, List.of(), new PlainReader())) {
                        if (value.value() instanceof JsonObject object) {
                            records.add(object);
                        }
                    }
                } catch (MalformedJsonException e) {
                    throw new IllegalStateException(e);
                }
                start = i + 1;
            }
        }
    }

    int size() {
        return records.size();
    }

    private List<JsonObject> payloads(String kind, String type) {
        List<JsonObject> found = new ArrayList<>();
        for (JsonObject record : records) {
            boolean bare = record.object("payload").isEmpty();
            JsonObject payload = record.object("payload").orElse(record);
            if (((bare && kind.equals("response_item"))
                            || (!bare && record.stringOr("type", "").equals(kind)))
                    && payload.stringOr("type", "").equals(type)) {
                found.add(payload);
            }
        }
        return found;
    }

    private JsonObject header() {
        return records.stream()
                .filter(record -> record.stringOr("type", "").equals("session_meta"))
                .findFirst()
                .flatMap(meta -> meta.object("payload"))
                .orElse(JsonObject.EMPTY);
    }

    private boolean isSubagent() {
        return header().object("source")
                .filter(it -> it.get("subagent").isPresent())
                .isPresent();
    }

    /** What people said: the prompts' events, or in bare files the user items that do not begin like the agent's. */
    List<String> said() {
        List<String> said = new ArrayList<>();
        if (isSubagent()) {
            return said;
        }
        for (JsonObject record : records) {
            JsonObject payload = record.object("payload").orElse(JsonObject.EMPTY);
            JsonObject item = payload.object("item").orElse(JsonObject.EMPTY);
            String type =
                    record.stringOr("type", "") + "/" + payload.stringOr("type", "") + "/" + item.stringOr("type", "");
            if (type.equals("event_msg/user_message/")
                    && payload.stringOr("kind", "plain").equals("plain")) {
                said.add(payload.stringOr("message", ""));
            } else if (type.equals("event_msg/item_completed/UserMessage")) {
                said.add(text(item));
            }
        }
        if (said.isEmpty() && header().stringOr("cli_version", "").isEmpty()) {
            for (JsonObject item : payloads("response_item", "message")) {
                String text = text(item);
                if (item.stringOr("role", "").equals("user")
                        && !text.startsWith("<")
                        && !text.startsWith("# AGENTS.md")) {
                    said.add(text);
                }
            }
        }
        said.replaceAll(CodexOracle::behindWhatIsInFront);
        said.removeIf(String::isBlank);
        return said;
    }

    /**
     * FORMATS: a prompt may hold "# Context from my IDE setup … ## My request for Codex:"; an element may be in front.
     */
    private static String behindWhatIsInFront(String text) {
        String typed = text;
        if (typed.strip().startsWith("# ") && REQUEST.matcher(typed).find()) {
            typed = REQUEST.splitAsStream(typed)
                    .reduce((_, last) -> last)
                    .orElse("")
                    .strip();
        }
        Matcher element = ELEMENT.matcher(typed);
        return element.matches() ? behindWhatIsInFront(element.group(2).strip()) : typed;
    }

    /** True for a text of which a person should see whether a person typed it. */
    static boolean isToBeJudged(String text) {
        return text.isBlank()
                || "<[#{/".indexOf(text.strip().charAt(0)) >= 0
                || text.contains("<environment_context>")
                || text.contains("<turn_aborted>")
                || text.contains("My request for Codex")
                || text.startsWith("Another language model")
                || text.startsWith("System:");
    }

    private static String text(JsonObject message) {
        List<String> texts = new ArrayList<>();
        for (JsonValue part : message.array("content")) {
            if (part instanceof JsonObject object && object.string("text").isPresent()) {
                texts.add(object.stringOr("text", ""));
            }
        }
        return String.join("\n", texts);
    }

    /** TextEscapes of answers: one for each item. */
    List<String> answers() {
        List<String> answers = new ArrayList<>();
        for (JsonObject item : payloads("response_item", "message")) {
            if (item.stringOr("role", "").equals("assistant")) {
                answers.add(text(item));
            }
        }
        return answers;
    }

    /** Each call of a tool: its id. */
    List<String> calls() {
        List<String> calls = new ArrayList<>();
        for (String type : List.of("function_call", "custom_tool_call", "tool_search_call", "local_shell_call")) {
            payloads("response_item", type)
                    .forEach(call -> calls.add(call.stringOr("call_id", call.stringOr("id", ""))));
        }
        List<JsonObject> ends = payloads("event_msg", "web_search_end");
        List<JsonObject> searches = payloads("response_item", "web_search_call");
        for (int i = 0; i < searches.size(); i++) {
            calls.add(
                    searches.get(i).stringOr("id", i < ends.size() ? ends.get(i).stringOr("call_id", "") : ""));
        }
        return calls;
    }

    /** Each result: its call's id, and whether it failed. */
    List<String> results() {
        List<String> failedEnds = new ArrayList<>();
        for (String type : List.of("exec_command_end", "patch_apply_end", "mcp_tool_call_end")) {
            for (JsonObject end : payloads("event_msg", type)) {
                if (end.longOr("exit_code", 0) != 0
                        || end.toJson().contains("\"success\":false")
                        || end.toJson().contains("\"isError\":true")
                        || end.object("result")
                                .filter(it -> it.get("Err").isPresent())
                                .isPresent()) {
                    failedEnds.add(end.stringOr("call_id", ""));
                }
            }
        }
        List<String> results = new ArrayList<>();
        for (String type : List.of("function_call_output", "custom_tool_call_output", "tool_search_output")) {
            for (JsonObject output : payloads("response_item", type)) {
                String callId = output.stringOr("call_id", "");
                boolean failed = failedEnds.contains(callId) || failed(output);
                results.add(callId + (failed ? " failed" : ""));
            }
        }
        return results;
    }

    private static boolean failed(JsonObject output) {
        if (output.members().get("output") instanceof JsonArray) {
            return false;
        }
        String text = output.get("output")
                .map(it -> it instanceof JsonText told ? told.value() : it.toJson())
                .orElse("");
        if (text.startsWith("{\"output\"")) {
            return !text.contains("\"exit_code\":0");
        }
        Matcher exit = EXIT.matcher(text);
        return (exit.matches() && !exit.group(1).equals("0"))
                || text.startsWith("aborted")
                || text.contains("verification failed")
                || text.startsWith("execution error")
                || text.startsWith("write_stdin failed")
                || text.startsWith("exec_command failed")
                || text.startsWith("unsupported call")
                || text.startsWith("failed to parse function arguments");
    }

    /** What the last call used, for each total that is not the one before. */
    TokenUsage used() {
        TokenUsage sum = TokenUsage.NONE;
        String before = "";
        for (JsonObject event : payloads("event_msg", "token_count")) {
            JsonObject info = event.object("info").orElse(JsonObject.EMPTY);
            String total = numbers(info.object("total_token_usage").orElse(JsonObject.EMPTY));
            if (info.object("total_token_usage").isPresent() && !total.equals(before)) {
                before = total;
                JsonObject last = info.object("last_token_usage").orElse(JsonObject.EMPTY);
                long cached = last.longOr("cached_input_tokens", 0);
                long written = last.longOr("cache_write_input_tokens", 0);
                sum = sum.plus(new TokenUsage(
                        last.longOr("input_tokens", 0) - cached - written,
                        written,
                        cached,
                        last.longOr("output_tokens", 0)));
            }
        }
        return sum;
    }

    private static String numbers(JsonObject usage) {
        return usage.longOr("input_tokens", 0) + " " + usage.longOr("cached_input_tokens", 0) + " "
                + usage.longOr("output_tokens", 0);
    }
}
