package dev.kept.provider;

import java.util.Objects;
import java.util.Optional;

/** What a file below a provider's root is. */
public sealed interface SourceKind {

    /**
     * A session file, to be kept.
     *
     * @param sessionId the session it belongs to; empty if only its records tell, and then it may hold several
     * @param line {@link dev.kept.model.EventHeader#MAIN_LINE} or the subagent's id
     * @param layout how its agent writes it
     */
    record Session(Optional<String> sessionId, String line, Layout layout) implements SourceKind {
        public Session {
            Objects.requireNonNull(sessionId, "sessionId");
            Objects.requireNonNull(line, "line");
            Objects.requireNonNull(layout, "layout");
        }

        /** A session file that is only ever appended to. */
        public Session(Optional<String> sessionId, String line) {
            this(sessionId, line, Layout.APPENDED);
        }
    }

    /** How an agent writes a session file. */
    enum Layout {
        /** Records one after another; the tape is the file's bytes. */
        APPENDED,
        /**
         * One JSON object with an array {@code messages}, written whole whenever it changes; the tape is a record tape
         * ({@link dev.kept.tape.RecordTape}).
         */
        DOCUMENT
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
