package dev.kept.recording;

import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the events of a line are read from.
 *
 * @param tapeFolder the tape of the line's source
 * @param sessionId whose events are read, where a source holds several sessions
 */
public record LineSource(Provider provider, SourceKind.Session kind, Path tapeFolder, String sessionId) {
    public LineSource {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(tapeFolder, "tapeFolder");
        Objects.requireNonNull(sessionId, "sessionId");
    }
}
