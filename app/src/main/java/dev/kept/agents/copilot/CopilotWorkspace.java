package dev.kept.agents.copilot;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import dev.kept.provider.SessionFact.Title;
import dev.kept.provider.SessionFact.Title.Origin;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names in {@code workspace.yaml}, a flat document of scalars: {@code name}, which the agent chose if {@code
 * user_named} is {@code false}, and {@code summary}, which the agent always writes. Pure.
 */
final class CopilotWorkspace {
    private static final Pattern NAMED_BY_AGENT = Pattern.compile("(?m)^user_named:[ \\t]*false[ \\t]*\\r?$");
    private static final Pattern COMMENT = Pattern.compile("[ \\t]#.*");

    private CopilotWorkspace() {}

    static Optional<Title> title(String text) {
        Origin origin = NAMED_BY_AGENT.matcher(text).find() ? Origin.AGENT : Origin.PERSON;
        return scalar(text, "name")
                .map(name -> new Title(name, origin))
                .or(() -> scalar(text, "summary").map(summary -> new Title(summary, Origin.AGENT)));
    }

    private static Optional<String> scalar(String text, String member) {
        Matcher line = Pattern.compile("(?m)^" + member + ":[ \\t]+(\\S.*)\\R?((?:[ \\t]+\\S.*\\R?|[ \\t]*\\R)*)")
                .matcher(text);
        return line.find()
                ? Optional.of(read(line.group(1).strip(), line.group(2))).filter(value -> !value.isBlank())
                : Optional.empty();
    }

    /** Reads a scalar: on the line of its name, or on the indented lines below it. */
    private static String read(String first, String below) {
        String rest = below.lines()
                .map(String::strip)
                .collect(Collectors.joining(" "))
                .strip();
        return switch (first.charAt(0)) {
            case '|', '>' -> rest;
            case '&', '*', '!', '{', '[' -> "";
            case '\'', '"' -> unquoted((first + " " + rest).strip());
            default -> (COMMENT.matcher(first).replaceFirst("") + " " + rest).strip();
        };
    }

    private static String unquoted(String scalar) {
        char quote = scalar.charAt(0);
        int end = scalar.lastIndexOf(quote);
        if (end < 1) {
            return scalar;
        }
        String inner = scalar.substring(1, end);
        if (quote == '\'') {
            return inner.replace("''", "'");
        }
        try {
            // Every escape in a document of plain words is a JSON escape.
            return JsonReader.parse(scalar.substring(0, end + 1)) instanceof JsonText text ? text.value() : inner;
        } catch (MalformedJsonException otherEscapes) {
            return inner;
        }
    }
}
