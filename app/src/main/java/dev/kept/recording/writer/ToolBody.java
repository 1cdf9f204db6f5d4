package dev.kept.recording.writer;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The arguments of a tool call that its summary leaves out: replacements and patches as differences, lists of steps as
 * lists, texts of several lines and shell commands in fences, the rest as JSON.
 */
final class ToolBody {
    /** Argument names, used by agents, for the replaced text and its replacement. */
    private static final Map<String, String> REPLACEMENT = Map.of("old_string", "new_string", "old_str", "new_str");

    private static final String EDITS = "edits";
    private static final String PATCH_BEGIN = "*** Begin Patch";
    private static final Set<String> PATHS = Set.of("file_path", "notebook_path", "absolute_path", "path");
    private static final Set<String> CONTENT = Set.of("content", "file_text", "new_source", "new_str");
    private static final Set<String> STEPS = Set.of("todos", "plan");

    private final Attachments attachments;
    private final StringBuilder out = new StringBuilder();

    private ToolBody(Attachments attachments) {
        this.attachments = attachments;
    }

    /** Returns the text, which ends with a line end; empty if nothing is left to show. */
    static String of(String input, Attachments attachments) {
        ToolBody body = new ToolBody(attachments);
        Optional<JsonObject> arguments = ToolText.arguments(input);
        if (arguments.isPresent()) {
            body.add(arguments.get());
        } else if (!input.isBlank()) {
            body.fence(ToolText.plain(input), input.contains(PATCH_BEGIN) ? "diff" : "");
        }
        return body.out.isEmpty() ? "" : body.out.substring(0, body.out.length() - 1);
    }

    private void add(JsonObject arguments) {
        Set<String> said = ToolText.saidBySummary(arguments);
        Replacement.of(arguments).ifPresent(replaced -> {
            StringBuilder difference = new StringBuilder();
            LineDifference.append(replaced.before(), replaced.after(), difference);
            fence(difference.toString(), "diff");
            said.addAll(REPLACEMENT.keySet());
            said.addAll(REPLACEMENT.values());
        });
        String language = arguments.members().keySet().stream()
                .filter(PATHS::contains)
                .findFirst()
                .map(name -> language(arguments.stringOr(name, "")))
                .orElse("");
        Map<String, JsonValue> rest = new LinkedHashMap<>();
        arguments.members().forEach((name, value) -> {
            if (!said.contains(name) && !addFormatted(name, value, language)) {
                rest.put(name, value);
            }
        });
        if (!rest.isEmpty()) {
            String json = rest.entrySet().stream()
                    .map(member -> "  " + new JsonValue.JsonString(member.getKey()).toJson() + ": "
                            + member.getValue().toJson())
                    .collect(Collectors.joining(",\n", "{\n", "\n}"));
            fence(json, "json");
        }
    }

    /** Adds an argument in a special form, if there is one for it. Returns whether it was added. */
    private boolean addFormatted(String name, JsonValue value, String language) {
        if (value instanceof JsonText text) {
            boolean shell = ToolText.SHELL.contains(name);
            boolean patch = text.value().startsWith(PATCH_BEGIN);
            if (!shell && !patch && text.value().indexOf('\n') < 0) {
                return false;
            }
            if (!shell && !patch && !CONTENT.contains(name)) {
                out.append(MarkdownText.code(name, 40)).append("\n\n");
            }
            fence(text.value(), shell ? "sh" : patch ? "diff" : CONTENT.contains(name) ? language : "");
            return true;
        }
        if (!(value instanceof JsonArray array) || array.values().isEmpty()) {
            return false;
        }
        return (name.equals(EDITS) && addEdits(array)) || (STEPS.contains(name) && addSteps(array));
    }

    private boolean addEdits(JsonArray edits) {
        List<Replacement> replacements = new ArrayList<>();
        for (JsonValue edit : edits.values()) {
            if (!(edit instanceof JsonObject object)) {
                return false;
            }
            Optional<Replacement> replaced = Replacement.of(object);
            if (replaced.isEmpty()) {
                return false;
            }
            replacements.add(replaced.get());
        }
        StringBuilder differences = new StringBuilder();
        for (Replacement replaced : replacements) {
            differences.append(differences.isEmpty() ? "" : "\n@@\n");
            LineDifference.append(replaced.before(), replaced.after(), differences);
        }
        fence(differences.toString(), "diff");
        return true;
    }

    /** Adds steps with their status, as a task list. */
    private boolean addSteps(JsonArray steps) {
        StringBuilder list = new StringBuilder();
        for (JsonValue each : steps.values()) {
            String words = each instanceof JsonObject step
                    ? step.string("content").or(() -> step.string("step")).orElse("")
                    : "";
            if (words.isBlank()) {
                return false;
            }
            String status = ((JsonObject) each).stringOr("status", "");
            list.append(status.equals("completed") ? "- [x] " : "- [ ] ")
                    .append(MarkdownText.inline(words))
                    .append(status.equals("in_progress") ? " *(now)*" : "")
                    .append('\n');
        }
        out.append(list).append('\n');
        return true;
    }

    private void fence(String text, String language) {
        out.append(attachments.fenced(text, language)).append('\n');
    }

    /** Returns a file's suffix, which is often the language's name. */
    private static String language(String path) {
        String suffix = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return suffix.length() < path.length() && suffix.matches("[a-z][a-z0-9]{0,9}") ? suffix : "";
    }

    /** A text and its replacement, under the names that agents use. */
    private record Replacement(String before, String after) {
        static Optional<Replacement> of(JsonObject arguments) {
            return REPLACEMENT.entrySet().stream()
                    .filter(names -> arguments.string(names.getKey()).isPresent()
                            && arguments.string(names.getValue()).isPresent())
                    .findFirst()
                    .map(names -> new Replacement(
                            arguments.stringOr(names.getKey(), ""), arguments.stringOr(names.getValue(), "")));
        }
    }
}
