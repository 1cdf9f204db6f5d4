package dev.kept.ingest;

import dev.kept.ingest.admission.Family;
import dev.kept.ingest.copy.SourceRegistry;
import dev.kept.ingest.source.FollowedRoot;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.provider.LinkRules;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.tape.Tombstones;
import dev.kept.tape.packed.UnpackLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The sources that their owner wants nothing kept of: those that were forgotten themselves, and those that belong to a
 * forgotten session, under whatever name they appear later. Not thread-safe.
 */
public final class ForgottenSources {
    private final Tombstones tombstones;
    private final Family family;

    ForgottenSources(Tombstones tombstones, Family family) {
        this.tombstones = tombstones;
        this.family = family;
    }

    /** Creates an instance for a caller that follows no links. */
    public ForgottenSources(Tombstones tombstones) {
        this(tombstones, new Family(new LinkedPaths(LinkRules.NONE), UnpackLimits.STANDARD));
    }

    /** Reports whether a source was forgotten itself; a file that its agent moves keeps the name of its tape. */
    boolean contains(Provider provider, Path source, String sourceId) {
        return tombstones.contains(provider.name(), source) || tombstones.containsTape(provider.name(), sourceId);
    }

    /** Reports whether sessions of an agent were forgotten, so that the beginning of a source matters. */
    boolean haveSessions(Provider provider) {
        return tombstones.haveSessions(provider.name());
    }

    /** Returns the origin of a source, according to its records and those of the files above it. */
    Family.Origin origin(Path source, Path place, SourceKind.Session kind, FollowedRoot root) throws IOException {
        return family.of(source, place, kind, root, false, true);
    }

    /** Reports whether one of the sessions that a source belongs to was forgotten. */
    boolean contains(Provider provider, Family.Origin origin) {
        return origin.ids().stream().anyMatch(id -> tombstones.containsSession(provider.name(), id));
    }

    /**
     * Reports whether nothing is to be kept of a file. If sessions of its agent were forgotten, reads its beginning and
     * that of the files above it.
     *
     * @param root root of its agent, canonical
     */
    public boolean contains(Provider provider, Path root, Path file, SourceKind.Session kind) {
        FollowedRoot followed = new FollowedRoot(provider, root, Instant.EPOCH);
        if (contains(provider, file, SourceRegistry.sourceId(followed, file))) {
            return true;
        }
        try {
            return haveSessions(provider) && contains(provider, origin(file, file, kind, followed));
        } catch (IOException unreadable) {
            return false;
        }
    }
}
