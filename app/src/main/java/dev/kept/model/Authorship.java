package dev.kept.model;

/** Whether a person wrote a text, and how it reached the agent. Only what a person wrote may give orders to Kept. */
public enum Authorship {
    /** Not written by a person: the model, a tool, a hook, the agent itself. */
    NONE,
    /** Typed or pasted by a person in a chat. */
    TYPED,
    /** Handed over as the prompt of a headless run ({@code claude -p}): a person's words or a script's. */
    HEADLESS;

    /** True for what counts as said by the person in the conversation. */
    public boolean authored() {
        return this != NONE;
    }
}
