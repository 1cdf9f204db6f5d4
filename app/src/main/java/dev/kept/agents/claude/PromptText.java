package dev.kept.agents.claude;

import dev.kept.agents.claude.Attribution.Trust;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user text in parts: the prompt, and the envelopes that an agent or its host put around it in the same string.
 *
 * <p>Envelopes are split off whatever the record's marks say, because the marks refer to the prompt. The rest is judged
 * like a text without envelopes. An envelope may contain foreign text (a selection, a file), and that may contain the
 * envelope's end tag. So if the rest contains an end tag without a start tag, nobody typed it.
 *
 * @param envelopes the envelopes in order
 * @param rest the prompt; empty if there is none
 * @param doubtful true if the rest may be a part of an envelope
 */
record PromptText(List<Envelope> envelopes, String rest, boolean doubtful) {
    private static final Pattern ENVELOPE = Pattern.compile(
            "<(system-reminder|system[_-]instructions?|ide_opened_file|ide_selection|ide_diagnostics)(?:\\s[^<>]*)?>");

    private static final Pattern COMMAND = Pattern.compile("<(command-(?:name|message|args)|skill-format)>");

    private static final String REMINDER = "system-reminder";

    /**
     * A part that no person typed.
     *
     * @param subtype its kind, as {@link MachineText} names it
     */
    record Envelope(String subtype, String text) {}

    PromptText {
        envelopes = List.copyOf(envelopes);
    }

    /** Splits a text. */
    static PromptText of(String text, Trust trust) {
        List<Envelope> envelopes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        String rest = withoutCommand(text, envelopes, names);
        for (Optional<Element> next = element(ENVELOPE, rest); next.isPresent(); next = element(ENVELOPE, rest)) {
            Element found = next.get();
            envelopes.add(new Envelope(found.name(), rest.substring(found.start(), found.end())));
            names.add(found.name());
            rest = rest.substring(found.end());
        }
        if (!envelopes.isEmpty()) {
            rest = rest.stripLeading();
        }
        String left = rest;
        boolean doubtful = names.stream().anyMatch(name -> left.contains("</" + name + ">"));
        if (trust != Trust.TYPED && !doubtful) {
            rest = withoutReminderBehind(rest, envelopes);
        }
        return new PromptText(envelopes, rest, doubtful);
    }

    /** Reports whether the text has only one part. */
    boolean isWhole() {
        return envelopes.isEmpty();
    }

    /** Splits off the wrappers of a command as one part; a text that ends with one of them is only the command. */
    private static String withoutCommand(String text, List<Envelope> envelopes, Set<String> names) {
        String end = text.stripTrailing();
        boolean named = false;
        int at = 0;
        for (Optional<Element> next = element(COMMAND, text); next.isPresent(); ) {
            at += next.get().end();
            named |= next.get().name().equals("command-name");
            names.add(next.get().name());
            next = element(COMMAND, text.substring(at));
        }
        if (!named) {
            names.clear();
            return text;
        }
        boolean all = end.endsWith("</command-args>")
                || end.endsWith("</command-name>")
                || end.endsWith("</command-message>");
        int split = all ? text.length() : at;
        envelopes.add(new Envelope("command", text.substring(0, split)));
        return text.substring(split);
    }

    /**
     * Splits off the reminder that some hosts put after the prompt. Everything from its first line on is the host's.
     */
    private static String withoutReminderBehind(String text, List<Envelope> envelopes) {
        int start = text.indexOf("\n<" + REMINDER + ">");
        if (start < 0 || !text.stripTrailing().endsWith("</" + REMINDER + ">")) {
            return text;
        }
        envelopes.add(new Envelope(REMINDER, text.substring(start + 1)));
        return text.substring(0, start).stripTrailing();
    }

    private record Element(String name, int start, int end) {}

    /** Returns the whole element at the beginning of a text, after white space; empty if there is none. */
    private static Optional<Element> element(Pattern opening, String text) {
        int start = 0;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        Matcher open = opening.matcher(text).region(start, text.length());
        if (!open.lookingAt()) {
            return Optional.empty();
        }
        String close = "</" + open.group(1) + ">";
        int end = text.indexOf(close, open.end());
        return end < 0 ? Optional.empty() : Optional.of(new Element(open.group(1), start, end + close.length()));
    }
}
