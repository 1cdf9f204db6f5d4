package dev.kept.agents.codex;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Functions that find out whether a tool failed, from its output or from the event of its end. */
final class CodexOutcomes {
    private static final String ENVELOPE = "{\"output\":";

    /** Maximum number of lines before the output itself. */
    private static final int HEADER_LINES = 8;

    private static final Pattern EXIT_CODE = Pattern.compile("(?:Exit code:|Process exited with code) (-?\\d+)");

    /** The beginning of a line before the output of a program. */
    private static final Pattern HEADER =
            Pattern.compile("Exit code:|Process (?:exited|running)|Chunk ID:|Wall time:|Total output lines:|Output:");

    /** The beginnings of texts that the agent writes in place of an output. */
    private static final List<String> REFUSALS = List.of(
            "apply_patch verification failed",
            "execution error",
            "exec_command failed",
            "write_stdin failed",
            "failed in sandbox",
            "failed to parse function arguments",
            "failed to spawn",
            "unsupported call",
            "unsupported custom tool call",
            "tool call error",
            "exec command rejected by user",
            "patch rejected by user",
            "aborted by user",
            "aborted");

    private static final Pattern PATCHING = Pattern.compile("apply_?patch|\\*\\*\\* Begin Patch");
    private static final Set<String> SHELLS =
            Set.of("shell", "local_shell", "shell_command", "exec_command", "container.exec", "bash");

    private static final Set<String> FAILED = Set.of("failed", "declined", "error", "cancelled", "incomplete");

    private CodexOutcomes() {}

    /** Reports whether a status or an exit code means failure. */
    static boolean saysFailed(JsonObject end) {
        return end.longOr("exit_code", 0) != 0
                || FAILED.contains(end.stringOr("status", ""))
                || (end.get("success").isPresent() && !end.isTrue("success"))
                || end.object("result").filter(CodexOutcomes::isError).isPresent();
    }

    private static boolean isError(JsonObject result) {
        return result.get("Err").isPresent()
                || result.isTrue("isError")
                || result.object("Ok")
                        .filter(ok -> ok.isTrue("isError") || ok.isTrue("is_error"))
                        .isPresent();
    }

    /** Reports whether the word of a status means failure. */
    static boolean isFailure(String status) {
        return FAILED.contains(status);
    }

    /** Reports whether a call edits files. The agent does that itself, even where the model asked the shell to. */
    static boolean isPatch(String name, String input) {
        return PATCHING.matcher(name).matches()
                || (SHELLS.contains(name) && PATCHING.matcher(input).find());
    }

    /** Returns the envelope that older versions put around an output; empty if there is none. */
    static Optional<JsonObject> envelope(String output) {
        if (!output.startsWith(ENVELOPE)) {
            return Optional.empty();
        }
        try {
            return JsonReader.parseInner(output) instanceof JsonObject parsed
                            && parsed.string("output").isPresent()
                            && parsed.object("metadata").isPresent()
                    ? Optional.of(parsed)
                    : Optional.empty();
        } catch (MalformedJsonException notAnEnvelope) {
            return Optional.empty();
        }
    }

    /** Reports whether an output's first lines, or the agent's words in its place, mean failure. */
    static boolean saysFailed(String output) {
        if (REFUSALS.stream().anyMatch(output::startsWith)) {
            return true;
        }
        int lines = 0;
        for (String line : (Iterable<String>) output.lines()::iterator) {
            Matcher code = EXIT_CODE.matcher(line);
            if (code.matches()) {
                return !code.group(1).equals("0");
            }
            if (line.startsWith("Output:") || ++lines == HEADER_LINES) {
                return false;
            }
        }
        return false;
    }

    /**
     * Reports whether the output of a patch is a rejection. Any other output has an exit code before it, or is a word
     * of success.
     */
    static boolean saysRejected(String output) {
        return !output.isBlank()
                && !output.startsWith("Success")
                && output.lines()
                        .limit(HEADER_LINES)
                        .noneMatch(line -> HEADER.matcher(line).lookingAt());
    }
}
