package dev.kept.recording.contract;

import dev.kept.model.SessionKey;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.writer.Rendered;
import java.nio.file.Path;
import java.util.Optional;

/** A worker's report to the pipeline thread. */
public sealed interface RecordingReport {

    /** A report about one recording. */
    sealed interface OfRecording extends RecordingReport {
        String recordingId();
    }

    /** The start of a recording is durable in its journal. */
    record Journaled(String recordingId) implements OfRecording {}

    /** A journal could not be written; the worker keeps trying. An empty message means that writing succeeded again. */
    record JournalTrouble(SessionKey session, String message) implements RecordingReport {}

    /** The answer about a command's path. */
    record Prepared(long ticket, Verdict verdict) implements RecordingReport {
        /** The verdict about a path. */
        public sealed interface Verdict {}

        /** Verdict that the path may be written to. */
        public record Ready(Path path) implements Verdict {}

        /** Verdict that the path may not be written to. */
        public record Refused(Refusal refusal) implements Verdict {}
    }

    /** The true progress of a recording. */
    record Recovered(String recordingId, Finding finding) implements OfRecording {
        /** The finding of an inspection. */
        public sealed interface Finding {}

        /**
         * Finding that the recording can continue from that progress.
         *
         * @param size of the file; -1 if it does not exist
         * @param uncertain what could not be decided, for people; empty if nothing
         */
        public record Settled(RecordingProgress progress, long size, Optional<String> uncertain) implements Finding {}

        /** Finding that the path may no longer be written to. */
        public record Blocked(Refusal refusal) implements Finding {}

        /** Finding that the file cannot be inspected at the moment. */
        public record Unseen(String message) implements Finding {}
    }

    /** The result of writing a chunk. */
    record Written(String recordingId, Outcome outcome) implements OfRecording {
        /** The outcome of a write. */
        public sealed interface Outcome {}

        /** Outcome of a complete write: the chunk is in the file. */
        public record Done(RecordingProgress progress) implements Outcome {}

        /** Outcome for a file that existed before and is gone; nothing was written. */
        public record Vanished() implements Outcome {}

        /** Outcome for a file that was replaced by another during the append: an editor saved meanwhile. */
        public record Replaced() implements Outcome {}

        /** Outcome for a file that is shorter than it was, and may be about to be rewritten; nothing was written. */
        public record Shortened() implements Outcome {}

        /**
         * Outcome for a file in an earlier state. A line in it now says so, and what is missing follows from the
         * progress on. Nothing else was written.
         */
        public record PutBack(RecordingProgress progress) implements Outcome {}

        /** Outcome for a path that may no longer be written to; nothing was written. */
        public record Refused(Refusal refusal) implements Outcome {}

        /**
         * Outcome of a failed write. The next {@link RecordingWorkers#recover} finds out how much of the chunk was
         * written.
         */
        public record Failed(String message) implements Outcome {}
    }

    /**
     * A rendered part of a conversation.
     *
     * @param from its beginning: the mark of the request
     * @param to its end
     * @param reachedLimit whether there is nothing more before the request's limit
     */
    record Replayed(String recordingId, Rendered rendered, Mark from, Mark to, boolean reachedLimit)
            implements OfRecording {}

    /** The memory of all open tape readers, in bytes; reported when it changed much. */
    record ReadersHold(long bytes) implements RecordingReport {}

    /** A part of a conversation could not be read from its tape. */
    record ReplayFailed(String recordingId, String message) implements OfRecording {}
}
