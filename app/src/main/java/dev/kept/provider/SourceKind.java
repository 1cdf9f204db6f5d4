package dev.kept.provider;

import dev.kept.model.EventHeader;
import dev.kept.text.SafeId;
import java.util.Objects;
import java.util.Optional;

/** What a file below a provider's root is. */
public sealed interface SourceKind {

    /**
     * A session file, to be kept. Ids are in the form of {@link SafeId}.
     *
     * @param sessionId the session it belongs to; empty if only its records tell, and then it may hold several
     * @param line {@link dev.kept.model.EventHeader#MAIN_LINE} or the subagent's id
     * @param layout how its records stand in it
     * @param continues the session whose conversation was handed over into the file; its path does not tell
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
         * The id that the file goes by itself, which need not be that of its session: its subagent's, or of a conversation
         * the one in its path. A file without records goes by none.
         *
         * @param told the line that its records say
         */
        public Optional<String> ownId(String told) {
            return switch (layout) {
                case OPAQUE -> Optional.empty();
                case LINES, DOCUMENT -> told.equals(EventHeader.MAIN_LINE) ? sessionId : Optional.of(told);
            };
        }

        /** A file whose path tells all that is known of it. */
        public Session(Optional<String> sessionId, String line, Layout layout) {
            this(sessionId, line, layout, Optional.empty());
        }

        /** Returns the same as a file into which the conversation of a session was handed over, if it was. */
        public Session continuing(Optional<String> session) {
            return continues.equals(session) ? this : new Session(sessionId, line, layout, session);
        }

        /** A file of JSON lines. */
        public Session(Optional<String> sessionId, String line) {
            this(sessionId, line, Layout.LINES);
        }
    }

    /** How the records stand in a session file. */
    enum Layout {
        /** JSON values, one or more on a line; in normal use the file is only appended to. */
        LINES,
        /**
         * One JSON object with an array {@code messages} of records, written whole whenever it changes; the tape is a
         * record tape ({@link dev.kept.tape.document.RecordTape}), which is read like lines.
         */
        DOCUMENT,
        /** No records: a text or an image that a record of another file names. Kept on tape, read when it is asked for. */
        OPAQUE
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
