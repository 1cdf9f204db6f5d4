package dev.kept.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * How soon a line that an agent appends is on tape, and readable in the recording of its session; and what it costs:
 * time on a processor, read and write calls, bytes written. With one known session and with many, a small session and a
 * large one.
 */
public final class Latency {
    private static final int CEILING_MB = 128;
    private static final int[] RATES = {1, 10, 100};
    private static final int EVENT_BYTES = 2048;

    /** A daemon runs for days: what its compiler takes in the first minute is no cost of an appended line. */
    private static final int WARM_UP = 3_000;

    private Latency() {}

    /**
     * {@code --known N --events N --seconds N}: sessions beside the recorded one, its length, and how long each rate is
     * held; {@code --lines N}: at least so many lines at each rate.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int known = Options.number(arguments, "--known", 52);
        int events = Options.number(arguments, "--events", 300);
        int seconds = Options.number(arguments, "--seconds", 20);
        int least = Options.number(arguments, "--lines", 10);
        try (TemporaryHome home = TemporaryHome.named("latency")) {
            WorkloadGenerator.generate(home.path(), WorkloadShape.of(known, 100, EVENT_BYTES));
            RecordedSession session = RecordedSession.write(home.path(), events);
            try (DaemonUnderTest daemon =
                    DaemonUnderTest.start(home.path(), CEILING_MB, RecordedSession.settings(home.path()), List.of())) {
                daemon.awaitImport(known + 1L);
                session.record(WARM_UP);
                System.out.printf(
                        Locale.ROOT,
                        "%,d known sessions; the recorded one has %,d bytes%n",
                        known + 1,
                        session.bytes());
                System.out.printf(
                        "%8s %6s | %6s %6s %6s %6s | %6s %6s %6s %6s | %7s %6s %6s %7s%n",
                        "a second",
                        "lines",
                        "tape50",
                        "p95",
                        "p99",
                        "max",
                        "note50",
                        "p95",
                        "p99",
                        "max",
                        "cpu ms",
                        "reads",
                        "writes",
                        "bytes");
                for (int rate : RATES) {
                    measure(daemon, session, known + 1, rate, Math.max(least, rate * seconds));
                }
            }
        }
    }

    private static void measure(DaemonUnderTest daemon, RecordedSession session, int known, int rate, int lines)
            throws IOException, InterruptedException {
        ProcessNumbers before = daemon.numbers();
        List<RecordedSession.Way> ways = session.ways(lines, rate);
        RecordedSession.Cost cost = RecordedSession.Cost.between(before, daemon.numbers(), lines);
        List<Double> onTape = millis(ways, RecordedSession.Way::onTape);
        List<Double> inNote = millis(ways, RecordedSession.Way::inNote);
        System.out.printf(
                Locale.ROOT,
                "%8d %6d | %6.2f %6.2f %6.2f %6.2f | %6.2f %6.2f %6.2f %6.2f | %7.2f %6.1f %6.1f %7.0f%n",
                rate,
                lines,
                Figures.quantile(onTape, 0.50),
                Figures.quantile(onTape, 0.95),
                Figures.quantile(onTape, 0.99),
                Figures.quantile(onTape, 1),
                Figures.quantile(inNote, 0.50),
                Figures.quantile(inNote, 0.95),
                Figures.quantile(inNote, 0.99),
                Figures.quantile(inNote, 1),
                cost.cpuMs(),
                cost.readCalls(),
                cost.writeCalls(),
                cost.bytesWritten());
        String where = ", " + rate + " a second, " + known + " sessions, " + session.bytes() / 1_000_000 + " MB";
        Figures.add("latency", "append to note, p50" + where, "ms", Figures.quantile(inNote, 0.50));
        Figures.add("latency", "append to note, p95" + where, "ms", Figures.quantile(inNote, 0.95));
        Figures.add("latency", "processor time of an append" + where, "ms", cost.cpuMs());
    }

    private static List<Double> millis(List<RecordedSession.Way> ways, ToLongFunction<RecordedSession.Way> which) {
        return ways.stream().map(way -> which.applyAsLong(way) / 1e6).sorted().toList();
    }
}
