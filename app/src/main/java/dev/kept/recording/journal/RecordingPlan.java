package dev.kept.recording.journal;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The content and form of a recording: fixed when it starts, so that the same tape gives the same bytes whenever they
 * are written.
 *
 * @param recordingId names it among all recordings
 * @param purpose the reason for writing it
 * @param path the destination, canonical
 * @param sourceId the tape that is written from
 * @param from the first position it holds
 * @param title the session's title or snippet at its start; may be empty
 * @param created the beginning of the conversation, if it was known
 * @param startedAt the time of the request
 */
public record RecordingPlan(
        String recordingId,
        SessionKey session,
        Purpose purpose,
        Path path,
        String sourceId,
        TapePosition from,
        String title,
        Optional<Instant> created,
        Instant startedAt) {
    /** The reason for writing a file. */
    public enum Purpose {
        /** To follow the session. */
        RECORDING,
        /** To hold the conversation so far, once. */
        EXPORT,
        /** To be there when a recording starts. */
        PREPARATION
    }

    public RecordingPlan {
        Objects.requireNonNull(recordingId, "recordingId");
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(purpose, "purpose");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(sourceId, "sourceId");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(startedAt, "startedAt");
    }

    /** Returns the plan of a recording that continues this one in the same file from another source. */
    public RecordingPlan continued(String id, String inSource, TapePosition start, Instant at) {
        return new RecordingPlan(id, session, purpose, path, inSource, start, title, created, at);
    }
}
