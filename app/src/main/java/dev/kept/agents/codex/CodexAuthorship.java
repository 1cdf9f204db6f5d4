package dev.kept.agents.codex;

import dev.kept.model.Authorship;
import java.util.Locale;
import java.util.Set;

/**
 * Decides whether a person wrote a prompt. Which texts are prompts is decided before: by the stream that says so, and where
 * there is none by {@link CodexUserText}. Where the record leaves it open, the answer is not {@link Authorship#TYPED}.
 */
final class CodexAuthorship {
    /** Windows that a person types in. */
    private static final Set<String> WINDOWS =
            Set.of("codex_cli_rs", "codex-tui", "codex_vscode", "codex desktop", "codex_desktop");

    private CodexAuthorship() {}

    /**
     * @param subagent whether another agent began the thread
     * @param trigger what began the turn, from 0.16x on; empty where the record does not say
     * @param source how the thread was begun ({@link CodexThread#origin}); empty where the file does not say
     * @param originator the program that began it; empty where the file does not say
     */
    static Authorship of(boolean subagent, String trigger, String source, String originator) {
        if (subagent) {
            return Authorship.NONE;
        }
        // One thread may be begun by codex exec and gone on with in a chat, or the other way round: the turn knows.
        return switch (trigger) {
            case "user" -> Authorship.TYPED;
            case "" -> byThread(source, originator);
            default -> Authorship.HEADLESS;
        };
    }

    /** Programs on the app server name themselves; before 0.2x nothing was written down, and such prompts count as typed. */
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
