package dev.kept.provider;

import dev.kept.model.EventHeader;
import dev.kept.text.SafeId;
import java.util.Objects;
import java.util.Optional;

/** The kind of a file below a provider's root. */
public sealed interface SourceKind {

    /**
     * A session file, to be kept. Ids are in the form of {@link SafeId}.
     *
     * @param sessionId the session it belongs to; empty if only its records name it, and then it may hold several
     *     sessions
     * @param line the branch: {@link dev.kept.model.EventHeader#MAIN_LINE} or the subagent's id
     * @param layout the arrangement of the records in the file
     * @param continues the session whose conversation was handed over into the file; the path does not show it
     */
    record Session(Optional<String> sessionId, String line, Layout layout, Optional<String> continues)
            implements SourceKind {
        public Session {
            sessionId = sessionId.map(SafeId::of);
            continues = continues.map(SafeId::of);
            line = SafeId.of(Objects.requireNonNull(line, "line"));
            Objects.requireNonNull(layout, "layout");
        }

        /**
         * Returns the id of this file itself: for a subagent's file the subagent's id, for a conversation the session
         * id in its path. A file without records has none.
         *
         * @param branch the branch that its records name
         */
        public Optional<String> ownId(String branch) {
            return switch (layout) {
                case OPAQUE -> Optional.empty();
                case LINES, DOCUMENT -> branch.equals(EventHeader.MAIN_LINE) ? sessionId : Optional.of(branch);
            };
        }

        /** Creates the kind of a session file that is fully described by its path. */
        public Session(Optional<String> sessionId, String line, Layout layout) {
            this(sessionId, line, layout, Optional.empty());
        }

        /**
         * Returns this kind as that of a file into which the conversation of {@code session} was handed over, if
         * present.
         */
        public Session continuing(Optional<String> session) {
            return continues.equals(session) ? this : new Session(sessionId, line, layout, session);
        }

        /** Creates the kind of a file of JSON lines. */
        public Session(Optional<String> sessionId, String line) {
            this(sessionId, line, Layout.LINES);
        }
    }

    /** The arrangement of the records in a session file. */
    enum Layout {
        /** JSON values, one or more on a line; in normal use the file is only appended to. */
        LINES,
        /**
         * One JSON object with an array {@code messages} of records, written whole whenever it changes; the tape is a
         * record tape ({@link dev.kept.tape.document.RecordTape}), which is read like lines.
         */
        DOCUMENT,
        /** No records: a text or an image that a record of another file refers to. Kept on tape, read on request. */
        OPAQUE
    }

    /**
     * A file of the agent that is known and holds no conversation.
     *
     * @param rule the reason why it is not kept, in a few words
     */
    record Beside(String rule) implements SourceKind {}

    /** An unknown file, which is counted and shown. */
    record Unknown() implements SourceKind {}
}
