package dev.kept.session;

import dev.kept.model.SessionKey;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The sessions that are held in memory.
 *
 * <p>Changed and asked by one thread. What it returns is immutable and shares everything with the store: no call copies an
 * event.
 */
public interface SessionSnapshotStore {

    /** Appends to a session, which is made if it is new. Costs what the update is large, never what the session is. */
    void upsert(SessionUpdate update);

    /**
     * Appends what was said before anyone listened. Its events are held only as far as there is room beside what is held
     * already, and are the first to go: a first import must not push out what is being said now, nor pack everything only
     * to evict it. To be called for the latest sessions first.
     */
    void upsertHistory(SessionUpdate update);

    /**
     * Makes a session a part of another one, which is made if it is new: it is gone, and counts there. Its events are on tape
     * only from then on. Does nothing if there is no such session.
     */
    void merge(SessionKey part, SessionKey whole);

    /** Notes whether the session's source is there, and when it was modified (ms since 1970, 0 for unknown). */
    void sourceSeen(SessionKey key, boolean present, long modifiedAtMs);

    /**
     * Charges what others hold because of the sessions: parsers, ids that were seen, sources. Events make room for it.
     *
     * @param change bytes of heap more, or less, than before
     */
    void chargeElsewhere(long change);

    /** The session with its events: the same cost whatever it holds. */
    Optional<RuntimeSessionSnapshot> get(SessionKey key);

    /** All sessions with their events. For exports and tests: no timer and no update may call it. */
    List<RuntimeSessionSnapshot> list();

    /** What status needs of one session. */
    Optional<SessionSnapshotStatusMetadata> metadata(SessionKey key);

    /** What status needs of all sessions; touches no event, and costs what changed since it was asked last. */
    List<SessionSnapshotStatusMetadata> listMetadataOnly();

    /**
     * What status needs of the sessions that something happened in since then; costs what those are, as long as it is asked
     * for later and later times.
     */
    List<SessionSnapshotStatusMetadata> listActiveSince(Instant since);

    /**
     * Writes what is held of a session but its events.
     *
     * @throws IllegalArgumentException if there is no such session
     */
    void save(SessionKey key, StateWriter out);

    /**
     * Takes up a session that was saved: all its events are on tape only.
     *
     * @return its key
     * @throws IOException if that is no such state, or the session is held already
     */
    SessionKey restore(StateReader in) throws IOException;

    /** What is held, and what was given up. */
    SnapshotMemoryStats memoryStats();
}
