package dev.kept.provider;

import java.util.Objects;
import java.util.Optional;

/** What a file below a provider's root is. */
public sealed interface SourceKind {

    /**
     * A session file, to be kept.
     *
     * @param sessionId the session it belongs to; empty if only its records tell
     * @param line {@link dev.kept.model.EventHeader#MAIN_LINE} or the subagent's id
     */
    record Session(Optional<String> sessionId, String line) implements SourceKind {
        public Session {
            Objects.requireNonNull(sessionId, "sessionId");
            Objects.requireNonNull(line, "line");
        }
    }

    /**
     * A file of the agent's that is known and holds no conversation of its own.
     *
     * @param rule why it is not kept, in a few words
     */
    record Beside(String rule) implements SourceKind {}

    /** A file that is not known: counted and shown. */
    record Unknown() implements SourceKind {}
}
