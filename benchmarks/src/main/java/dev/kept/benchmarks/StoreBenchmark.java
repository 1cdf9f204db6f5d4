package dev.kept.benchmarks;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.session.HeapLayout;
import dev.kept.session.InMemorySessionSnapshotStore;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.session.SessionUpdate;
import dev.kept.session.SnapshotLimits;
import dev.kept.status.SessionProjection;
import dev.kept.status.StatusReport.SessionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The snapshot store beside one that clones. What to look at is {@code gc.alloc.rate.norm}: bytes that one call
 * allocates. The heap is large enough for both, which is not how the daemon runs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx8g", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class StoreBenchmark {
    /** Sessions x events of each. */
    @Param({"53x293", "1000x300"})
    @SuppressWarnings("NullAway.Init")
    String workload;

    private final List<SessionKey> keys = new ArrayList<>();
    private final List<ConversationEvent> samples = new ArrayList<>();
    private final NaiveCloningStore naive = new NaiveCloningStore();
    private InMemorySessionSnapshotStore kept = keptStore(1);
    private Instant now = Instant.EPOCH;
    private int next;

    /** A session may grow to twice its size, so that a benchmark that only appends comes to rest. */
    private static InMemorySessionSnapshotStore keptStore(int events) {
        return new InMemorySessionSnapshotStore(
                new SnapshotLimits(1L << 40, Integer.MAX_VALUE, 2 * events),
                HeapLayout.COMPACT_HEADERS,
                (_, _, _, _) -> {});
    }

    /** Fills both stores. */
    @Setup
    public void fill() {
        int x = workload.indexOf('x');
        WorkloadShape shape = WorkloadShape.of(
                Integer.parseInt(workload.substring(0, x)), Integer.parseInt(workload.substring(x + 1)), 2048);
        kept = keptStore(shape.events());
        now = shape.base();
        ParsedWorkload.forEachSession(shape, (key, events) -> {
            keys.add(key);
            samples.add(events.get(events.size() / 2));
            kept.upsert(new SessionUpdate(key, events, List.of()));
            naive.upsert(kept.metadata(key).orElseThrow(), events);
        });
    }

    private int nextSession() {
        next = (next + 1) % keys.size();
        return next;
    }

    @Benchmark
    public void appendKept() {
        int session = nextSession();
        kept.upsert(new SessionUpdate(keys.get(session), List.of(samples.get(session)), List.of()));
    }

    @Benchmark
    public void appendNaive() {
        int session = nextSession();
        naive.append(kept.metadata(keys.get(session)).orElseThrow(), List.of(samples.get(session)));
    }

    @Benchmark
    public Object getKept() {
        return kept.get(keys.get(nextSession()));
    }

    @Benchmark
    public Object getNaive() {
        return naive.get(keys.get(nextSession()));
    }

    @Benchmark
    public Object listKept() {
        return kept.list();
    }

    @Benchmark
    public Object listNaive() {
        return naive.list();
    }

    @Benchmark
    public List<SessionSnapshotStatusMetadata> listMetadataOnlyKept() {
        return kept.listMetadataOnly();
    }

    @Benchmark
    public List<SessionSnapshotStatusMetadata> listMetadataOnlyNaive() {
        return naive.listMetadataOnly();
    }

    @Benchmark
    public List<SessionStatus> heartbeatKept() {
        return SessionProjection.toSessionStatuses(kept.listMetadataOnly(), List.of(), now);
    }

    @Benchmark
    public List<SessionStatus> heartbeatNaive() {
        return SessionProjection.toSessionStatuses(naive.listMetadataOnly(), List.of(), now);
    }
}
