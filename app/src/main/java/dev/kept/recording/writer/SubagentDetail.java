package dev.kept.recording.writer;

import dev.kept.config.RecordingSettings.Subagents;

/** The form of a subagent's work in a recording, before the result of the call that started it. */
public enum SubagentDetail {
    /** Collapsed; a click opens it. */
    FOLD,
    /** Expanded, like the rest. */
    INLINE,
    /** Omitted. */
    OMIT;

    static SubagentDetail of(Subagents configured) {
        return switch (configured) {
            case FOLD -> FOLD;
            case INLINE -> INLINE;
            case OMIT -> OMIT;
        };
    }
}
