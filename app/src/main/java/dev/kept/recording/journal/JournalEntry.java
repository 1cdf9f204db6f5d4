package dev.kept.recording.journal;

import dev.kept.model.TapePosition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/**
 * One line of a session's journal: what Kept itself decided. Entries are only added; the state of a session's recordings
 * is what they add up to ({@link SessionJournal}).
 */
public sealed interface JournalEntry {

    /**
     * A command was decided, once and for all: its key is known from now on, wherever a copy of the message turns up.
     *
     * @param key the message's event id and the line: no session is part of it, because forks copy messages
     * @param verb {@code init}, {@code record}, {@code capture}, {@code export}, {@code stop}
     * @param outcome what came of it
     * @param message for people
     * @param sourceId the tape in which it stood, or that the session was followed in
     * @param place the boundary at which it stood there
     */
    record CommandDecided(
            String key, String verb, Outcome outcome, String message, String sourceId, TapePosition place, Instant at)
            implements JournalEntry {
        /** How the keys of commands begin that a person gave outside the chat. */
        public static final String FROM_COMMAND_LINE = "command-line/";

        /** What came of a command. */
        public enum Outcome {
            DONE,
            /** It could not be done, and will not be tried again. */
            FAILED
        }

        public CommandDecided {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(verb, "verb");
            Objects.requireNonNull(outcome, "outcome");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(sourceId, "sourceId");
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(at, "at");
        }
    }

    /** The session's primary destination from now on. */
    record DestinationSet(Path path) implements JournalEntry {
        public DestinationSet {
            Objects.requireNonNull(path, "path");
        }
    }

    /** A recording or an export began. */
    record RecordingStarted(RecordingPlan plan) implements JournalEntry {
        public RecordingStarted {
            Objects.requireNonNull(plan, "plan");
        }
    }

    /** A recording ends before that place. */
    record RecordingBounded(String recordingId, TapePosition until) implements JournalEntry {
        public RecordingBounded {
            Objects.requireNonNull(recordingId, "recordingId");
            Objects.requireNonNull(until, "until");
        }
    }

    /** The conversation goes on in another source; what stands in this one before that place is behind it. */
    record SourceLeft(String sourceId, TapePosition at) implements JournalEntry {
        public SourceLeft {
            Objects.requireNonNull(sourceId, "sourceId");
            Objects.requireNonNull(at, "at");
        }
    }

    /** A recording that was started goes on with another one, in the same file, from another source. */
    record RecordingContinued(String recordingId, String earlier) implements JournalEntry {
        public RecordingContinued {
            Objects.requireNonNull(recordingId, "recordingId");
            Objects.requireNonNull(earlier, "earlier");
        }
    }

    /** A chunk stands in its file. */
    record ChunkDone(String recordingId, RecordingProgress progress) implements JournalEntry {
        public ChunkDone {
            Objects.requireNonNull(recordingId, "recordingId");
            Objects.requireNonNull(progress, "progress");
        }
    }

    /** Everything a recording was to hold stands in its file. */
    record RecordingEnded(String recordingId) implements JournalEntry {
        public RecordingEnded {
            Objects.requireNonNull(recordingId, "recordingId");
        }
    }
}
