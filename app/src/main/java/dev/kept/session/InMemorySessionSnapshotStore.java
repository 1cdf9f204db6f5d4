package dev.kept.session;

import dev.kept.model.SessionKey;
import dev.kept.provider.SessionFact;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's store. It charges exactly what is allocated. When that exceeds the budget, the events of the least
 * recently updated sessions are evicted, then the beginning of the session that grew. Metadata stays.
 *
 * <p>Charge and release are one number: each session is charged with what it takes, and every change charges the
 * difference.
 */
public final class InMemorySessionSnapshotStore implements SessionSnapshotStore {
    /** The store itself, its maps without their tables, and its counters. */
    private static final long OWN_OBJECTS_BYTES = 320;

    private final SnapshotLimits limits;
    private final HeapLayout layout;
    /**
     * The fraction of the budget (one in so many) for the texts of metadata; beyond it facts are {@link
     * SessionFact#brief}.
     */
    private static final int TEXT_SHARE = 4;

    /** The least room for the texts of metadata, whatever the budget. */
    private static final long LEAST_TEXT_BYTES = 1024 * 1024;

    private final EvictionListener evicted;
    private final ByteSink sink = new ByteSink();
    private final Map<SessionKey, HeldSession> sessions = new HashMap<>();
    private final MetadataPages metadata = new MetadataPages();
    private final ActiveSessions active = new ActiveSessions();
    /** The sessions that hold events, least recently updated first. */
    private final LinkedHashMap<SessionKey, HeldSession> resident = new LinkedHashMap<>();

    private final EnumMap<EvictionReason, Long> evictionsByReason = new EnumMap<>(EvictionReason.class);
    private long eventCount;
    private long sessionBytes;
    private long bytesElsewhere;
    private long textBytes;
    private int mostResident;
    private long evictions;
    private long bytesReclaimed;
    private boolean historyIsFull;

    /** A listener that is notified of every eviction. */
    @FunctionalInterface
    public interface EvictionListener {
        void evicted(SessionKey key, EvictionReason reason, long events, long bytes);
    }

    public InMemorySessionSnapshotStore(SnapshotLimits limits, HeapLayout layout, EvictionListener evicted) {
        this.limits = limits;
        this.layout = layout;
        this.evicted = evicted;
    }

    @Override
    public void upsert(SessionUpdate update) {
        HeldSession session = held(update.key());
        append(session, update, hasRoomForEvents());
        if (session.log().count() > 0) {
            resident.putLast(session.metadata().key(), session);
            mostResident = Math.max(mostResident, resident.size());
        }
        charge(session);
        keepWithinLimits(session);
    }

    @Override
    public void upsertHistory(SessionUpdate update) {
        HeldSession session = held(update.key());
        boolean keep = admitHistory(session);
        if (!keep && session.log().count() > 0) {
            evict(session, EvictionReason.MEMORY_PRESSURE);
        }
        append(session, update, keep);
        if (session.log().count() > 0
                && !resident.containsKey(session.metadata().key())) {
            resident.putFirst(session.metadata().key(), session);
            mostResident = Math.max(mostResident, resident.size());
        }
        charge(session);
        if (session.log().count() > 0 && estimatedBytes() > limits.budgetBytes()) {
            historyIsFull = true;
            evict(session, EvictionReason.MEMORY_PRESSURE);
        }
        keepWithinLimits(session);
    }

    private HeldSession held(SessionKey sought) {
        HeldSession known = sessions.get(sought);
        if (known != null) {
            return known;
        }
        HeldSession session = new HeldSession(sought, metadata.size(), layout);
        sessions.put(sought, session);
        metadata.add(session.metadata());
        return session;
    }

    private void append(HeldSession session, SessionUpdate update, boolean keep) {
        int before = session.log().count();
        int textsBefore = session.textBytes();
        session.append(update, sink, keep, textBytes <= Math.max(LEAST_TEXT_BYTES, limits.budgetBytes() / TEXT_SHARE));
        eventCount += session.log().count() - before;
        textBytes += session.textBytes() - textsBefore;
    }

    /** Returns false if what stays takes all of the budget: then events are not packed only to be evicted at once. */
    private boolean hasRoomForEvents() {
        return !resident.isEmpty() || estimatedBytes() <= limits.budgetBytes();
    }

    /**
     * Decides whether old events may be held, and notes when the store is no longer full. Once the store was full, they
     * may only after much was freed: one session's events must not replace another's.
     */
    private boolean admitHistory(HeldSession session) {
        historyIsFull &= estimatedBytes() > limits.budgetBytes() / 4 * 3;
        return !historyIsFull && (session.log().count() > 0 || resident.size() < limits.maxSessions());
    }

    @Override
    public void save(SessionKey key, StateWriter out) {
        HeldSession session = sessions.get(key);
        if (session == null) {
            throw new IllegalArgumentException("no session " + key);
        }
        session.save(out);
    }

    @Override
    public SessionKey restore(StateReader in) throws IOException {
        HeldSession session = HeldSession.restore(in, metadata.size(), layout);
        SessionKey key = session.metadata().key();
        if (sessions.putIfAbsent(key, session) != null) {
            throw new IOException("not a state: " + key + " stands in it twice");
        }
        metadata.add(session.metadata());
        textBytes += session.textBytes();
        charge(session);
        keepWithinBudget(null);
        return key;
    }

    @Override
    public void merge(SessionKey part, SessionKey whole) {
        HeldSession gone = sessions.get(part);
        if (gone == null || part.equals(whole)) {
            return;
        }
        eventCount -= gone.log().clear();
        resident.remove(part);
        gone.updateAfterDrop();
        sessionBytes = Math.addExact(sessionBytes, gone.recharge());
        HeldSession into = held(whole);
        remove(gone);
        textBytes -= into.textBytes();
        into.absorb(gone.metadata());
        textBytes += into.textBytes();
        charge(into);
        keepWithinLimits(into);
    }

    private void remove(HeldSession gone) {
        sessions.remove(gone.metadata().key());
        sessionBytes = Math.subtractExact(sessionBytes, gone.charged());
        textBytes -= gone.textBytes();
        active.remove(gone);
        int last = metadata.size() - 1;
        for (HeldSession each : sessions.values()) {
            if (each.place() == last) {
                each.moveTo(gone.place());
                metadata.set(each.place(), each.metadata());
            }
        }
        metadata.removeLast();
    }

    @Override
    public void updateSource(SessionKey key, boolean present, long modifiedAtMs) {
        HeldSession session = sessions.get(key);
        if (session != null) {
            session.updateSource(present, modifiedAtMs);
            charge(session);
        }
    }

    @Override
    public void chargeElsewhere(long change) {
        bytesElsewhere = Math.addExact(bytesElsewhere, change);
        if (change > 0) {
            keepWithinBudget(null);
        }
    }

    /** Updates the charge of a session; called after every change of it. */
    private void charge(HeldSession session) {
        sessionBytes = Math.addExact(sessionBytes, session.recharge());
        metadata.set(session.place(), session.metadata());
        active.markChanged(session);
    }

    /** Returns the bytes that the sessions take, here and elsewhere, and the store itself. */
    private long estimatedBytes() {
        return sessionBytes
                + bytesElsewhere
                + OWN_OBJECTS_BYTES
                + sink.heapBytes(layout)
                + metadata.heapBytes(layout)
                + active.heapBytes(layout)
                + MetadataFootprint.table(sessions.size(), layout)
                + MetadataFootprint.table(mostResident, layout);
    }

    private void keepWithinLimits(HeldSession updated) {
        while (updated.log().count() > limits.maxEventsPerSession() && dropBeginning(updated)) {
            // Until it fits; whole chunks are dropped.
        }
        while (resident.size() > limits.maxSessions()) {
            HeldSession oldest = leastRecentlyUpdated(updated);
            if (oldest == null) {
                break;
            }
            evict(oldest, EvictionReason.MAX_SESSIONS);
        }
        keepWithinBudget(updated);
    }

    /** The session that is being updated keeps what it can. */
    private void keepWithinBudget(@Nullable HeldSession updated) {
        while (estimatedBytes() > limits.budgetBytes()) {
            HeldSession oldest = leastRecentlyUpdated(updated);
            if (oldest != null) {
                evict(oldest, EvictionReason.MEMORY_PRESSURE);
            } else if (updated == null) {
                break;
            } else if (!dropBeginning(updated)) {
                if (updated.log().count() > 0) {
                    evict(updated, EvictionReason.OVERSIZED_SESSION);
                }
                break;
            }
        }
    }

    private @Nullable HeldSession leastRecentlyUpdated(@Nullable HeldSession except) {
        for (HeldSession session : resident.values()) {
            if (!session.equals(except)) {
                return session;
            }
        }
        return null;
    }

    private boolean dropBeginning(HeldSession session) {
        long before = sessionBytes;
        int dropped = session.log().dropFirstChunk();
        if (dropped == 0) {
            return false;
        }
        recordEviction(session, EvictionReason.OVERSIZED_SESSION, dropped, before);
        return true;
    }

    private void evict(HeldSession session, EvictionReason reason) {
        long before = sessionBytes;
        int dropped = session.log().clear();
        resident.remove(session.metadata().key());
        recordEviction(session, reason, dropped, before);
    }

    private void recordEviction(HeldSession session, EvictionReason reason, int events, long before) {
        session.updateAfterDrop();
        charge(session);
        eventCount -= events;
        evictions++;
        long reclaimed = before - sessionBytes;
        bytesReclaimed += reclaimed;
        evictionsByReason.merge(reason, 1L, Long::sum);
        evicted.evicted(session.metadata().key(), reason, events, reclaimed);
    }

    @Override
    public Optional<RuntimeSessionSnapshot> get(SessionKey key) {
        return Optional.ofNullable(sessions.get(key)).map(HeldSession::snapshot);
    }

    @Override
    public Optional<SessionSnapshotStatusMetadata> metadata(SessionKey key) {
        return Optional.ofNullable(sessions.get(key)).map(HeldSession::metadata);
    }

    @Override
    public List<RuntimeSessionSnapshot> list() {
        List<RuntimeSessionSnapshot> all = new ArrayList<>(sessions.size());
        for (HeldSession session : sessions.values()) {
            all.add(session.snapshot());
        }
        return List.copyOf(all);
    }

    @Override
    public List<SessionSnapshotStatusMetadata> listMetadataOnly() {
        return metadata.list();
    }

    @Override
    public List<SessionSnapshotStatusMetadata> listActiveSince(Instant since) {
        return active.since(since, sessions.values());
    }

    @Override
    public SnapshotMemoryStats memoryStats() {
        long estimatedBytes = estimatedBytes();
        return new SnapshotMemoryStats(
                estimatedBytes,
                limits.budgetBytes(),
                sessions.size(),
                eventCount,
                evictions,
                bytesReclaimed,
                Map.copyOf(evictionsByReason),
                estimatedBytes > limits.budgetBytes());
    }
}
