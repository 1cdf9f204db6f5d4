package dev.kept.agents.gemini;

import java.util.Optional;

/**
 * A text in a person's name that the agent wrote itself, recognised by its form. Used for messages without a {@link
 * PromptMark}, and for the parts of others that were not displayed. Only the complete form counts: a prompt that merely
 * begins alike is a prompt.
 *
 * @param subtype the kind of text
 * @param length the number of characters from the beginning of the text to the end of the agent's words; the rest is
 *     judged separately
 */
record MachineText(String subtype, int length) {
    static final String SESSION_CONTEXT = "session_context";
    static final String COMPACT_SUMMARY = "compact_summary";
    private static final String SNAPSHOT = "<state_snapshot>";
    private static final String SNAPSHOT_END = "</state_snapshot>";
    private static final String GO_ON = "System: Please continue.";
    private static final String LOOP = "System: Potential loop detected. Details: ";
    private static final String EDITOR = "Here is the user's editor context as a JSON object";
    private static final String EDITOR_CHANGES = "Here is a summary of changes in the user's editor context";
    private static final String JSON_FENCE = "```json";

    /** Returns the agent's text at the beginning of a text; empty if there is none. */
    static Optional<MachineText> of(String text) {
        String begun = text.strip();
        int before = text.length() - text.stripLeading().length();
        Optional<MachineText> envelope = element(begun, SESSION_CONTEXT).or(() -> element(begun, "hook_context"));
        if (envelope.isPresent()) {
            return envelope.map(it -> new MachineText(it.subtype(), before + it.length()));
        }
        if (begun.startsWith(SNAPSHOT) && begun.endsWith(SNAPSHOT_END)) {
            return Optional.of(new MachineText(COMPACT_SUMMARY, text.length()));
        }
        if (begun.equals(GO_ON) || begun.startsWith(LOOP)) {
            return Optional.of(new MachineText("system", text.length()));
        }
        boolean editor = begun.startsWith(EDITOR) || begun.startsWith(EDITOR_CHANGES);
        return editor && begun.contains(JSON_FENCE)
                ? Optional.of(new MachineText("editor_context", text.length()))
                : Optional.empty();
    }

    /**
     * Returns an element of the agent's. One without an end tag is entirely the agent's. So is one with several end
     * tags, which come from foreign text: its end cannot be determined.
     */
    private static Optional<MachineText> element(String begun, String name) {
        if (!begun.startsWith("<" + name + ">")) {
            return Optional.empty();
        }
        String closing = "</" + name + ">";
        int end = begun.indexOf(closing);
        boolean once = end >= 0 && begun.lastIndexOf(closing) == end;
        return Optional.of(new MachineText(name, once ? end + closing.length() : begun.length()));
    }

    /** Reports whether a text of a rewritten history is the summary of the compressed part. */
    static boolean isSummary(String text) {
        return text.contains(SNAPSHOT) && text.contains(SNAPSHOT_END);
    }
}
