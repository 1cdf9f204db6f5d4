package dev.kept.recording.contract;

import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Facts of a session's source and metadata that recordings need.
 *
 * @param sourceId the tape that is written from
 * @param createdAt the creation time of its file, as far as it is known
 * @param forkedFrom the session of which it began as a copy; empty if none
 * @param title the session's title or snippet; may be empty
 */
public record RecordingFacts(
        Provider provider,
        SourceKind.Session kind,
        String sourceId,
        Path tapeFolder,
        Instant createdAt,
        String forkedFrom,
        String title,
        Optional<Instant> firstEventAt) {}
