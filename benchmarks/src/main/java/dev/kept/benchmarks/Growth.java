package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What grows with the number of sessions, and with the length of one: what an appended line costs, the memory of the
 * process, and how long it takes to start again. Prints a table, and draws it.
 */
public final class Growth {
    private static final int SESSION_EVENTS = 20;
    private static final int EVENT_BYTES = 500;
    private static final int WARM_UP = 2_000;
    private static final int LINES = 300;
    private static final double A_SECOND = 50;
    private static final long LONGEST_IMPORT_MINUTES = 25;

    private Growth() {}

    /**
     * One size; what it takes.
     *
     * @param restartMs until a daemon that starts again knows everything, before anything is recorded
     * @param recordedMs the same when the session is recorded
     */
    record Point(
            int size,
            RecordedSession.Cost append,
            double p50Ms,
            long rssMb,
            long peakMb,
            double restartMs,
            double recordedMs) {}

    /**
     * {@code --sessions MOST --events MOST --plot FILE}: the largest sizes; each smaller by ten comes before it, down
     * to {@code --least-sessions} and {@code --least-events}. {@code --ceiling MB}: the daemon's; {@code --bytes N}: of
     * an event of the recorded session.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int mostSessions = Options.number(arguments, "--sessions", 10_000);
        int mostEvents = Options.number(arguments, "--events", 1_000_000);
        int ceilingMb = Options.number(arguments, "--ceiling", 128);
        int eventBytes = Options.number(arguments, "--bytes", RecordedSession.EVENT_BYTES);
        List<Point> bySessions = new ArrayList<>();
        header("sessions");
        for (int sessions = Options.number(arguments, "--least-sessions", 10);
                sessions <= mostSessions;
                sessions *= 10) {
            bySessions.add(measure(sessions, 300, eventBytes, ceilingMb));
            print(bySessions.getLast(), "sessions");
        }
        List<Point> byEvents = new ArrayList<>();
        header("events");
        for (int events = Options.number(arguments, "--least-events", 1_000); events <= mostEvents; events *= 10) {
            byEvents.add(measure(1, events, eventBytes, ceilingMb));
            print(byEvents.getLast(), "events in the recorded session");
        }
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals("--plot")) {
                Files.writeString(Path.of(arguments[i + 1]), GrowthPlot.svg(bySessions, byEvents));
            }
        }
    }

    private static Point measure(int sessions, int ownEvents, int ownBytes, int ceilingMb)
            throws IOException, InterruptedException {
        try (TemporaryHome home = TemporaryHome.named("growth")) {
            WorkloadGenerator.generate(home.path(), WorkloadShape.of(sessions, SESSION_EVENTS, EVENT_BYTES));
            RecordedSession session = RecordedSession.write(home.path(), ownEvents, ownBytes);
            List<String> settings = RecordedSession.settings(home.path());
            try (DaemonUnderTest first = DaemonUnderTest.start(home.path(), ceilingMb, settings, List.of())) {
                awaitKnown(first, sessions + 1L);
            }
            RecordedSession.Cost append;
            double p50Ms;
            ProcessNumbers after;
            long begun = System.nanoTime();
            double restartMs;
            try (DaemonUnderTest daemon = DaemonUnderTest.start(home.path(), ceilingMb, settings, List.of())) {
                awaitKnown(daemon, sessions + 1L);
                restartMs = (System.nanoTime() - begun) / 1e6;
                daemon.awaitRest();
                session.record(WARM_UP);
                ProcessNumbers before = daemon.numbers();
                List<Double> ways = session.ways(LINES, A_SECOND).stream()
                        .map(way -> way.inNote() / 1e6)
                        .sorted()
                        .toList();
                after = daemon.numbers();
                append = RecordedSession.Cost.between(before, after, LINES);
                p50Ms = Figures.quantile(ways, 0.5);
            }
            begun = System.nanoTime();
            try (DaemonUnderTest daemon = DaemonUnderTest.start(home.path(), ceilingMb, settings, List.of())) {
                awaitKnown(daemon, sessions + 1L);
                double recordedMs = (System.nanoTime() - begun) / 1e6;
                return new Point(
                        sessions > 1 ? sessions : ownEvents,
                        append,
                        p50Ms,
                        after.rssKb() / 1024,
                        after.peakKb() / 1024,
                        restartMs,
                        recordedMs);
            }
        }
    }

    private static void awaitKnown(DaemonUnderTest daemon, long sessions) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LONGEST_IMPORT_MINUTES);
        while (System.nanoTime() < end) {
            var imports = daemon.status().imports();
            if (imports.filesTotal() >= sessions && imports.isDone()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(sessions > 1_000 ? 200 : 20);
        }
        throw new IOException(
                "not all of " + sessions + " sessions are known after " + LONGEST_IMPORT_MINUTES + " minutes");
    }

    private static void header(String what) {
        System.out.printf(
                "%10s | %10s %8s %8s %8s %9s | %8s %8s | %10s %11s%n",
                what,
                "append ms",
                "p50 ms",
                "reads",
                "writes",
                "bytes",
                "RSS MB",
                "peak MB",
                "restart ms",
                "recorded ms");
    }

    private static void print(Point point, String what) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%,10d | %10.2f %8.2f %8.1f %8.1f %9.0f | %8d %8d | %,10.0f %,11.0f%n",
                point.size,
                point.append.cpuMs(),
                point.p50Ms,
                point.append.readCalls(),
                point.append.writeCalls(),
                point.append.bytesWritten(),
                point.rssMb,
                point.peakMb,
                point.restartMs,
                point.recordedMs);
        String where = ", " + point.size + " " + what;
        Figures.add("growth", "processor time of an append" + where, "ms", point.append.cpuMs());
        Figures.add("growth", "resident" + where, "MB", (double) point.rssMb);
        Figures.add("growth", "restart" + where, "ms", point.restartMs);
        Figures.add("growth", "restart, recorded" + where, "ms", point.recordedMs);
    }
}
