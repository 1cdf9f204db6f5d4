package dev.kept.recording.contract;

import dev.kept.model.SessionKey;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.writer.Rendered;
import java.nio.file.Path;
import java.util.Optional;

/** What a worker tells the pipeline thread. */
public sealed interface RecordingReport {

    /** What is told of one recording. */
    sealed interface OfRecording extends RecordingReport {
        String recordingId();
    }

    /** A recording's beginning is durable in its journal. */
    record Journaled(String recordingId) implements OfRecording {}

    /** A journal could not be written; the worker goes on trying. Empty message: it could be written again. */
    record JournalTrouble(SessionKey session, String message) implements RecordingReport {}

    /** Where a command's path leads. */
    record Prepared(long ticket, Verdict verdict) implements RecordingReport {
        /** What is to be said about a path. */
        public sealed interface Verdict {}

        /** It may be written. */
        public record Ready(Path path) implements Verdict {}

        /** It may not. */
        public record Refused(Refusal refusal) implements Verdict {}
    }

    /** How far a recording really is. */
    record Recovered(String recordingId, Finding finding) implements OfRecording {
        /** What was seen. */
        public sealed interface Finding {}

        /**
         * It can go on from there.
         *
         * @param size of the file; -1 if it is not there
         * @param uncertain what cannot be told, for people; empty if nothing
         */
        public record Settled(RecordingProgress progress, long size, Optional<String> uncertain) implements Finding {}

        /** The path may not be written any more. */
        public record Blocked(Refusal refusal) implements Finding {}

        /** The file cannot be looked at now. */
        public record Unseen(String message) implements Finding {}
    }

    /** What came of a chunk. */
    record Written(String recordingId, Outcome outcome) implements OfRecording {
        /** What came of it. */
        public sealed interface Outcome {}

        /** It stands in the file. */
        public record Done(RecordingProgress progress) implements Outcome {}

        /** The file that was there before is gone; nothing was written. */
        public record Vanished() implements Outcome {}

        /** Another file stands at the path than the one that it was appended to: an editor saved meanwhile. */
        public record Replaced() implements Outcome {}

        /** The file is shorter than it was, and may be about to be written anew; nothing was written. */
        public record Shortened() implements Outcome {}

        /**
         * An earlier state of the file was there; a line stands in it now that says so, and what is missing follows from the
         * progress on. Nothing else was written.
         */
        public record PutBack(RecordingProgress progress) implements Outcome {}

        /** The path may not be written any more; nothing was written. */
        public record Refused(Refusal refusal) implements Outcome {}

        /** It could not be written; how much of it was, the next {@link RecordingWorkers#recover} tells. */
        public record Failed(String message) implements Outcome {}
    }

    /**
     * A part of a conversation, rendered.
     *
     * @param from where it begins: the mark of the request
     * @param to where it ends
     * @param reachedLimit whether there is nothing more before the request's limit
     */
    record Replayed(String recordingId, Rendered rendered, Mark from, Mark to, boolean reachedLimit)
            implements OfRecording {}

    /** What all readers of tapes that are open hold in memory, in bytes; told when it changed much. */
    record ReadersHold(long bytes) implements RecordingReport {}

    /** A part of a conversation could not be read from its tape. */
    record ReplayFailed(String recordingId, String message) implements OfRecording {}
}
