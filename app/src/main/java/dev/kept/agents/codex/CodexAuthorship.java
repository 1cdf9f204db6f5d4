package dev.kept.agents.codex;

import dev.kept.model.Authorship;
import java.util.Locale;
import java.util.Set;

/**
 * The decision whether a person wrote a prompt. The texts that are prompts were selected before, by the stream that
 * says so or else by {@link CodexUserText}. Where the record leaves it open, the answer is not {@link
 * Authorship#TYPED}.
 */
final class CodexAuthorship {
    /** Programs with a window that a person types in. */
    private static final Set<String> WINDOWS =
            Set.of("codex_cli_rs", "codex-tui", "codex_vscode", "codex desktop", "codex_desktop");

    private CodexAuthorship() {}

    /**
     * Returns the authorship of a prompt.
     *
     * @param subagent whether another agent started the thread
     * @param trigger the trigger of the turn, from 0.16x on; empty where the record does not say
     * @param source the origin of the thread ({@link CodexThread#origin}); empty where the file does not say
     * @param originator the program that started it; empty where the file does not say
     */
    static Authorship of(boolean subagent, String trigger, String source, String originator) {
        if (subagent) {
            return Authorship.NONE;
        }
        // A thread may be started by codex exec and continued in a chat, or the other way round; the turn shows it.
        return switch (trigger) {
            case "user" -> Authorship.TYPED;
            case "" -> byThread(source, originator);
            default -> Authorship.HEADLESS;
        };
    }

    /**
     * Returns the authorship by the origin of the thread. Programs on the app server name themselves; before 0.2x
     * nothing was recorded, and such prompts count as typed.
     */
    private static Authorship byThread(String source, String originator) {
        String program = originator.toLowerCase(Locale.ROOT);
        if (source.equals("exec")
                || source.equals("mcp")
                || source.equals(CodexThread.UNCLEAR)
                || program.startsWith("codex_exec")) {
            return Authorship.HEADLESS;
        }
        return (program.isEmpty() && !source.equals("custom")) || WINDOWS.contains(program)
                ? Authorship.TYPED
                : Authorship.HEADLESS;
    }

    static Authorship of(CodexThread thread) {
        return of(thread.isSubagent(), thread.trigger(), thread.origin(), thread.originator());
    }
}
