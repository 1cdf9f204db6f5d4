package dev.kept.recording.writer;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a tool's arguments say to a person: one line of them, and all of them. */
final class ToolText {
    /** Argument names of the agents' tools, the most telling first. */
    private static final List<String> TELLING = List.of(
            "command",
            "cmd",
            "file_path",
            "notebook_path",
            "absolute_path",
            "path",
            "pattern",
            "query",
            "url",
            "skill",
            "subject",
            "description",
            "question",
            "prompt",
            "title",
            "name");

    private static final List<String> SHELL = List.of("command", "cmd");

    private static final int SUMMARY_CHARACTERS = 100;

    private ToolText() {}

    /** What the call is about, on one line; empty if its arguments do not tell. */
    static String summary(String input) {
        return arguments(input)
                .map(arguments -> telling(arguments)
                        .map(name -> Texts.firstLine(words(arguments, name), SUMMARY_CHARACTERS))
                        .orElse(""))
                .orElseGet(() -> Texts.firstLine(input, SUMMARY_CHARACTERS));
    }

    private static Optional<String> telling(JsonObject arguments) {
        return TELLING.stream()
                .filter(name -> !words(arguments, name).isBlank())
                .findFirst();
    }

    private static String words(JsonObject arguments, String name) {
        return arguments.get(name).map(ToolText::words).orElse("");
    }

    /** Whether the summary says all that the arguments say. */
    private static boolean isSaidBySummary(JsonObject arguments) {
        return arguments.members().size() == 1
                && telling(arguments)
                        .map(name -> words(arguments, name)
                                .equals(Texts.firstLine(words(arguments, name), SUMMARY_CHARACTERS)))
                        .orElse(false);
    }

    /**
     * The arguments: texts of several lines and shell commands in fences of their own, the rest as JSON. Empty where the
     * summary says it all.
     */
    static String body(String input, int limit) {
        Optional<JsonObject> arguments = arguments(input);
        if (arguments.isEmpty()) {
            return input.isBlank() ? "" : MarkdownText.fenced(Texts.shortened(input, limit), "");
        }
        if (arguments.get().members().isEmpty() || isSaidBySummary(arguments.get())) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        Map<String, JsonValue> rest = new LinkedHashMap<>();
        arguments.get().members().forEach((name, value) -> {
            boolean shell = SHELL.contains(name);
            if (value instanceof JsonText text && (shell || text.value().indexOf('\n') >= 0)) {
                out.append(shell ? "" : MarkdownText.code(name, 40) + "\n\n")
                        .append(MarkdownText.fenced(Texts.shortened(text.value(), limit), shell ? "sh" : ""))
                        .append('\n');
            } else {
                rest.put(name, value);
            }
        });
        if (!rest.isEmpty()) {
            String json = rest.entrySet().stream()
                    .map(member -> "  " + new JsonValue.JsonString(member.getKey()).toJson() + ": "
                            + member.getValue().toJson())
                    .collect(Collectors.joining(",\n", "{\n", "\n}"));
            out.append(MarkdownText.fenced(Texts.shortened(json, limit), "json"))
                    .append('\n');
        }
        return out.isEmpty() ? "" : out.substring(0, out.length() - 1);
    }

    private static Optional<JsonObject> arguments(String input) {
        try {
            return JsonReader.parse(input) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        } catch (MalformedJsonException cutOrNoJson) {
            return Optional.empty();
        }
    }

    private static String words(JsonValue value) {
        return switch (value) {
            case JsonText text -> text.value();
            case JsonNumber number -> number.literal();
            case JsonArray array -> array.values().stream().map(ToolText::words).collect(Collectors.joining(" "));
            case JsonBoolean _, JsonNull _, JsonObject _ -> "";
        };
    }
}
