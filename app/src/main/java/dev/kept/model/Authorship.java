package dev.kept.model;

/**
 * The authorship of a text: whether a person wrote it, and the way it reached the agent. Only a person's text may give
 * orders to Kept.
 */
public enum Authorship {
    /** Not written by a person, but by the model, a tool, a hook or the agent itself. */
    NONE,
    /** Typed or pasted by a person in a chat. */
    TYPED,
    /** Passed on as the prompt of a headless run ({@code claude -p}): a person's words or a script's. */
    HEADLESS;

    /** Reports whether the text counts as said by the person in the conversation. */
    public boolean authored() {
        return this != NONE;
    }
}
