package dev.kept.recording;

import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the events of a line are read from.
 *
 * @param tapeFolder the tape of the line's source
 */
public record LineSource(Provider provider, SourceKind.Session kind, Path tapeFolder) {
    public LineSource {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(tapeFolder, "tapeFolder");
    }
}
