package dev.kept.recording.journal;

import dev.kept.model.TapePosition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/**
 * An entry of a session's journal: a decision of Kept. Entries are only appended; {@link SessionJournal} is the state
 * that they add up to.
 */
public sealed interface JournalEntry {

    /**
     * A command was decided, once and for all: its key is known from now on, wherever a copy of the message turns up.
     *
     * @param key the message's event id and the line; without the session, because forks copy messages
     * @param verb {@code init}, {@code record}, {@code capture}, {@code export}, {@code stop}
     * @param outcome the result
     * @param message the result, for people
     * @param sourceId the tape that holds the command, or in which the session was followed
     * @param place its boundary there
     */
    record CommandDecided(
            String key, String verb, Outcome outcome, String message, String sourceId, TapePosition place, Instant at)
            implements JournalEntry {
        /** Prefix of the keys of commands that a person gave outside the chat. */
        public static final String FROM_COMMAND_LINE = "command-line/";

        /** The result of a command. */
        public enum Outcome {
            DONE,
            /** It could not be carried out, and will not be tried again. */
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

    /** A session got a new primary destination. */
    record DestinationSet(Path path) implements JournalEntry {
        public DestinationSet {
            Objects.requireNonNull(path, "path");
        }
    }

    /** A recording or an export was started. */
    record RecordingStarted(RecordingPlan plan) implements JournalEntry {
        public RecordingStarted {
            Objects.requireNonNull(plan, "plan");
        }
    }

    /** A recording ends before that position. */
    record RecordingBounded(String recordingId, TapePosition until) implements JournalEntry {
        public RecordingBounded {
            Objects.requireNonNull(recordingId, "recordingId");
            Objects.requireNonNull(until, "until");
        }
    }

    /** The conversation continues in another source; its part in this one ends before that position. */
    record SourceLeft(String sourceId, TapePosition at) implements JournalEntry {
        public SourceLeft {
            Objects.requireNonNull(sourceId, "sourceId");
            Objects.requireNonNull(at, "at");
        }
    }

    /** A recording that was started continues an earlier one, in the same file, from another source. */
    record RecordingContinued(String recordingId, String earlier) implements JournalEntry {
        public RecordingContinued {
            Objects.requireNonNull(recordingId, "recordingId");
            Objects.requireNonNull(earlier, "earlier");
        }
    }

    /** A chunk is in its file. */
    record ChunkDone(String recordingId, RecordingProgress progress) implements JournalEntry {
        public ChunkDone {
            Objects.requireNonNull(recordingId, "recordingId");
            Objects.requireNonNull(progress, "progress");
        }
    }

    /** A recording has ended: everything that it was to hold is in its file. */
    record RecordingEnded(String recordingId) implements JournalEntry {
        public RecordingEnded {
            Objects.requireNonNull(recordingId, "recordingId");
        }
    }
}
