package dev.kept.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.model.SessionKey;
import dev.kept.status.SessionProjection;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.testing.EventGenerator;
import java.lang.reflect.Field;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Status, heartbeat, appends and evictions read no stored event: here every stored event throws when it is read. */
class UnreadableEventsTest {
    private static final Instant NOW = Instant.parse("2026-02-24T12:00:00Z");

    private static SessionKey key(int number) {
        return new SessionKey("claude", "0b9f3a52-7c1d-4e8b-9a60-%012d".formatted(number));
    }

    private static InMemorySessionSnapshotStore storeOfUnreadableEvents(SnapshotLimits limits) throws Exception {
        InMemorySessionSnapshotStore store =
                new InMemorySessionSnapshotStore(limits, HeapLayout.COMPACT_HEADERS, (_, _, _, _) -> {});
        for (int i = 0; i < 100; i++) {
            store.upsert(new SessionUpdate(
                    key(i % 10), List.of(EventGenerator.userMessage("message " + i, NOW)), List.of()));
        }
        Field chunks = PackedEvents.class.getDeclaredField("chunks");
        chunks.setAccessible(true);
        for (RuntimeSessionSnapshot snapshot : store.list()) {
            for (byte[] chunk : (byte[][]) chunks.get(snapshot.events())) {
                Arrays.fill(chunk, (byte) 0xff);
            }
            assertThatThrownBy(() -> snapshot.events().get(0)).isInstanceOf(RuntimeException.class);
        }
        return store;
    }

    @Test
    void heartbeatAndStatusReadNone() throws Exception {
        SessionSnapshotStore store =
                storeOfUnreadableEvents(new SnapshotLimits(1L << 30, Integer.MAX_VALUE, Integer.MAX_VALUE));

        List<SessionStatus> statuses = SessionProjection.toSessionStatuses(store.listMetadataOnly(), List.of(), NOW);

        assertThat(statuses).hasSize(10).allSatisfy(status -> {
            assertThat(status.eventCount()).isEqualTo(10);
            assertThat(status.snippet().orElse("")).startsWith("message ");
            assertThat(status.updatedAt()).hasValue(NOW);
            assertThat(status.stale()).isFalse();
        });
        assertThat(store.memoryStats().eventCount()).isEqualTo(100);
        assertThat(store.metadata(key(3)).orElseThrow().eventsInMemory()).isEqualTo(10);
    }

    @Test
    void appendsAndEvictionsReadNone() throws Exception {
        SessionSnapshotStore store = storeOfUnreadableEvents(new SnapshotLimits(40_000, Integer.MAX_VALUE, 40));

        for (int i = 0; i < 500; i++) {
            store.upsert(new SessionUpdate(
                    key(i % 12), List.of(EventGenerator.userMessage("z".repeat(i % 300), NOW)), List.of()));
        }
        store.updateSource(key(1), false, 0);
        store.chargeElsewhere(30_000);

        assertThat(store.memoryStats().evictions()).isPositive();
        assertThat(store.metadata(key(0)).orElseThrow().evicted()).isTrue();
    }
}
