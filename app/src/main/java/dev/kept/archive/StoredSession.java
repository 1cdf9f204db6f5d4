package dev.kept.archive;

import dev.kept.model.SessionKey;
import dev.kept.session.SessionSnapshotStatusMetadata;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A session as its tapes tell it.
 *
 * @param tapes those of the main line first, oldest first; at least one
 * @param metadata of all its tapes together
 */
public record StoredSession(SessionKey key, List<StoredTape> tapes, SessionSnapshotStatusMetadata metadata) {
    public StoredSession {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(metadata, "metadata");
        tapes = List.copyOf(tapes);
        if (tapes.isEmpty()) {
            throw new IllegalArgumentException("a session has at least one tape");
        }
    }

    /** The tape of the conversation itself; of a subagent where that is all there is. */
    public StoredTape main() {
        return tapes.getFirst();
    }

    /** When something was last said; where that is not known, when the session was first seen. */
    public Instant lastSaid() {
        return metadata.lastMessageAt()
                .or(metadata::lastEventAt)
                .orElse(main().card().firstSeen());
    }

    /** Bytes that all generations of all tapes take on disk. */
    public long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (StoredTape tape : tapes) {
            bytes += tape.bytesOnDisk();
        }
        return bytes;
    }

    /** Bytes of the newest generation of every tape. */
    public long bytes() {
        return tapes.stream().mapToLong(StoredTape::length).sum();
    }

    /** The title, or what was said first; may be empty. */
    public String name() {
        return metadata.title().isEmpty() ? metadata.snippet() : metadata.title();
    }
}
