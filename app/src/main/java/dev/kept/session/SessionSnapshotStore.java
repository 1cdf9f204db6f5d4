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
 * <p>Used by one thread. What it returns is immutable and shares everything with the store: no call copies an event.
 */
public interface SessionSnapshotStore {

    /**
     * Appends to a session, which is created if it is new. The cost depends on the size of the update, never on that of
     * the session.
     */
    void upsert(SessionUpdate update);

    /**
     * Appends events that predate this run. They are held only as far as there is room beside what is held already, and
     * are the first to be evicted: a first import must not evict the events of live sessions, nor pack everything only
     * to evict it. To be called for the latest sessions first.
     */
    void upsertHistory(SessionUpdate update);

    /**
     * Makes a session a part of another one, which is created if it is new. The part is removed and its counts are
     * added to the whole; its events are only on tape from then on. Does nothing if there is no such session.
     */
    void merge(SessionKey part, SessionKey whole);

    /** Notes whether the session's source exists, and when it was modified (ms since 1970, 0 for unknown). */
    void updateSource(SessionKey key, boolean present, long modifiedAtMs);

    /**
     * Charges memory that other objects hold for the sessions: parsers, known ids, sources. Events are evicted to make
     * room.
     *
     * @param change bytes of heap more, or less, than before
     */
    void chargeElsewhere(long change);

    /** Returns the session with its events, at the same cost whatever it holds. */
    Optional<RuntimeSessionSnapshot> get(SessionKey key);

    /** Returns all sessions with their events. For exports and tests: no timer and no update may call it. */
    List<RuntimeSessionSnapshot> list();

    /** Returns the metadata of one session. */
    Optional<SessionSnapshotStatusMetadata> metadata(SessionKey key);

    /** Returns the metadata of all sessions. Reads no event; the cost depends on what changed since the last call. */
    List<SessionSnapshotStatusMetadata> listMetadataOnly();

    /**
     * Returns the metadata of the sessions that were active since then. The cost depends on their number, as long as
     * the times of successive calls do not go back.
     */
    List<SessionSnapshotStatusMetadata> listActiveSince(Instant since);

    /**
     * Writes the state of a session except its events.
     *
     * @throws IllegalArgumentException if there is no such session
     */
    void save(SessionKey key, StateWriter out);

    /**
     * Restores a saved session: all its events are on tape only.
     *
     * @return its key
     * @throws IOException if the state is invalid, or the session is held already
     */
    SessionKey restore(StateReader in) throws IOException;

    /** Returns the memory that the store uses, and the counts of evictions. */
    SnapshotMemoryStats memoryStats();
}
