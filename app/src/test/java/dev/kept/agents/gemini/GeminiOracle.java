package dev.kept.agents.gemini;

import dev.kept.model.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A second, obvious reading of a session, written from the notes on the format and the raw files: all of it in memory,
 * one question at a time. It shares no code, no constant and no list with the parser, not even the JSON reader. It
 * answers what a person said, what the model answered, which tools ran and failed, and what was used; {@link #toJudge}
 * names the answers that a person has to look at.
 */
public final class GeminiOracle {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();

    /** Every message, as it was first and as it was last, in the order in which they came. */
    private final Map<String, Map<?, ?>> first = new LinkedHashMap<>();

    private final Map<String, Map<?, ?>> last = new LinkedHashMap<>();

    /** The ids of messages that a person or the model sent, and not only the history repeats. */
    private final List<String> sent = new ArrayList<>();

    private boolean helper;

    private GeminiOracle() {}

    /** Reads the states of a document, oldest first. */
    public static GeminiOracle ofDocuments(List<String> states) {
        GeminiOracle oracle = new GeminiOracle();
        for (String state : states) {
            for (Object document : values(state)) {
                list(map(document).get("messages")).forEach(message -> oracle.add(map(message), true));
            }
        }
        return oracle;
    }

    /** Reads the lines of a file. */
    public static GeminiOracle ofLines(String file) {
        GeminiOracle oracle = new GeminiOracle();
        for (String line : file.split("\n", -1)) {
            for (Object value : values(line)) {
                Map<?, ?> record = map(value);
                oracle.helper |= "subagent".equals(record.get("kind"));
                if (record.containsKey("$set")) {
                    list(map(record.get("$set")).get("messages")).forEach(it -> oracle.add(map(it), false));
                } else if (record.containsKey("id")) {
                    oracle.add(record, true);
                }
            }
        }
        return oracle;
    }

    private void add(Map<?, ?> message, boolean itself) {
        String id = String.valueOf(message.get("id"));
        first.putIfAbsent(id, message);
        if (itself) {
            // What the history repeats is the model's view of it: shortened, without tokens.
            last.put(id, message);
            if (!sent.contains(id)) {
                sent.add(id);
            }
        }
    }

    private static List<Object> values(String text) {
        List<Object> values = new ArrayList<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            while (json.nextToken() != null) {
                Object value = value(json);
                if (value != null) {
                    values.add(value);
                }
            }
        } catch (JacksonException cut) {
            // What stands before it was read.
        }
        return values;
    }

    private static @Nullable Object value(JsonParser json) {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> members = new LinkedHashMap<>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                Object member = value(json);
                if (member != null) {
                    members.put(name, member);
                }
            }
            return members;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> items = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                Object item = value(json);
                if (item != null) {
                    items.add(item);
                }
            }
            return items;
        }
        return switch (token) {
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    }

    private static String string(Map<?, ?> from, String name) {
        return from.get(name) instanceof String text ? text : "";
    }

    /** The texts of a content that are no thoughts. */
    private static List<String> texts(@Nullable Object content) {
        List<String> texts = new ArrayList<>();
        for (Object part : list(content)) {
            if (part instanceof String text) {
                texts.add(text);
            } else if (map(part).get("text") instanceof String text
                    && !Boolean.TRUE.equals(map(part).get("thought"))) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** What people said, to the letter; files and hooks that were added to it are not in it. */
    public List<String> said() {
        List<String> said = new ArrayList<>();
        for (String id : helper ? List.<String>of() : sent) {
            Map<?, ?> message = map(first.get(id));
            if (string(message, "type").equals("user")) {
                String text = message.containsKey("displayContent")
                        ? String.join("\n", texts(message.get("displayContent")))
                        : unmarked(message);
                if (!text.isBlank() && !isOfTheAgent(text, message.containsKey("displayContent"))) {
                    said.add(text);
                }
            }
        }
        return said;
    }

    private static String unmarked(Map<?, ?> message) {
        List<String> own = new ArrayList<>();
        for (String text : texts(message.get("content"))) {
            int files = text.indexOf("--- Content from referenced files ---");
            if (files >= 0) {
                String before = text.substring(0, files).stripTrailing();
                if (!before.isEmpty()) {
                    own.add(before);
                }
                break;
            }
            if (!text.strip().startsWith("<session_context>") && !text.strip().startsWith("<hook_context>")) {
                own.add(text);
            }
        }
        return String.join("\n", own);
    }

    private static boolean isOfTheAgent(String text, boolean shown) {
        boolean command =
                text.matches("(?s)\\s*/[^/*\\s]+(\\s.*)?") || text.strip().equals("?");
        boolean words = text.strip().equals("System: Please continue.")
                || text.matches(
                        "(?s)\\s*I ran the following shell command:\n.*\n\nThis produced the following result:.*");
        return command || (!shown && words);
    }

    /** TextEscapes that begin like a machine's. */
    public static List<String> toJudge(List<String> said) {
        return said.stream()
                .filter(text -> text.matches("(?s)\\s*([<\\[#{/@!]|System:|I ran the following|Here is ).*"))
                .toList();
    }

    private List<Map<?, ?>> answersSent() {
        List<Map<?, ?>> answers = new ArrayList<>();
        for (String id : sent) {
            if (string(map(last.get(id)), "type").equals("gemini")) {
                answers.add(map(last.get(id)));
            }
        }
        return answers;
    }

    /** What the model said, in its last wording. */
    public List<String> answers() {
        return answersSent().stream()
                .map(message -> String.join("\n", texts(message.get("content"))))
                .filter(text -> !text.isBlank())
                .toList();
    }

    private List<Map<?, ?>> toolCalls() {
        List<Map<?, ?>> calls = new ArrayList<>();
        for (Map<?, ?> message : answersSent()) {
            list(message.get("toolCalls")).forEach(call -> calls.add(map(call)));
        }
        return calls;
    }

    /** Call ids of tool calls. */
    public List<String> calls() {
        return toolCalls().stream().map(call -> string(call, "id")).toList();
    }

    /** Call ids of tool calls that ended; of those that failed with a word that says so. */
    public List<String> results() {
        return toolCalls().stream()
                .filter(call -> List.of("success", "error", "cancelled").contains(string(call, "status")))
                .map(call -> string(call, "id") + (string(call, "status").equals("success") ? "" : " failed"))
                .toList();
    }

    /** What the tools gave to the model. */
    public List<String> outputs() {
        List<String> outputs = new ArrayList<>();
        for (Map<?, ?> call : toolCalls()) {
            for (Object part : list(call.get("result"))) {
                Map<?, ?> response = map(map(map(part).get("functionResponse")).get("response"));
                outputs.add(response.containsKey("error") ? string(response, "error") : string(response, "output"));
            }
        }
        return outputs;
    }

    /** Tokens used in all. */
    public TokenUsage used() {
        TokenUsage sum = TokenUsage.NONE;
        for (Map<?, ?> message : answersSent()) {
            Map<?, ?> tokens = map(message.get("tokens"));
            long cached = number(tokens, "cached");
            sum = sum.plus(new TokenUsage(
                    number(tokens, "input") - cached + number(tokens, "tool"),
                    0,
                    cached,
                    number(tokens, "output") + number(tokens, "thoughts")));
        }
        return sum;
    }

    private static long number(Map<?, ?> from, String name) {
        return from.get(name) instanceof Long number ? number : 0;
    }
}
