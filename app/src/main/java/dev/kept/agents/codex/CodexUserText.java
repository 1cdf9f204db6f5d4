package dev.kept.agents.codex;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parser of texts under the role {@code user} that the agent, or the program it runs in, wrote. It recognises them by
 * their beginning, also in front of a person's words in one text.
 *
 * <p>Counted among 565 user items: {@code <environment_context>} 44, {@code # AGENTS.md instructions} 29, {@code
 * <turn_aborted>} 11, {@code <skill>} 4, {@code <user_instructions>} 1. From 0.149 on, {@code content_item_kinds}
 * states the kind.
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

    /** An unknown tag of two or more words is the agent's: a person's prompt does not begin like that. */
    private static final Pattern UNKNOWN_TAG = Pattern.compile("<([a-z]+(?:[ _-][a-z]+)+)>");

    private static final String IDE_CONTEXT = "# Context from my IDE setup:";
    private static final Pattern REQUEST =
            Pattern.compile("(?m)^## My request for Codex(?::[ \\t]*\\R?|[ \\t]*(?:\\R|\\z))");
    private static final Pattern WINDOWS = Pattern.compile("(?i)codex[ _]desktop|codex_vscode");

    /**
     * The beginning and the end of a text of the agent's own.
     *
     * @param start the beginning, without the {@code >} of a tag, which may have attributes
     * @param end the end; empty if nothing marks it
     * @param tag false for words with which a person's prompt may begin
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
     * A text in front of a person's words.
     *
     * @param subtype the kind of text
     */
    record Envelope(String subtype, String text) {}

    /**
     * A text in parts.
     *
     * @param before the texts in front, in order
     * @param typed the rest; the unchanged text if nothing is in front
     */
    record Parted(List<Envelope> before, String typed) {
        Parted {
            before = List.copyOf(before);
        }
    }

    private CodexUserText() {}

    /**
     * Splits a text that no mark attributes to a person. One that begins like the agent's and has no end is entirely
     * the agent's.
     */
    static Parted part(String text) {
        return part(text, false, false);
    }

    /**
     * Splits a text of a version without marks, or one whose mark did not come: an unknown tag is then the agent's too.
     */
    static Parted partUnsaid(String text) {
        return part(text, false, true);
    }

    /** Splits a text that a mark attributes to a person: only closed texts are in front of it. */
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
            // The last end counts: the content of an envelope may quote its end, and must not become a person's.
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

    /** Returns the kind of the agent's own text that has this beginning; empty for anything else. */
    static Optional<String> subtypeOf(String text) {
        return partUnsaid(text).before().stream().map(Envelope::subtype).findFirst();
    }

    /**
     * Splits a prompt from the texts that an editor or the desktop put in front: files, findings, a selection. The last
     * heading counts: a selected file may contain the same words, and must not become a person's.
     *
     * @param originator the program in which the prompt was written; a terminal puts nothing in front
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

    /** Splits a text that a mark attributes to a person from everything in front of it. */
    static Parted partPrompt(String text, String originator) {
        Parted parted = partMarked(text);
        Parted request = request(parted.typed(), originator);
        List<Envelope> before = new ArrayList<>(parted.before());
        before.addAll(request.before());
        return new Parted(before, request.typed());
    }

    /** Returns the text between the tags of an element; empty if there is no such element. */
    static Optional<String> element(String text, String name) {
        String open = "<" + name + ">";
        int start = text.indexOf(open);
        int end = text.lastIndexOf("</" + name + ">");
        return start < 0 || end < start + open.length()
                ? Optional.empty()
                : Optional.of(text.substring(start + open.length(), end).strip());
    }
}
