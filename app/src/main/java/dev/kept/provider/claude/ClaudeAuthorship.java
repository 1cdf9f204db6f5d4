package dev.kept.provider.claude;

import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.Authorship;
import java.util.Set;

/**
 * Decides whether a person wrote a user text. What it gets wrong is either a person's word lost or a machine's word obeyed;
 * where the record leaves it open, the answer is {@link Authorship#NONE}.
 *
 * <p>Looked at in this order: the line, the marks of synthetic records, {@code origin}, {@code promptSource} and {@code
 * entrypoint}. The text's own beginning is {@link MachineText}'s, and is looked at before.
 */
final class ClaudeAuthorship {
    /** Windows a person types in, though they hand the prompt over through the SDK ({@code promptSource} "sdk"). */
    private static final Set<String> WINDOWS = Set.of("claude-desktop", "claude-vscode");

    private ClaudeAuthorship() {}

    /** The authorship of a user record's text, or of an attachment that carries a queued prompt. */
    static Authorship of(ClaudeRecord record) {
        JsonObject body = record.body();
        if (!record.onMainLine()
                || body.isTrue("isSidechain")
                || body.isTrue("isMeta")
                || body.isTrue("isCompactSummary")
                || body.isTrue("isVisibleInTranscriptOnly")
                || body.get("planContent").isPresent()
                || body.get("sourceToolUseID").isPresent()) {
            return Authorship.NONE;
        }
        String origin =
                body.object("origin").map(it -> it.stringOr("kind", "?")).orElse("");
        return of(origin, body.stringOr("promptSource", ""), record.entrypoint(), record.version());
    }

    /** True if the record itself says that the text was typed. */
    static boolean saysTyped(JsonObject body) {
        String source = body.stringOr("promptSource", "");
        return source.equals("typed") || source.equals("queued");
    }

    /**
     * @param origin who started the prompt, from 2.1.161 on; empty where the record does not say
     * @param source how it came in: typed, queued, suggestion_accepted, sdk, system; empty where the record does not say
     * @param entrypoint the program the agent runs in, from 2.1.78 on; empty where the record does not say
     */
    static Authorship of(String origin, String source, String entrypoint, ClientVersion version) {
        boolean human = origin.equals("human");
        if (!human && !origin.isEmpty()) {
            return Authorship.NONE;
        }
        return switch (source) {
            case "typed", "queued", "suggestion_accepted" -> Authorship.TYPED;
            case "system" -> Authorship.NONE;
            case "sdk" -> human && WINDOWS.contains(entrypoint) ? Authorship.TYPED : Authorship.HEADLESS;
            case "" ->
                human || version.isBefore(ClientVersion.NAMES_ORIGIN) ? byEntrypoint(entrypoint) : Authorship.NONE;
            default -> human ? byEntrypoint(entrypoint) : Authorship.NONE;
        };
    }

    /**
     * A person may well sit behind a program on the SDK, as a script may: their records are the same. So its prompts count as
     * said, and as orders only where the owner allows that for headless runs. Before 2.1.78 nothing tells {@code claude -p}
     * from a chat; such prompts count as typed.
     */
    static Authorship byEntrypoint(String entrypoint) {
        boolean program = entrypoint.startsWith("sdk") || entrypoint.equals("mcp") || entrypoint.contains("github");
        return program ? Authorship.HEADLESS : Authorship.TYPED;
    }
}
