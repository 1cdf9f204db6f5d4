package dev.kept.recording.contract;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import java.util.List;
import java.util.Objects;

/** The sources of the main branches of all sessions. Called on the pipeline thread. */
@FunctionalInterface
public interface MainBranches {
    /** Returns the sources of a session's main branch, the oldest first. */
    List<MainBranch> of(SessionKey session);

    /**
     * A source of a main branch.
     *
     * @param end the position after all of it that was read
     */
    record MainBranch(RecordingFacts facts, TapePosition end) {
        public MainBranch {
            Objects.requireNonNull(facts, "facts");
            Objects.requireNonNull(end, "end");
        }
    }
}
