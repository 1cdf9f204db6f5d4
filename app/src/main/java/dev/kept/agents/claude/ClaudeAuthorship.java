package dev.kept.agents.claude;

import dev.kept.agents.claude.Attribution.Trust;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.Authorship;
import java.util.List;
import java.util.Set;

/**
 * The decision whether a person wrote a user text. A wrong answer loses a person's words or obeys a machine's words. If
 * the record leaves it open, the answer is {@link Authorship#NONE}.
 *
 * <p>The record's own marks decide, in this order: the branch, the marks of synthetic records, {@code origin}, {@code
 * promptSource}, {@code entrypoint}. The beginning of the text counts only as far as {@link Attribution#trust} permits.
 * The text has no author if a mark cannot be read, or if one of two marks says that no person wrote it.
 */
final class ClaudeAuthorship {
    /**
     * Programs with a window that a person types in, although they pass the prompt on through the SDK ({@code
     * promptSource} "sdk").
     */
    private static final Set<String> WINDOWS = Set.of("claude-desktop", "claude-vscode");

    /** Marks that only synthetic records have. */
    private static final List<String> SYNTHETIC = List.of(
            "isSidechain", "isMeta", "isCompactSummary", "isVisibleInTranscriptOnly", "planContent", "sourceToolUseID");

    private ClaudeAuthorship() {}

    /** Returns the author of a user record's text. */
    static Attribution of(ClaudeRecord record) {
        JsonObject body = record.body();
        if (!record.onMainLine() || SYNTHETIC.stream().anyMatch(mark -> Marks.isSet(body, mark))) {
            return Attribution.NOBODY;
        }
        return of(Marks.origin(body), Marks.text(body, "promptSource"), record.entrypoint(), record.version());
    }

    /**
     * Returns the author of a prompt that was submitted while the agent was active and is recorded in an attachment.
     */
    static Attribution ofQueued(ClaudeRecord record, JsonObject attachment) {
        JsonObject body = record.body();
        if (!record.onMainLine()
                || Marks.isSet(body, "isMeta")
                || Marks.isSet(body, "isSidechain")
                || Marks.isSet(attachment, "isMeta")) {
            return Attribution.NOBODY;
        }
        String origin = Marks.origin(attachment);
        String entrypoint = record.entrypoint();
        // A program submits prompts without an origin, queued or not; the terminal always names it.
        boolean byProgram = origin.isEmpty() && (isProgram(entrypoint) || WINDOWS.contains(entrypoint));
        return byProgram && !record.version().isBefore(ClientVersion.NAMES_ORIGIN)
                ? new Attribution(Authorship.HEADLESS, Trust.HOST)
                : of(origin, Marks.text(attachment, "promptSource"), entrypoint, record.version());
    }

    /**
     * Returns the author according to the marks.
     *
     * @param origin who started the prompt, from 2.1.161 on; empty where the record does not say
     * @param source the way it came in: typed, queued, suggestion_accepted, sdk, system; empty where the record does
     *     not say
     * @param entrypoint the program in which the agent runs, from 2.1.78 on; empty where the record does not say
     */
    static Attribution of(String origin, String source, String entrypoint, ClientVersion version) {
        boolean human = origin.equals("human");
        if ((!human && !origin.isEmpty()) || source.equals(Marks.UNREADABLE) || entrypoint.equals(Marks.UNREADABLE)) {
            return Attribution.NOBODY;
        }
        return switch (source) {
            case "typed", "queued" -> new Attribution(Authorship.TYPED, Trust.TYPED);
            // A suggestion is the model's text, which a person accepted with a key.
            case "system", "suggestion_accepted" -> Attribution.NOBODY;
            case "sdk" ->
                new Attribution(
                        human && WINDOWS.contains(entrypoint) ? Authorship.TYPED : Authorship.HEADLESS, Trust.HOST);
            case "" -> human ? ofHuman(entrypoint) : unmarked(entrypoint, version);
            default -> human ? new Attribution(byEntrypoint(entrypoint), Trust.HOST) : Attribution.NOBODY;
        };
    }

    private static Attribution ofHuman(String entrypoint) {
        boolean terminal = entrypoint.isEmpty() || entrypoint.equals("cli");
        return new Attribution(byEntrypoint(entrypoint), terminal ? Trust.TYPED : Trust.HOST);
    }

    private static Attribution unmarked(String entrypoint, ClientVersion version) {
        return version.isBefore(ClientVersion.NAMES_ORIGIN)
                ? new Attribution(byEntrypoint(entrypoint), Trust.NONE)
                : Attribution.NOBODY;
    }

    /**
     * Returns the authorship by the program in which the agent runs. A person may use a program on the SDK, and so may
     * a script; their records are the same. So its prompts count as said, and as orders only if the owner allows that
     * for headless runs. Before 2.1.78, {@code claude -p} and a chat cannot be told apart; such prompts count as typed.
     */
    static Authorship byEntrypoint(String entrypoint) {
        return isProgram(entrypoint) ? Authorship.HEADLESS : Authorship.TYPED;
    }

    private static boolean isProgram(String entrypoint) {
        return entrypoint.startsWith("sdk") || entrypoint.equals("mcp") || entrypoint.contains("github");
    }
}
