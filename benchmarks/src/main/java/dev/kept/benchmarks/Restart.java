package dev.kept.benchmarks;

import dev.kept.status.StatusReport;
import dev.kept.tape.Generation;
import dev.kept.tape.Segments;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * What it takes to start again with many known sessions: until the status knows them all, and until what is said in one
 * of them is on tape.
 */
public final class Restart {
    private static final int CEILING_MB = 128;
    private static final long LONGEST_MS = 20 * 60_000L;

    /** A status of ten thousand sessions is work for the daemon: an import is not to be held up by it. */
    private static final long LOOK_SELDOM_MS = 1_000;

    private static final long LOOK_OFTEN_MS = 50;

    /** Generated files are old, and would be sealed meanwhile. */
    private static final List<String> SETTINGS = List.of("tape: {sealAfter: never}");

    private static final int ASKED = 21;
    private static final int HEARTBEATS = 9;

    /**
     * A daemon runs for days: what is done every five seconds is compiled after a minute, and was interpreted before.
     */
    private static final int HEARTBEATS_BEFORE = 15;

    private static final long HEARTBEAT_SECONDS = 5;

    /**
     * The pipeline makes a view, the log writes {@code status.json}; the line's way through the pipeline is among it.
     */
    private static final Set<String> HEARTBEAT_THREADS = Set.of("kept-pipeline", "kept-log");

    private Restart() {}

    /**
     * One start; milliseconds since the process was asked for.
     *
     * @param knowsMs until the status had every session
     * @param followsMs until a record that was written when the daemon first answered was on tape
     * @param idleMs until nothing was left to do
     * @param readMb bytes that the daemon had read by then, from files and sockets
     */
    record Run(long knowsMs, long followsMs, long idleMs, long readMb, long peakKb) {}

    /**
     * {@code --sessions N --events N --bytes N --runs N}; {@code --sealed 1}: all tapes are sealed before it starts
     * again.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int sessions = Options.number(arguments, "--sessions", 10_000);
        int runs = Options.number(arguments, "--runs", 5);
        WorkloadShape shape = WorkloadShape.of(
                sessions, Options.number(arguments, "--events", 100), Options.number(arguments, "--bytes", 2_000));
        try (TemporaryHome temporary = TemporaryHome.named("restart")) {
            Path home = temporary.path();
            WorkloadGenerator.Summary workload = WorkloadGenerator.generate(home, shape);
            System.out.printf(Locale.ROOT, "%,d sessions, %,d MB%n", workload.sessions(), workload.bytes() / 1_000_000);
            System.out.printf(
                    Locale.ROOT,
                    "%-14s %9s %11s %9s %9s %9s%n",
                    "start",
                    "knows ms",
                    "follows ms",
                    "idle ms",
                    "read MB",
                    "peak kB");
            print("first (import)", start(home, shape, sessions, LOOK_SELDOM_MS));
            if (Options.number(arguments, "--sealed", 0) > 0) {
                try (DaemonUnderTest daemon = DaemonUnderTest.start(home, CEILING_MB, SETTINGS, List.of())) {
                    daemon.awaitImport(sessions);
                    System.out.printf(
                            Locale.ROOT,
                            "%,d tapes sealed; peak %,d kB%n",
                            Disk.seal(daemon).segments(),
                            daemon.numbers().peakKb());
                }
            }
            List<Run> again = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                again.add(start(home, shape, sessions, LOOK_OFTEN_MS));
                print("again", again.getLast());
            }
            print("median again", median(again));
            Figures.add("restart", "until all " + sessions + " sessions are known", "ms", values(again, Run::knowsMs));
            Figures.add("restart", "until a new line is on tape", "ms", values(again, Run::followsMs));
            withAllKnown(home, shape, sessions);
        }
    }

    private static Run start(Path home, WorkloadShape shape, int sessions, long lookEveryMs)
            throws IOException, InterruptedException {
        SessionLines session = SessionLines.of(shape)[0];
        Path source = home.resolve(".claude").resolve(session.file()).toRealPath();
        long began = System.nanoTime();
        try (DaemonUnderTest daemon = DaemonUnderTest.start(home, CEILING_MB, SETTINGS, List.of())) {
            Files.write(source, session.prompt("said at " + Instant.now(), Instant.now()), StandardOpenOption.APPEND);
            long size = Files.size(source);
            Path tape = new TapeLibrary(daemon.home().tapes()).folder("claude", TapeLibrary.sourceId(source));
            long knows = -1;
            long follows = -1;
            long idle = -1;
            while (idle < 0 || knows < 0 || follows < 0) {
                long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                if (now > LONGEST_MS) {
                    throw new IOException("not ready after 20 minutes");
                }
                if (follows < 0 && Segments.of(tape, Generation.FIRST).length() >= size) {
                    follows = now;
                }
                StatusReport status = daemon.status();
                if (knows < 0 && status.memory().snapshots().sessionCount() >= sessions) {
                    knows = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                }
                if (status.imports().filesTotal() >= sessions
                        && status.imports().isDone()) {
                    idle = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                }
                TimeUnit.MILLISECONDS.sleep(lookEveryMs);
            }
            ProcessNumbers numbers = daemon.numbers();
            return new Run(knows, follows, idle, numbers.bytesRead() / 1_000_000, numbers.peakKb());
        }
    }

    /** What asking costs, and a heartbeat that has something to tell. */
    private static void withAllKnown(Path home, WorkloadShape shape, int sessions)
            throws IOException, InterruptedException {
        SessionLines session = SessionLines.of(shape)[0];
        Path source = home.resolve(".claude").resolve(session.file());
        try (DaemonUnderTest daemon = DaemonUnderTest.start(home, CEILING_MB, SETTINGS, List.of())) {
            daemon.awaitImport(sessions);
            double[] asked = new double[ASKED];
            long bytes = 0;
            for (int i = 0; i < asked.length; i++) {
                long begun = System.nanoTime();
                bytes = daemon.statusText().length();
                asked[i] = (System.nanoTime() - begun) / 1e6;
            }
            double[] heartbeats = new double[HEARTBEATS];
            double[] ofItsThreads = new double[HEARTBEATS];
            for (int i = -HEARTBEATS_BEFORE; i < heartbeats.length; i++) {
                ProcessNumbers before = daemon.numbers();
                Files.write(source, session.prompt("beat " + i, Instant.now()), StandardOpenOption.APPEND);
                TimeUnit.SECONDS.sleep(HEARTBEAT_SECONDS);
                if (i >= 0) {
                    ProcessNumbers after = daemon.numbers();
                    heartbeats[i] = after.cpuNanosSince(before) / 1e6;
                    ofItsThreads[i] = after.cpuNanosSince(before, daemon.pid(), HEARTBEAT_THREADS) / 1e6;
                }
            }
            Figures.add("restart", "status --json over the socket, " + sessions + " sessions", "ms", asked);
            Figures.add(
                    "restart", "processor time of a heartbeat and a line, " + sessions + " sessions", "ms", heartbeats);
            Figures.add(
                    "restart",
                    "of the threads that a heartbeat is made on, " + sessions + " sessions",
                    "ms",
                    ofItsThreads);
            Arrays.sort(asked);
            Arrays.sort(heartbeats);
            Arrays.sort(ofItsThreads);
            System.out.printf(
                    Locale.ROOT,
                    "status --json (%,d bytes): median %.0f ms, most %.0f; a heartbeat and an appended line: median %.1f ms of"
                            + " processor time, most %.1f; of the threads that a heartbeat is made on %.1f%n",
                    bytes,
                    asked[asked.length / 2],
                    asked[asked.length - 1],
                    heartbeats[heartbeats.length / 2],
                    heartbeats[heartbeats.length - 1],
                    ofItsThreads[ofItsThreads.length / 2]);
        }
    }

    private static double[] values(List<Run> runs, ToLongFunction<Run> figure) {
        return runs.stream().mapToDouble(figure::applyAsLong).toArray();
    }

    private static Run median(List<Run> runs) {
        return new Run(
                median(runs, Run::knowsMs),
                median(runs, Run::followsMs),
                median(runs, Run::idleMs),
                median(runs, Run::readMb),
                median(runs, Run::peakKb));
    }

    private static long median(List<Run> runs, ToLongFunction<Run> figure) {
        return runs.stream()
                .mapToLong(figure)
                .sorted()
                .skip(runs.size() / 2)
                .findFirst()
                .orElse(-1);
    }

    private static void print(String name, Run run) {
        System.out.printf(
                Locale.ROOT,
                "%-14s %,9d %,11d %,9d %,9d %,9d%n",
                name,
                run.knowsMs(),
                run.followsMs(),
                run.idleMs(),
                run.readMb(),
                run.peakKb());
    }
}
