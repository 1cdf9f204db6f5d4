package dev.kept.recording.contract;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import java.util.List;
import java.util.Objects;

/** Knows all sources that a session's main line stands in. Asked on the pipeline thread. */
@FunctionalInterface
public interface MainBranches {
    /** The sources of a session's main line, the oldest first. */
    List<MainLine> of(SessionKey session);

    /**
     * A source of a main line.
     *
     * @param end the place behind all of it that was read
     */
    record MainLine(RecordingFacts facts, TapePosition end) {
        public MainLine {
            Objects.requireNonNull(facts, "facts");
            Objects.requireNonNull(end, "end");
        }
    }
}
