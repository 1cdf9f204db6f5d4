package dev.kept.agents.copilot;

import dev.kept.model.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A second, obvious reading of a session, written from the notes on the format and the raw files: all of it in memory,
 * one question at a time. It shares no code, no constant and no list with the parser, not even the JSON reader. It
 * answers what a person said, what the model answered, which tools ran and failed, and what was used; {@link #toJudge}
 * names the answers that a person has to look at.
 */
final class CopilotOracle {
    private static final JsonFactory JSON = new JsonFactory();

    private final List<Map<?, ?>> records = new ArrayList<>();

    CopilotOracle(String file) {
        for (String line : file.split("\n", -1)) {
            if (!line.isBlank()) {
                try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
                    json.nextToken();
                    records.add(map(value(json)));
                }
            }
        }
    }

    int lines() {
        return records.size();
    }

    private static @Nullable Object value(JsonParser json) {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                members.put(name, value(json));
            }
            return members;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> elements = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(json));
            }
            return elements;
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

    private static String text(Map<?, ?> from, String name) {
        return from.get(name) instanceof String text ? text : "";
    }

    private static long number(Map<?, ?> from, String name) {
        return from.get(name) instanceof Long number ? number : 0;
    }

    private List<Map<?, ?>> data(String type) {
        List<Map<?, ?>> found = new ArrayList<>();
        for (Map<?, ?> record : records) {
            if (type.equals(record.get("type"))) {
                found.add(map(record.get("data")));
            }
        }
        return found;
    }

    /**
     * The prompts that somebody typed, in a chat or for the command line: a prompt of no other source than the user.
     */
    List<String> said() {
        List<String> said = new ArrayList<>();
        for (Map<?, ?> record : records) {
            Map<?, ?> data = map(record.get("data"));
            boolean persons = "user.message".equals(record.get("type"))
                    && (data.get("source") == null || text(data, "source").equals("user"))
                    && record.get("agentId") == null
                    && !Boolean.TRUE.equals(data.get("isAutopilotContinuation"));
            if (persons && !text(data, "content").isBlank()) {
                said.add(text(data, "content"));
            }
        }
        return said;
    }

    /** Those of the texts that begin as a machine's might. */
    static List<String> toJudge(List<String> said) {
        return said.stream()
                .filter(text -> text.matches("(?s)\\s*([<\\[#{/@!]|System:|You are |Continue ).*"))
                .toList();
    }

    List<String> answers() {
        return data("assistant.message").stream()
                .map(data -> text(data, "content"))
                .filter(text -> !text.isBlank())
                .toList();
    }

    List<String> calls() {
        Set<String> calls = new LinkedHashSet<>();
        for (Map<?, ?> record : records) {
            Map<?, ?> data = map(record.get("data"));
            if ("assistant.message".equals(record.get("type"))
                    && data.get("toolRequests") instanceof List<?> requests) {
                requests.forEach(request -> calls.add(text(map(request), "toolCallId")));
            } else if ("tool.execution_start".equals(record.get("type"))) {
                calls.add(text(data, "toolCallId"));
            }
        }
        return List.copyOf(calls);
    }

    List<String> results() {
        return data("tool.execution_complete").stream()
                .map(data -> text(data, "toolCallId") + (Boolean.TRUE.equals(data.get("success")) ? "" : " failed"))
                .toList();
    }

    /** Of a session that was not resumed: all that messages put out is part of what its end sums up. */
    TokenUsage used() {
        TokenUsage used = TokenUsage.NONE;
        for (Map<?, ?> message : data("assistant.message")) {
            used = used.plus(new TokenUsage(0, 0, 0, number(message, "outputTokens")));
        }
        for (Map<?, ?> end : data("session.shutdown")) {
            for (Object model : map(end.get("modelMetrics")).values()) {
                Map<?, ?> usage = map(map(model).get("usage"));
                long cached = number(usage, "cacheReadTokens");
                used = used.plus(new TokenUsage(
                        number(usage, "inputTokens") - cached, number(usage, "cacheWriteTokens"), cached, 0));
            }
        }
        return used;
    }
}
