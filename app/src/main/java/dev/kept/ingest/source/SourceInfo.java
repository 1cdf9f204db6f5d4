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
 * @param number small and dense; identifies the source in messages inside one run
 * @param provider the agent that writes it
 * @param sourceId the name of its tape
 * @param path its current path
 * @param kind the kind that its path implies
 * @param tapeFolder the folder of its tape
 * @param firstSeen time when Kept first saw it
 * @param createdAt creation time of its file according to the file system; {@code firstSeen} if there is none, and if
 *     another file has taken its place since
 * @param rootEnabledAt time when Kept began to follow its root
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

    /** Returns the unique name of its tape. */
    public String tapeName() {
        return TapeLibrary.name(provider.name(), sourceId);
    }

    /** Returns this source as one into which the conversation of a session was handed over. */
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

    /** Returns this source at another path. */
    public SourceInfo at(Path other) {
        return new SourceInfo(number, provider, sourceId, other, kind, tapeFolder, firstSeen, createdAt, rootEnabledAt);
    }
}
