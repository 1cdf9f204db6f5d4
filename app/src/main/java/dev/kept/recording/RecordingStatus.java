package dev.kept.recording;

import dev.kept.model.SessionKey;
import dev.kept.recording.journal.RecordingPlan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The status of a recording, as shown to people.
 *
 * @param lastWriteAt the time of the last write; empty before the first
 * @param trouble the reason why nothing is written at the moment; empty if all is well
 */
public record RecordingStatus(
        String recordingId,
        SessionKey session,
        RecordingPlan.Purpose purpose,
        Path path,
        Instant startedAt,
        Optional<Instant> lastWriteAt,
        Optional<String> trouble) {
    public RecordingStatus {
        Objects.requireNonNull(recordingId, "recordingId");
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(purpose, "purpose");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(lastWriteAt, "lastWriteAt");
        Objects.requireNonNull(trouble, "trouble");
    }
}
