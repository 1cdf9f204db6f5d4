package dev.kept.recording.writer;

import dev.kept.config.RecordingSettings.Subagents;

/** How the work of a subagent stands in a recording, before the result of the call that started it. */
public enum SubagentDetail {
    /** Closed; a click opens it. */
    FOLD,
    /** Open, like the rest. */
    INLINE,
    /** Not at all. */
    OMIT;

    static SubagentDetail of(Subagents configured) {
        return switch (configured) {
            case FOLD -> FOLD;
            case INLINE -> INLINE;
            case OMIT -> OMIT;
        };
    }
}
