package dev.kept.recording.writer;

import dev.kept.config.RecordingSettings.Subagents;

/** Where the work of subagents stands in a recording. */
public enum SubagentDetail {
    /** Folded, below the call that started it. */
    FOLD,
    /** Among the rest, in the order of events. */
    INLINE,
    OMIT;

    static SubagentDetail of(Subagents configured) {
        return switch (configured) {
            case FOLD -> FOLD;
            case INLINE -> INLINE;
            case OMIT -> OMIT;
        };
    }
}
