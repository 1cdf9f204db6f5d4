package dev.kept.agents.codex;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TextEscapes that stand under the role {@code user} and were written by the agent, or by the program that it runs in, told
 * by how they begin; and what of them may stand in front of a person's words in one text.
 *
 * <p>Counted among 565 user items: {@code <environment_context>} 44, {@code # AGENTS.md instructions} 29, {@code
 * <turn_aborted>} 11, {@code <skill>} 4, {@code <user_instructions>} 1. From 0.149 on {@code content_item_kinds} says it
 * outright.
 */
final class CodexUserText {
    private static final List<Opening> OPENINGS = List.of(
            Opening.tag("environment_context", "environment_context"),
            new Opening("# AGENTS.md instructions", "</INSTRUCTIONS>", "agents_md", false),
            Opening.tag("user_instructions", "user_instructions"),
            Opening.tag("turn_aborted", "interrupted"),
            Opening.tag("skill", "skill"),
            Opening.tag("user_shell_command", "user_shell_command"),
            Opening.tag("user_action", "user_action"),
            Opening.tag("subagent_notification", "subagent_notification"),
            Opening.tag("hook_prompt", "hook"),
            Opening.tag("goal_context", "goal_context"),
            Opening.tag("codex_internal_context", "codex_internal_context"),
            Opening.tag("recommended_plugins", "recommended_plugins"),
            Opening.tag("plugins_instructions", "plugins_instructions"),
            Opening.tag("apps_instructions", "apps_instructions"),
            Opening.tag("permissions instructions", "permissions_instructions"),
            Opening.tag("collaboration_mode", "collaboration_mode"),
            Opening.tag("model_switch", "model_switch"),
            Opening.tag("personality_spec", "personality_spec"),
            Opening.tag("skills_instructions", "skills_instructions"),
            Opening.tag("system_instruction", "system_instruction"),
            Opening.tag("system_instructions", "system_instruction"),
            Opening.tag("system-instruction", "system_instruction"),
            Opening.tag("system-instructions", "system_instruction"),
            Opening.tag("system-reminder", "system_reminder"),
            Opening.tag("system_reminder", "system_reminder"),
            Opening.tag("ide_opened_file", "ide_context"),
            Opening.tag("ide_selection", "ide_context"),
            Opening.tag("ide_diagnostics", "ide_context"),
            Opening.tag("ide_context", "ide_context"),
            new Opening("<INSTRUCTIONS>", "</INSTRUCTIONS>", "user_instructions", false),
            new Opening("Another language model started to solve this problem", "", "compact_summary", false));

    /** Tags of the agent's own have two words; nobody else's business begins a prompt like that. */
    private static final Pattern UNKNOWN_TAG = Pattern.compile("<([a-z]+(?:[ _-][a-z]+)+)>");

    private static final String IDE_CONTEXT = "# Context from my IDE setup:";
    private static final Pattern REQUEST =
            Pattern.compile("(?m)^## My request for Codex(?::[ \\t]*\\R?|[ \\t]*(?:\\R|\\z))");
    private static final Pattern WINDOWS = Pattern.compile("(?i)codex[ _]desktop|codex_vscode");

    /**
     * How a text of the agent's own begins and ends.
     *
     * @param start without the {@code >} of a tag, which may have attributes
     * @param end empty if nothing marks its end
     * @param tag false for words that a person's prompt may begin with
     */
    private record Opening(String start, String end, String subtype, boolean tag) {
        static Opening tag(String name, String subtype) {
            return new Opening("<" + name, "</" + name + ">", subtype, true);
        }

        boolean begins(String text) {
            if (!text.startsWith(start)) {
                return false;
            }
            char next = text.length() > start.length() ? text.charAt(start.length()) : '>';
            return !tag || next == '>' || Character.isWhitespace(next);
        }
    }

    /**
     * What stands in front of a person's words.
     *
     * @param subtype the kind of text that it is
     */
    record Envelope(String subtype, String text) {}

    /**
     * A text, parted.
     *
     * @param before what stands in front, in order
     * @param typed the rest: all of it, as it is, if nothing stands in front
     */
    record Parted(List<Envelope> before, String typed) {
        Parted {
            before = List.copyOf(before);
        }
    }

    private CodexUserText() {}

    /**
     * Parts a text of which nothing says that a person typed it. What begins like the agent's and has no end is all
     * its own.
     */
    static Parted part(String text) {
        return part(text, false, false);
    }

    /**
     * The same where no version wrote marks, or the mark did not come: a tag that is not known is then the agent's
     * too.
     */
    static Parted partUnsaid(String text) {
        return part(text, false, true);
    }

    /** Parts a text that a mark calls a person's: only what is closed stands in front of it. */
    static Parted partMarked(String text) {
        return part(text, true, false);
    }

    private static Parted part(String text, boolean marked, boolean unknownToo) {
        List<Envelope> before = new ArrayList<>();
        String rest = text;
        while (true) {
            String begun = rest.stripLeading();
            Optional<Opening> opening = OPENINGS.stream()
                    .filter(it -> (it.tag() || !marked) && it.begins(begun))
                    .findFirst()
                    .or(() -> unknownToo ? unknown(begun) : Optional.empty());
            // The last end counts: what an envelope holds may quote its end, and must not become a person's.
            int end = opening.map(it -> it.end().isEmpty() ? -1 : begun.lastIndexOf(it.end()))
                    .orElse(-1);
            if (opening.isEmpty() || (end < 0 && marked)) {
                return new Parted(before, before.isEmpty() ? text : rest.strip());
            }
            int to = end < 0 ? begun.length() : end + opening.get().end().length();
            before.add(new Envelope(
                    opening.get().subtype(), before.isEmpty() && to == begun.length() ? text : begun.substring(0, to)));
            rest = begun.substring(to);
        }
    }

    private static Optional<Opening> unknown(String begun) {
        Matcher tag = UNKNOWN_TAG.matcher(begun);
        return tag.lookingAt()
                ? Optional.of(new Opening(
                        "<" + tag.group(1),
                        "</" + tag.group(1) + ">",
                        tag.group(1).replace(' ', '_'),
                        true))
                : Optional.empty();
    }

    /** The kind of text of the agent's own that this is, by its opening; empty for anything else. */
    static Optional<String> subtypeOf(String text) {
        return partUnsaid(text).before().stream().map(Envelope::subtype).findFirst();
    }

    /**
     * Parts a prompt from what an editor or the desktop put before it: files, findings, a selection. The last heading
     * counts: a selected file may hold the same words, and must not become a person's.
     *
     * @param originator the program that the prompt was written in; a terminal puts nothing in front
     */
    static Parted request(String text, String originator) {
        boolean context = text.stripLeading().startsWith(IDE_CONTEXT);
        Matcher heading = REQUEST.matcher(text);
        int from = -1;
        int to = 0;
        while (heading.find()) {
            from = heading.start();
            to = heading.end();
        }
        boolean preface = from >= 0
                && (text.stripLeading().startsWith("# ")
                        || WINDOWS.matcher(originator).matches());
        if (!context && !preface) {
            return new Parted(List.of(), text);
        }
        return from < 0
                ? new Parted(List.of(new Envelope("ide_context", text)), "")
                : new Parted(
                        prefaceOf(text.substring(0, from)), text.substring(to).strip());
    }

    private static List<Envelope> prefaceOf(String text) {
        return text.isBlank() ? List.of() : List.of(new Envelope("ide_context", text.strip()));
    }

    /** Parts a text that a mark calls a person's from all that stands in front. */
    static Parted partPrompt(String text, String originator) {
        Parted parted = partMarked(text);
        Parted request = request(parted.typed(), originator);
        List<Envelope> before = new ArrayList<>(parted.before());
        before.addAll(request.before());
        return new Parted(before, request.typed());
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
