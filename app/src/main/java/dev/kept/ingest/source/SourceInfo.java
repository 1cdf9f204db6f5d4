package dev.kept.ingest.source;

import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.tape.TapeLibrary;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A source that Kept follows.
 *
 * @param number small and dense; names the source in messages inside one run
 * @param provider the agent that writes it
 * @param sourceId the name of its tape
 * @param path where it stands
 * @param kind what its path says about it
 * @param tapeFolder where its tape is
 * @param firstSeen when Kept first saw it
 * @param createdAt when its file was made, as the file system says; {@code firstSeen} where it does not, and where another
 *     file has taken its place since
 * @param rootEnabledAt when Kept began to follow the root it stands under
 */
public record SourceInfo(
        int number,
        Provider provider,
        String sourceId,
        Path path,
        SourceKind.Session kind,
        Path tapeFolder,
        Instant firstSeen,
        Instant createdAt,
        Instant rootEnabledAt) {
    public SourceInfo {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(sourceId, "sourceId");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(tapeFolder, "tapeFolder");
        Objects.requireNonNull(firstSeen, "firstSeen");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(rootEnabledAt, "rootEnabledAt");
    }

    /** The name of its tape among all. */
    public String tapeName() {
        return TapeLibrary.name(provider.name(), sourceId);
    }

    /** The same source as one into which the conversation of a session was handed over. */
    public SourceInfo continuing(String session) {
        return new SourceInfo(
                number,
                provider,
                sourceId,
                path,
                kind.continuing(Optional.of(session)),
                tapeFolder,
                firstSeen,
                createdAt,
                rootEnabledAt);
    }

    /** The same source at another place. */
    public SourceInfo at(Path other) {
        return new SourceInfo(number, provider, sourceId, other, kind, tapeFolder, firstSeen, createdAt, rootEnabledAt);
    }
}
