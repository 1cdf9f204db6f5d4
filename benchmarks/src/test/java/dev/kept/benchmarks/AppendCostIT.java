package dev.kept.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.benchmarks.RecordedSession.Cost;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an appended line costs a daemon that records it: calls, bytes and allocation, which are the same on every
 * machine, and never time. The bounds are what it takes, and some: who adds a call to each line should have to say so
 * here.
 */
@Timeout(240)
class AppendCostIT {
    private static final int CEILING_MB = 128;
    private static final int LINES = 200;
    private static final double A_SECOND = 100;
    private static final int WARM_UP = 200;

    /** No collection comes in between and no thread reserves, so that what is in use grows by what was allocated. */
    private static final List<String> EXACT = List.of(
            "-Xms200m",
            "-Xmx200m",
            "-XX:NewSize=120m",
            "-XX:MaxNewSize=120m",
            "-XX:-UseTLAB",
            "-XX:MetaspaceSize=32m",
            "-XX:ReservedCodeCacheSize=64m");

    /** Of one line: what it took, and what it allocated. */
    private record Taken(Cost cost, double allocatedKb) {}

    private static Taken line(int known, int events) throws IOException, InterruptedException {
        try (TemporaryHome home = TemporaryHome.named("cost")) {
            WorkloadGenerator.generate(home.path(), WorkloadShape.of(known, 10, 400));
            RecordedSession session = RecordedSession.write(home.path(), events);
            try (DaemonUnderTest daemon =
                    DaemonUnderTest.start(home.path(), CEILING_MB, RecordedSession.settings(home.path()), EXACT)) {
                daemon.awaitImport(known + 1L);
                session.record(WARM_UP);
                HeapInUse.afterCollection(daemon);
                long heap = HeapInUse.of(daemon).usedKb();
                ProcessNumbers before = daemon.numbers();
                session.ways(LINES, A_SECOND);
                Cost cost = Cost.between(before, daemon.numbers(), LINES);
                return new Taken(cost, (HeapInUse.of(daemon).usedKb() - heap) / (double) LINES);
            }
        }
    }

    @Test
    void anAppendedLineCostsTheSameWithManySessionsAndInALongOne() throws Exception {
        Taken few = line(20, 50);
        Taken many = line(1_500, 50);
        Taken inALongOne = line(20, 15_000);
        String told = few + "\n" + many + "\n" + inALongOne;
        System.out.println("An appended line: " + told);

        for (Taken each : List.of(few, many, inALongOne)) {
            assertThat(each.cost().readCalls()).as(told).isLessThan(12);
            assertThat(each.cost().writeCalls()).as(told).isLessThan(6);
            assertThat(each.cost().bytesWritten()).as(told).isLessThan(4_000);
            assertThat(each.allocatedKb()).as(told).isBetween(10.0, 75.0);
        }
        assertThat(many.cost().readCalls()).as(told).isLessThan(few.cost().readCalls() + 1);
        assertThat(inALongOne.cost().readCalls()).as(told).isLessThan(few.cost().readCalls() + 1);
        assertThat(many.allocatedKb()).as(told).isLessThan(1.2 * few.allocatedKb());
        assertThat(inALongOne.allocatedKb()).as(told).isLessThan(1.2 * few.allocatedKb());
    }
}
