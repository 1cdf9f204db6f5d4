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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    private static final String PURPOSE = "description";
    private static final String OLD = "old_string";
    private static final String NEW = "new_string";

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

    /** What a call is for in the agent's own words, where it gave them beside what the call is; empty otherwise. */
    static String purpose(String input) {
        return arguments(input)
                .filter(arguments -> telling(arguments).filter(SHELL::contains).isPresent())
                .map(arguments -> Texts.firstLine(words(arguments, PURPOSE), SUMMARY_CHARACTERS))
                .orElse("");
    }

    /** The arguments that the summary says whole. */
    private static Set<String> saidBySummary(JsonObject arguments) {
        Set<String> said = new HashSet<>();
        telling(arguments).ifPresent(name -> {
            add(said, arguments, name);
            if (SHELL.contains(name)) {
                add(said, arguments, PURPOSE);
            }
        });
        return said;
    }

    private static void add(Set<String> said, JsonObject arguments, String name) {
        String words = words(arguments, name);
        if (words.equals(Texts.firstLine(words, SUMMARY_CHARACTERS))) {
            said.add(name);
        }
    }

    /**
     * The arguments that the summary does not say: a replacement as a difference, texts of several lines and shell
     * commands in fences of their own, the rest as JSON. Empty where nothing is left to say.
     */
    static String body(String input, int limit) {
        Optional<JsonObject> arguments = arguments(input);
        if (arguments.isEmpty()) {
            return input.isBlank() ? "" : MarkdownText.fenced(Texts.shortened(input, limit), "");
        }
        Set<String> said = saidBySummary(arguments.get());
        StringBuilder out = new StringBuilder();
        difference(arguments.get()).ifPresent(difference -> {
            out.append(MarkdownText.fenced(Texts.shortened(difference, limit), "diff"))
                    .append('\n');
            said.add(OLD);
            said.add(NEW);
        });
        Map<String, JsonValue> rest = new LinkedHashMap<>();
        arguments.get().members().forEach((name, value) -> {
            boolean shell = SHELL.contains(name);
            if (said.contains(name)) {
                return;
            }
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

    /** A text and what replaces it, line by line. */
    private static Optional<String> difference(JsonObject arguments) {
        Optional<String> before = arguments.string(OLD);
        Optional<String> after = arguments.string(NEW);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Stream.concat(
                        before.get().lines().map(line -> "-" + line),
                        after.get().lines().map(line -> "+" + line))
                .collect(Collectors.joining("\n")));
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
