package dev.kept.provider.codex;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts that stand under the role {@code user} and were written by the agent, told by how they begin.
 *
 * <p>Counted among 565 user items: {@code <environment_context>} 44, {@code # AGENTS.md instructions} 29, {@code
 * <turn_aborted>} 11, {@code <skill>} 4, {@code <user_instructions>} 1. From 0.149 on {@code content_item_kinds} says it
 * outright.
 */
final class CodexUserText {
    private static final List<Opening> OPENINGS = List.of(
            new Opening("<environment_context>", "environment_context"),
            new Opening("# AGENTS.md instructions", "agents_md"),
            new Opening("<user_instructions>", "user_instructions"),
            new Opening("<turn_aborted>", "interrupted"),
            new Opening("<skill>", "skill"),
            new Opening("<user_shell_command>", "user_shell_command"),
            new Opening("<user_action>", "user_action"),
            new Opening("<subagent_notification>", "subagent_notification"),
            new Opening("<hook_prompt", "hook"),
            new Opening("<goal_context>", "goal_context"),
            new Opening("<permissions instructions>", "permissions_instructions"),
            new Opening("<collaboration_mode>", "collaboration_mode"),
            new Opening("<model_switch>", "model_switch"),
            new Opening("<skills_instructions>", "skills_instructions"),
            new Opening("<INSTRUCTIONS>", "user_instructions"),
            new Opening("Another language model started to solve this problem", "compact_summary"));

    /** Tags of the agent's own have two words; nobody else's business begins a prompt like that. */
    private static final Pattern UNKNOWN_TAG = Pattern.compile("<([a-z]+(?:[ _-][a-z]+)+)>");

    private static final String IDE_CONTEXT = "# Context from my IDE setup:";
    private static final Pattern IDE_REQUEST = Pattern.compile("(?m)^## My request for Codex:[ \\t]*\\R?");

    private record Opening(String text, String subtype) {}

    private CodexUserText() {}

    /** What kind of text of the agent's own this is; empty for anything else. */
    static Optional<String> subtypeOf(String text) {
        String begun = text.stripLeading();
        return OPENINGS.stream()
                .filter(opening -> begun.startsWith(opening.text()))
                .map(Opening::subtype)
                .findFirst();
    }

    /** The same for a text of which no record says that a person typed it: a tag that is not known is then the agent's. */
    static Optional<String> subtypeOfUnsaid(String text) {
        Matcher tag = UNKNOWN_TAG.matcher(text.stripLeading());
        return subtypeOf(text)
                .or(() -> tag.lookingAt() ? Optional.of(tag.group(1).replace(' ', '_')) : Optional.empty());
    }

    /**
     * What an editor put before a prompt, and the prompt.
     *
     * @param context empty if nothing was put before it
     */
    record Request(String context, String typed) {}

    /**
     * Parts a prompt from the files and the selection that an editor put before it. The last heading counts: a selected file
     * may hold the same words, and must not become a person's.
     */
    static Request request(String text) {
        if (!text.stripLeading().startsWith(IDE_CONTEXT)) {
            return new Request("", text);
        }
        Matcher heading = IDE_REQUEST.matcher(text);
        int from = -1;
        int to = 0;
        while (heading.find()) {
            from = heading.start();
            to = heading.end();
        }
        return from < 0
                ? new Request(text, "")
                : new Request(text.substring(0, from).stripTrailing(), text.substring(to));
    }

    /** What stands between an element's tags; empty if there is no such element. */
    static Optional<String> element(String text, String name) {
        String open = "<" + name + ">";
        int start = text.indexOf(open);
        int end = text.lastIndexOf("</" + name + ">");
        return start < 0 || end < start + open.length()
                ? Optional.empty()
                : Optional.of(text.substring(start + open.length(), end).strip());
    }
}
