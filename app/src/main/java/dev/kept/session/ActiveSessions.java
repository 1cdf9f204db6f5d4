package dev.kept.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sessions with recent activity. Callers ask for a time that only moves forward: a session that was too old for the
 * last query is considered again only when it changes, or when the clock was set back. Owned by the pipeline thread.
 */
final class ActiveSessions {
    private final ArrayList<HeldSession> active = new ArrayList<>();
    private Instant since = Instant.MIN;

    /** Notes that a session changed. */
    void markChanged(HeldSession session) {
        if (!session.isAmongActive() && isActive(session.metadata())) {
            session.setAmongActive(true);
            active.add(session);
        }
    }

    /** Notes that a session was removed. */
    void remove(HeldSession session) {
        if (session.isAmongActive()) {
            session.setAmongActive(false);
            active.remove(session);
        }
    }

    private boolean isActive(SessionSnapshotStatusMetadata metadata) {
        Optional<Instant> at = metadata.lastActiveAt();
        return at.isPresent() && !at.get().isBefore(since);
    }

    /**
     * Returns the metadata of the sessions that were active since then.
     *
     * @param all every session of the store; examined only if {@code from} is before that of the last query
     */
    List<SessionSnapshotStatusMetadata> since(Instant from, Iterable<HeldSession> all) {
        boolean back = from.isBefore(since);
        since = from;
        if (back) {
            all.forEach(this::markChanged);
        }
        List<SessionSnapshotStatusMetadata> found = new ArrayList<>();
        active.removeIf(session -> {
            boolean stays = isActive(session.metadata());
            session.setAmongActive(stays);
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
