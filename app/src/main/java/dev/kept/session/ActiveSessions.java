package dev.kept.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sessions that something happened in lately. Who asks for them says since when, which moves on: what was too old for
 * the last question is looked at again only when it changes, or when the clock was put back. Owned by the pipeline thread.
 */
final class ActiveSessions {
    private final ArrayList<HeldSession> active = new ArrayList<>();
    private Instant since = Instant.MIN;

    /** A session changed. */
    void changed(HeldSession session) {
        if (!session.isAmongActive() && isActive(session.metadata())) {
            session.amongActive(true);
            active.add(session);
        }
    }

    /** A session is gone. */
    void removed(HeldSession session) {
        if (session.isAmongActive()) {
            session.amongActive(false);
            active.remove(session);
        }
    }

    private boolean isActive(SessionSnapshotStatusMetadata metadata) {
        Optional<Instant> at = metadata.lastActiveAt();
        return at.isPresent() && !at.get().isBefore(since);
    }

    /**
     * What status needs of those that something happened in since then.
     *
     * @param all every session that there is; looked at only if {@code from} is before that of the last question
     */
    List<SessionSnapshotStatusMetadata> since(Instant from, Iterable<HeldSession> all) {
        boolean back = from.isBefore(since);
        since = from;
        if (back) {
            all.forEach(this::changed);
        }
        List<SessionSnapshotStatusMetadata> found = new ArrayList<>();
        active.removeIf(session -> {
            boolean stays = isActive(session.metadata());
            session.amongActive(stays);
            if (stays) {
                found.add(session.metadata());
            }
            return !stays;
        });
        // All are among them when they come: the room for that is given back.
        active.trimToSize();
        return found;
    }

    /** Bytes of heap that it takes for itself. */
    long heapBytes(HeapLayout layout) {
        return layout.object(2 * 4) + layout.object(3 * 4) + layout.referenceArray(active.size());
    }
}
