package dev.kept.recording.contract;

import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a session's source and metadata say, as far as recordings need it.
 *
 * @param sourceId the tape that is written from
 * @param createdAt when its file was made, as far as is known
 * @param forkedFrom the session that it began as a copy of; empty if none
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
