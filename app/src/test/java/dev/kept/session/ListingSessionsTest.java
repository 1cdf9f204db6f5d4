package dev.kept.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.kept.model.SessionKey;
import dev.kept.provider.SessionFact;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a heartbeat asks the store for costs what changed, and is what a look at every session gives. */
class ListingSessionsTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final int MANY = 10_000;

    private final InMemorySessionSnapshotStore store = new InMemorySessionSnapshotStore(
            new SnapshotLimits(1L << 30, Integer.MAX_VALUE, Integer.MAX_VALUE),
            HeapLayout.COMPACT_HEADERS,
            (_, _, _, _) -> {});

    private static SessionKey key(int number) {
        return new SessionKey("claude", "session-" + number);
    }

    private void changed(int number, String title, Instant at) {
        store.upsert(new SessionUpdate(key(number), List.of(), List.of(new SessionFact.Title(title, true))));
        store.updateSource(key(number), true, at.toEpochMilli());
    }

    private static List<String> idsOf(List<SessionSnapshotStatusMetadata> sessions) {
        return sessions.stream()
                .map(session -> session.key().sessionId())
                .sorted()
                .toList();
    }

    @Test
    void whateverHappensAListStaysWhatItWasAndTheNextOneIsWhatIsSo() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            ListingSessionsTest test = new ListingSessionsTest();
            Map<String, String> model = new TreeMap<>();
            List<Map<String, String>> expected = new ArrayList<>();
            List<List<SessionSnapshotStatusMetadata>> handed = new ArrayList<>();
            for (int step = 0; step < 600; step++) {
                if (random.nextInt(20) == 0) {
                    handed.add(test.store.listMetadataOnly());
                    expected.add(new TreeMap<>(model));
                } else {
                    int number = random.nextInt(300);
                    test.changed(number, "title " + step, NOON);
                    model.put(key(number).sessionId(), "title " + step);
                }
            }
            for (int i = 0; i < handed.size(); i++) {
                Map<String, String> titles = new TreeMap<>();
                handed.get(i).forEach(session -> titles.put(session.key().sessionId(), session.title()));
                assertThat(titles).as("list %d of seed %d", i, seed).isEqualTo(expected.get(i));
                assertThat(handed.get(i)).hasSameSizeAs(titles.keySet());
            }
        }
    }

    @Test
    void aListCanNeitherBeChangedNorReadBeyondItsEnd() {
        changed(1, "one", NOON);
        List<SessionSnapshotStatusMetadata> list = store.listMetadataOnly();
        changed(2, "two", NOON);
        assertThatThrownBy(list::removeFirst).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> list.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void listingTenThousandSessionsCostsWhatChangedSinceTheLastTime() {
        for (int i = 0; i < MANY; i++) {
            changed(i, "title", NOON);
        }
        Instant since = NOON.plusSeconds(1);
        store.listActiveSince(since);
        long resting = allocated(() -> List.of(store.listMetadataOnly(), store.listActiveSince(since)));
        long oneChanged = allocated(() -> {
            changed(4_711, "other", since);
            return List.of(store.listMetadataOnly(), store.listActiveSince(since));
        });
        // A reference for each page of 128 sessions, not one for each session.
        assertThat(resting).isLessThan(MANY / 128 * 4 + 512);
        assertThat(oneChanged).isLessThan(resting + 128 * 4 + 2_048);
    }

    private static long allocated(Supplier<Object> call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Long> tries = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            Object result = call.get();
            tries.add(threads.getCurrentThreadAllocatedBytes() - before);
            assertThat(result).isNotNull();
        }
        return tries.stream().min(Comparator.naturalOrder()).orElseThrow();
    }

    @Test
    void theActiveAreThoseThatALookAtEverySessionFindsEvenIfTheClockIsPutBack() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            ListingSessionsTest test = new ListingSessionsTest();
            Instant now = NOON;
            for (int step = 0; step < 400; step++) {
                now = random.nextInt(30) == 0
                        ? now.minusSeconds(random.nextInt(2_000))
                        : now.plusSeconds(random.nextInt(20));
                if (random.nextInt(3) > 0) {
                    // Some sources are as old as can be, some are of the future.
                    Instant at = now.plusSeconds(random.nextInt(1_000) - 900);
                    test.changed(random.nextInt(60), "title " + step, at);
                } else {
                    Instant since = now.minus(Duration.ofMinutes(5));
                    List<SessionSnapshotStatusMetadata> all = test.store.listMetadataOnly().stream()
                            .filter(session ->
                                    !session.lastActiveAt().orElseThrow().isBefore(since))
                            .toList();
                    assertThat(idsOf(test.store.listActiveSince(since)))
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(idsOf(all));
                }
            }
        }
    }
}
