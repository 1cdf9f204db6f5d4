package dev.kept.recording.journal;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a recording is to hold, and how it looks: fixed when it starts, so that the same tape gives the same bytes
 * whenever they are written.
 *
 * @param recordingId names it among all recordings
 * @param purpose why it is written
 * @param path the destination, canonical
 * @param sourceId the tape that is written from
 * @param from the first place it holds
 * @param title the session's title or snippet when it started; may be empty
 * @param created when the conversation began, where that was known
 * @param startedAt when it was asked for
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
    /** Why a file is written. */
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

    /** The plan of what goes on in the same file from another source. */
    public RecordingPlan continued(String id, String inSource, TapePosition start, Instant at) {
        return new RecordingPlan(id, session, purpose, path, inSource, start, title, created, at);
    }
}
