package dev.kept.recording.writer;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonShrinker;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The one-line summary of a tool's arguments; {@link ToolBody} shows the rest. */
final class ToolText {
    /** Argument names of the agents' tools, the most informative first. */
    private static final List<String> INFORMATIVE = List.of(
            "command",
            "cmd",
            "file_path",
            "notebook_path",
            "absolute_path",
            "pattern",
            "query",
            "path",
            "url",
            "skill",
            "subject",
            "description",
            "question",
            "prompt",
            "title",
            "name");

    static final List<String> SHELL = List.of("command", "cmd");

    /** Tools that ask a person: the question follows as an event of its own. */
    static final Set<String> ASKING = Set.of("AskUserQuestion", "ExitPlanMode", "ask_user", "request_user_input");

    private static final String PATTERN = "pattern";
    private static final String PATH = "path";
    private static final String PURPOSE = "description";

    private static final int SUMMARY_CHARACTERS = 100;
    private static final int LONGEST_ENVELOPE = 2_000;

    /**
     * Limit for input that is parsed; a longer one is shown as written, since parsing would take several times its
     * memory.
     */
    private static final int LONGEST_ARGUMENTS = JsonShrinker.MAX_STRING_BYTES;

    /** Limit for the files of a patch that are named. */
    private static final int MOST_FILES = 20;

    /** The file that a patch changes. */
    private static final Pattern PATCHED = Pattern.compile("(?m)^\\*\\*\\* (?:Update|Add|Delete) File: (.*)$");

    /** The text that Codex puts before the output of a command that has ended. */
    private static final Pattern ENVELOPE =
            Pattern.compile("\\A(?:(?:Chunk ID|Wall time|Original token count|Total output"
                    + " lines): [^\\n]*\\n|(?:Process exited with code|Exit code:) (-?\\d+)\\n)+Output:\\n?");

    private ToolText() {}

    /** Returns an output of a tool without its agent's envelope. */
    static String output(String result) {
        Matcher envelope = envelope(result);
        return envelope.lookingAt() ? result.substring(envelope.end()) : result;
    }

    /** Matches the envelope in the beginning of a text only, since matching takes stack for each line. */
    private static Matcher envelope(String result) {
        return ENVELOPE.matcher(result).region(0, Math.min(result.length(), LONGEST_ENVELOPE));
    }

    /** Returns the exit code of a command, if the envelope of its output has it. */
    static Optional<String> exitCode(String result) {
        Matcher envelope = envelope(result);
        return envelope.lookingAt() ? Optional.ofNullable(envelope.group(1)) : Optional.empty();
    }

    /** Returns input that is text instead of arguments: as written, without the quotes of JSON. */
    static String plain(String input) {
        try {
            return input.startsWith("\"")
                            && input.length() <= LONGEST_ARGUMENTS
                            && JsonReader.parseInner(input) instanceof JsonText text
                    ? text.value()
                    : input;
        } catch (MalformedJsonException noJson) {
            return input;
        }
    }

    private static String plainSummary(String input) {
        String text = plain(input);
        List<String> files = PATCHED.matcher(text)
                .results()
                .limit(MOST_FILES)
                .map(file -> file.group(1))
                .toList();
        return TextEscapes.firstLine(files.isEmpty() ? text : String.join(", ", files), SUMMARY_CHARACTERS);
    }

    /** Returns the subject of the call, on one line; empty if its arguments do not show it. */
    static String summary(String input) {
        return arguments(input)
                .map(arguments -> telling(arguments)
                        .map(name -> TextEscapes.firstLine(words(arguments, name), SUMMARY_CHARACTERS)
                                + place(arguments, name))
                        .orElse(""))
                .orElseGet(() -> plainSummary(input));
    }

    /** Returns the place in which a pattern is searched. */
    private static String place(JsonObject arguments, String argument) {
        String path = argument.equals(PATTERN) ? words(arguments, PATH) : "";
        return path.isBlank() ? "" : " in " + TextEscapes.firstLine(path, SUMMARY_CHARACTERS);
    }

    /** Returns the name of the most informative argument; empty if there is none. */
    static Optional<String> telling(JsonObject arguments) {
        return INFORMATIVE.stream()
                .filter(name -> !words(arguments, name).isBlank())
                .findFirst();
    }

    private static String words(JsonObject arguments, String name) {
        return arguments.get(name).map(ToolText::words).orElse("");
    }

    /**
     * Returns the purpose of a call in the agent's own words, if it gave them in addition to the arguments; empty
     * otherwise.
     */
    static String purpose(String input) {
        return arguments(input)
                .filter(arguments -> telling(arguments).filter(SHELL::contains).isPresent())
                .map(arguments -> TextEscapes.firstLine(words(arguments, PURPOSE), SUMMARY_CHARACTERS))
                .orElse("");
    }

    /** Returns the arguments that the summary shows completely. */
    static Set<String> saidBySummary(JsonObject arguments) {
        Set<String> said = new HashSet<>();
        telling(arguments).ifPresent(name -> {
            add(said, arguments, name);
            if (SHELL.contains(name)) {
                add(said, arguments, PURPOSE);
            }
            if (name.equals(PATTERN)) {
                add(said, arguments, PATH);
            }
        });
        return said;
    }

    private static void add(Set<String> said, JsonObject arguments, String name) {
        String words = words(arguments, name);
        if (words.equals(TextEscapes.firstLine(words, SUMMARY_CHARACTERS))) {
            said.add(name);
        }
    }

    /** Returns the arguments, if they are a complete JSON object. */
    static Optional<JsonObject> arguments(String input) {
        if (input.length() > LONGEST_ARGUMENTS) {
            return Optional.empty();
        }
        try {
            return JsonReader.parseInner(input) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
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
