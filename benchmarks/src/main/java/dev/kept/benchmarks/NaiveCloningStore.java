package dev.kept.benchmarks;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.session.SessionSnapshotStatusMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The leak, reproduced: a store that keeps event objects in lists and takes and hands out deep copies, so that nobody
 * can change what it holds. Status, which wants a line for each session, copies every event of every session for it,
 * once a second. Its estimate is the length of the text in UTF-8, which is not what the objects take of the heap.
 */
public final class NaiveCloningStore {
    private final Map<SessionKey, Snapshot> sessions = new LinkedHashMap<>();

    /** A session with all its events. */
    public record Snapshot(SessionSnapshotStatusMetadata metadata, List<ConversationEvent> events) {}

    /** Puts a session's next snapshot, all of whose events are copied. */
    public void upsert(SessionSnapshotStatusMetadata metadata, List<ConversationEvent> events) {
        sessions.put(metadata.key(), new Snapshot(metadata, DeepCopy.of(events)));
    }

    /** Adds events the way an update does it: get, add, put. */
    public void append(SessionSnapshotStatusMetadata metadata, List<ConversationEvent> events) {
        List<ConversationEvent> all = new ArrayList<>();
        get(metadata.key()).ifPresent(held -> all.addAll(held.events()));
        all.addAll(events);
        upsert(metadata, all);
    }

    /** A deep copy of one session. */
    public Optional<Snapshot> get(SessionKey key) {
        return Optional.ofNullable(sessions.get(key)).map(NaiveCloningStore::copy);
    }

    /** A deep copy of everything. */
    public List<Snapshot> list() {
        List<Snapshot> all = new ArrayList<>();
        for (Snapshot held : sessions.values()) {
            all.add(copy(held));
        }
        return all;
    }

    /** What status needs, by way of a copy of everything. */
    public List<SessionSnapshotStatusMetadata> listMetadataOnly() {
        return list().stream().map(Snapshot::metadata).toList();
    }

    /** The length of all events as text. */
    public long estimatedBytes() {
        long bytes = 0;
        for (Snapshot held : sessions.values()) {
            for (ConversationEvent event : held.events()) {
                bytes += event.toString().getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return bytes;
    }

    private static Snapshot copy(Snapshot held) {
        return new Snapshot(held.metadata(), DeepCopy.of(held.events()));
    }
}
