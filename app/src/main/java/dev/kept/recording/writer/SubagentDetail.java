package dev.kept.recording.writer;

/** How the work of a subagent stands in a recording, before the result of the call that started it. */
public enum SubagentDetail {
    /** Closed; a click opens it. */
    FOLD,
    /** Open, like the rest. */
    INLINE,
    /** Not at all. */
    OMIT
}
