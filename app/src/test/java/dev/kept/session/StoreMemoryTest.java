package dev.kept.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.ThreadMXBean;
import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.provider.SessionFact;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.testing.EventGenerator;
import dev.kept.testing.Generator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.GraphLayout;

/**
 * What the store says it takes is what it takes, whichever way this virtual machine lays out its objects: the build
 * runs this class twice.
 */
class StoreMemoryTest {
    private static final double MOST_ERROR = 0.005;
    private static final HeapLayout LAYOUT = layout();
    private static final InMemorySessionSnapshotStore.EvictionListener NOBODY = (_, _, _, _) -> {};
    private static final SnapshotLimits LIMITS = new SnapshotLimits(1L << 40, Integer.MAX_VALUE, Integer.MAX_VALUE);
    private static final String PROVIDER = "claude";

    private static HeapLayout layout() {
        String compact = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("UseCompactObjectHeaders")
                .getValue();
        return Boolean.parseBoolean(compact) ? HeapLayout.COMPACT_HEADERS : HeapLayout.CLASSIC;
    }

    private static InMemorySessionSnapshotStore store(SnapshotLimits limits) {
        return new InMemorySessionSnapshotStore(limits, LAYOUT, NOBODY);
    }

    private static SessionKey key(int number) {
        return new SessionKey(PROVIDER, "0b9f3a52-7c1d-4e8b-9a60-%012d".formatted(number));
    }

    private static void append(SessionSnapshotStore store, int number, ConversationEvent... events) {
        store.upsert(new SessionUpdate(key(number), List.of(events), List.of()));
    }

    /** Bytes that the store holds and no one else does. */
    private static long measured(InMemorySessionSnapshotStore store) {
        GraphLayout all = GraphLayout.parseInstance(store);
        GraphLayout shared = GraphLayout.parseInstance(
                LAYOUT,
                LIMITS,
                NOBODY,
                PROVIDER,
                "",
                Optional.empty(),
                dev.kept.model.TokenUsage.NONE,
                EvictionReason.class,
                EvictionReason.values());
        return all.subtract(shared).totalSize();
    }

    private static void assertExact(String what, InMemorySessionSnapshotStore store) {
        long real = measured(store);
        long said = store.memoryStats().estimatedBytes();
        double error = Math.abs(said - real) / (double) real;
        assertThat(error).as("%s: %d measured, %d said", what, real, said).isLessThan(MOST_ERROR);
    }

    @Test
    void sessionsTakenUpFromAStateAreChargedWhatTheyTake() throws IOException {
        InMemorySessionSnapshotStore earlier = store(LIMITS);
        InMemorySessionSnapshotStore later = store(LIMITS);
        Generator random = new Generator(3);
        for (int i = 0; i < 1_000; i++) {
            Instant at = Instant.ofEpochSecond(1_800_000_000L + random.below(1_000_000));
            append(earlier, i, EventGenerator.userMessage("Hello, number " + i + ".", at));
            ByteArrayOutputStream state = new ByteArrayOutputStream();
            earlier.save(key(i), new StateWriter(state));
            assertThat(later.restore(new StateReader(state.toByteArray()))).isEqualTo(key(i));
            assertThat(later.metadata(key(i)).orElseThrow().snippet())
                    .isEqualTo(earlier.metadata(key(i)).orElseThrow().snippet());
        }
        assertExact("1000 restored sessions", later);
        assertThat(later.memoryStats().estimatedBytes())
                .isLessThan(earlier.memoryStats().estimatedBytes());
    }

    @Test
    void emptySessionsAreChargedWhatTheyTake() {
        for (int count : new int[] {100, 1_000, 5_000}) {
            InMemorySessionSnapshotStore store = store(LIMITS);
            for (int i = 0; i < count; i++) {
                append(store, i);
            }
            assertExact(count + " empty sessions", store);
        }
    }

    @Test
    void smallEventsAreChargedWhatTheyTake() {
        InMemorySessionSnapshotStore store = store(LIMITS);
        for (int i = 0; i < 20_000; i++) {
            append(store, i % 50, EventGenerator.userMessage("x"));
        }
        assertExact("1-byte events", store);
    }

    @Test
    void largeEventsAreChargedWhatTheyTake() {
        InMemorySessionSnapshotStore store = store(LIMITS);
        for (int i = 0; i < 400; i++) {
            append(store, i % 20, EventGenerator.userMessage("y".repeat(30_000)));
        }
        assertExact("30-KB events", store);
    }

    @Test
    void textOfAnyScriptIsChargedWhatItTakes() {
        InMemorySessionSnapshotStore store = store(LIMITS);
        for (int i = 0; i < 1_000; i++) {
            store.upsert(new SessionUpdate(
                    key(i % 100),
                    List.of(
                            EventGenerator.userMessage(i + " Übergrößenträger"),
                            EventGenerator.userMessage("日本語 " + i)),
                    List.of(
                            new SessionFact.Title("題名 " + i, false),
                            new SessionFact.GitBranch("zweig-" + i),
                            new SessionFact.WorkingDirectory("/home/jürgen/проект/" + i))));
        }
        for (int i = 100; i < 200; i++) {
            append(store, i, EventGenerator.userMessage("質問 " + i, Instant.ofEpochSecond(i)));
        }
        assertExact("text of any script", store);
    }

    @Test
    void whatIsLeftAfterEvictionsIsChargedWhatItTakes() {
        for (SnapshotLimits limits : List.of(
                new SnapshotLimits(2_000_000, Integer.MAX_VALUE, Integer.MAX_VALUE),
                new SnapshotLimits(1L << 40, 10, Integer.MAX_VALUE),
                new SnapshotLimits(1L << 40, Integer.MAX_VALUE, 40))) {
            InMemorySessionSnapshotStore store = store(limits);
            for (int i = 0; i < 6_000; i++) {
                append(store, i % 60, EventGenerator.userMessage("z".repeat(i % 900)));
            }
            assertThat(store.memoryStats().evictions()).isPositive();
            assertExact("after evictions, " + limits, store);
        }
    }

    @Test
    void aThousandRandomStepsAreChargedWhatTheyTake() {
        for (int seed = 1; seed <= 5; seed++) {
            Generator random = new Generator(seed);
            EventGenerator events = new EventGenerator(random);
            InMemorySessionSnapshotStore store = store(new SnapshotLimits(600_000, 25, 200));
            for (int step = 0; step < 1_000; step++) {
                int session = random.below(40);
                if (random.oneIn(10)) {
                    store.updateSource(key(session), random.oneIn(2), random.below(1_000_000));
                } else {
                    store.upsert(new SessionUpdate(key(session), random.listOf(5, events::event), List.of()));
                }
                if (step % 250 == 249) {
                    assertExact("seed " + seed + ", step " + step, store);
                }
            }
        }
    }

    @Test
    void theHeapGrowsByWhatIsCharged() {
        List<InMemorySessionSnapshotStore> stores = new ArrayList<>();
        long before = heapInUse();
        for (int round = 0; round < 4; round++) {
            InMemorySessionSnapshotStore store = store(LIMITS);
            for (int i = 0; i < 20_000; i++) {
                append(store, i % 500, EventGenerator.userMessage("w".repeat(i % 700)));
            }
            stores.add(store);
        }
        long grown = heapInUse() - before;
        long said = stores.stream()
                .mapToLong(store -> store.memoryStats().estimatedBytes())
                .sum();
        assertThat(Math.abs(said - grown) / (double) grown)
                .as("the heap grew by %d, %d said", grown, said)
                .isLessThan(0.02);
    }

    private static long heapInUse() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    @Test
    void whatOthersHoldIsChargedAndEventsMakeRoomForIt() {
        InMemorySessionSnapshotStore store = store(new SnapshotLimits(2_000_000, Integer.MAX_VALUE, Integer.MAX_VALUE));
        for (int i = 0; i < 10; i++) {
            append(store, i, EventGenerator.userMessage("v".repeat(100_000)));
        }
        assertThat(store.memoryStats().evictions()).isZero();
        long before = store.memoryStats().estimatedBytes();

        store.chargeElsewhere(1_500_000);

        SnapshotMemoryStats charged = store.memoryStats();
        assertThat(charged.evictionsByReason()).containsOnlyKeys(EvictionReason.MEMORY_PRESSURE);
        assertThat(charged.estimatedBytes()).isLessThanOrEqualTo(2_000_000);
        assertThat(charged.estimatedBytes() + charged.bytesReclaimed()).isEqualTo(before + 1_500_000);
        store.chargeElsewhere(1_000_000);
        assertThat(store.memoryStats().overBudget()).isTrue();
        assertThat(store.memoryStats().eventCount()).isZero();
        store.chargeElsewhere(-2_500_000);
        assertThat(store.memoryStats().overBudget()).isFalse();
    }

    @Test
    void gettingASessionAllocatesTheSameWhateverItHolds() {
        InMemorySessionSnapshotStore store = store(LIMITS);
        append(store, 1, EventGenerator.userMessage("x"));
        for (int i = 0; i < 50_000; i++) {
            append(store, 2, EventGenerator.userMessage("some text"));
        }
        SessionKey small = key(1);
        SessionKey large = key(2);
        long ofSmall = allocated(() -> store.get(small));
        long ofLarge = allocated(() -> store.get(large));
        assertThat(ofLarge).isLessThan(512).isEqualTo(ofSmall);
    }

    @Test
    void listingMetadataAllocatesBySessionsWhateverTheyHold() {
        InMemorySessionSnapshotStore few = store(LIMITS);
        InMemorySessionSnapshotStore many = store(LIMITS);
        for (int session = 0; session < 100; session++) {
            append(few, session, EventGenerator.userMessage("x"));
            for (int i = 0; i < 300; i++) {
                append(many, session, EventGenerator.userMessage("x"));
            }
        }
        long ofFew = allocated(few::listMetadataOnly);
        assertThat(allocated(many::listMetadataOnly)).isEqualTo(ofFew).isLessThan(100 * 64);
        assertThat(allocated(many::list)).isLessThan(100 * 256);
        assertThat(allocated(many::memoryStats)).isLessThan(1_024);
    }

    /** The least of several tries: what the virtual machine does beside the call comes on top in some of them. */
    private static long allocated(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Long> tries = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            call.run();
            tries.add(threads.getCurrentThreadAllocatedBytes() - before);
        }
        return tries.stream().mapToLong(Long::longValue).min().orElseThrow();
    }
}
