package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the daemon costs while nothing happens: the seed workload is imported, then minutes pass. Bytes allocated are
 * the growth of the heap in use, exact where no collection came in between, in steps of what a thread reserves at once.
 */
public final class IdleSoak {
    private static final int CEILING_MB = 128;
    private static final Duration SETTLE = Duration.ofSeconds(20);
    private static final long MOST_CPU_MS_PER_MINUTE = 60;
    private static final long MOST_WRITTEN_PER_MINUTE = 64 * 1024;
    private static final long MOST_CALLS_PER_MINUTE = 2_000;
    private static final long MOST_WAKEUPS_PER_MINUTE = 250;
    private static final double MOST_DRIFT = 0.01;
    private static final int MOST_LOOKS = 10;
    private static final long LOOK_EVERY_MS = 6_000;
    private static final String ROW = "%7s %12s %14s %14s %12s %13s %9s %8s %9s%n";

    private IdleSoak() {}

    /** What one stretch of time cost; all but the last two since the stretch before. */
    record Stretch(
            long collections,
            long allocatedKb,
            long bytesWritten,
            long readCalls,
            long writeCalls,
            long wakeups,
            long cpuMicros,
            long rssKb) {}

    /**
     * How a soak went.
     *
     * @param heapBeforeKb in use after a full collection at the beginning
     * @param heapAfterKb the same at the end
     */
    public record Result(List<Stretch> stretches, Duration each, long heapBeforeKb, long heapAfterKb) {
        double drift() {
            return Math.abs(heapAfterKb - heapBeforeKb) / (double) heapBeforeKb;
        }

        /** Goals that were missed, in words. */
        List<String> missed() {
            List<String> missed = new ArrayList<>();
            double minutes = each.toMillis() * stretches.size() / 60_000.0;
            missed(
                    missed,
                    "collections",
                    stretches.stream().mapToLong(Stretch::collections).sum(),
                    0);
            missed(
                    missed,
                    "bytes written a minute",
                    perMinute(
                            stretches.stream().mapToLong(Stretch::bytesWritten).sum(), minutes),
                    MOST_WRITTEN_PER_MINUTE);
            missed(
                    missed,
                    "read and write calls a minute",
                    perMinute(
                            stretches.stream()
                                    .mapToLong(each -> each.readCalls() + each.writeCalls())
                                    .sum(),
                            minutes),
                    MOST_CALLS_PER_MINUTE);
            missed(
                    missed,
                    "threads woken a minute",
                    perMinute(stretches.stream().mapToLong(Stretch::wakeups).sum(), minutes),
                    MOST_WAKEUPS_PER_MINUTE);
            if (drift() > MOST_DRIFT) {
                missed.add("heap after a full collection went from %,d to %,d kB; at most 1 %% is the goal"
                        .formatted(heapBeforeKb, heapAfterKb));
            }
            return missed;
        }

        /** The same, with the time on a processor, which depends on the machine. */
        List<String> missedWithTime() {
            List<String> missed = missed();
            double minutes = each.toMillis() * stretches.size() / 60_000.0;
            missed(
                    missed,
                    "ms on a processor a minute",
                    perMinute(stretches.stream().mapToLong(Stretch::cpuMicros).sum() / 1_000, minutes),
                    MOST_CPU_MS_PER_MINUTE);
            return missed;
        }

        private static long perMinute(long sum, double minutes) {
            return Math.round(sum / minutes);
        }

        private static void missed(List<String> missed, String what, long measured, long most) {
            if (measured > most) {
                missed.add(String.format(Locale.ROOT, "%s: %,d; at most %,d is the goal", what, measured, most));
            }
        }
    }

    /** The command; ends with 1 when a goal was missed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 1) {
            System.err.println("usage: idle-soak MINUTES");
            System.exit(2);
        }
        Result result = run(Integer.parseInt(arguments[0]), Duration.ofMinutes(1), SETTLE, true);
        System.out.printf(
                Locale.ROOT,
                "%nHeap in use after a full collection: %,d kB, then %,d kB (%.2f %%)%n",
                result.heapBeforeKb(),
                result.heapAfterKb(),
                100 * result.drift());
        List<String> missed = result.missedWithTime();
        missed.forEach(goal -> System.out.println("MISSED: " + goal));
        if (missed.isEmpty()) {
            System.out.println("All goals met.");
        }
        System.exit(missed.isEmpty() ? 0 : 1);
    }

    /** Imports the seed workload, lets it settle, and watches. */
    static Result run(int count, Duration each, Duration settle, boolean print)
            throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("kept-idle").toRealPath();
        try {
            long files = WorkloadGenerator.generate(home, WorkloadShape.SEED).sessions();
            Path log = home.resolve("gc.log");
            List<String> flags = List.of("-Xlog:gc:file=" + log + ":uptime:filecount=0");
            try (DaemonUnderTest daemon =
                    DaemonUnderTest.start(home, CEILING_MB, List.of("tape: {sealAfter: never}"), flags)) {
                daemon.awaitImport(files);
                TimeUnit.MILLISECONDS.sleep(settle.toMillis());
                return watch(daemon, log, count, each, print);
            }
        } finally {
            TemporaryHome.delete(home);
        }
    }

    private static Result watch(DaemonUnderTest daemon, Path log, int count, Duration each, boolean print)
            throws IOException, InterruptedException {
        long before = settled(daemon);
        if (print) {
            System.out.printf(
                    ROW,
                    "minute",
                    "collections",
                    "allocated kB",
                    "bytes written",
                    "read calls",
                    "write calls",
                    "wakeups",
                    "CPU ms",
                    "RSS kB");
        }
        List<Stretch> stretches = new ArrayList<>();
        long used = HeapInUse.of(daemon).usedKb();
        long collections = collections(log);
        ProcessNumbers from = daemon.numbers();
        for (int i = 1; i <= count; i++) {
            TimeUnit.MILLISECONDS.sleep(each.toMillis());
            // Before the heap is asked for, which costs the daemon something itself.
            ProcessNumbers to = daemon.numbers();
            long usedNow = HeapInUse.of(daemon).usedKb();
            long collectionsNow = collections(log);
            Stretch stretch = new Stretch(
                    collectionsNow - collections,
                    Math.max(0, usedNow - used),
                    to.bytesWritten() - from.bytesWritten(),
                    to.readCalls() - from.readCalls(),
                    to.writeCalls() - from.writeCalls(),
                    to.wakeups() - from.wakeups(),
                    to.cpuNanosSince(from) / 1_000,
                    to.rssKb());
            stretches.add(stretch);
            if (print) {
                print(i, stretch);
            }
            used = usedNow;
            collections = collectionsNow;
            from = daemon.numbers();
        }
        return new Result(
                List.copyOf(stretches),
                each,
                before,
                HeapInUse.afterCollection(daemon).usedKb());
    }

    /**
     * The heap after a collection, once an import's last traces are gone from it: on a busy machine that takes a while.
     */
    private static long settled(DaemonUnderTest daemon) throws IOException, InterruptedException {
        long before = HeapInUse.afterCollection(daemon).usedKb();
        for (int i = 0; i < MOST_LOOKS; i++) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            long now = HeapInUse.afterCollection(daemon).usedKb();
            if (before - now < before * MOST_DRIFT / 4) {
                return now;
            }
            before = now;
        }
        return before;
    }

    private static void print(int minute, Stretch stretch) {
        System.out.printf(
                ROW,
                minute,
                stretch.collections(),
                grouped(stretch.allocatedKb()),
                grouped(stretch.bytesWritten()),
                grouped(stretch.readCalls()),
                grouped(stretch.writeCalls()),
                grouped(stretch.wakeups()),
                String.format(Locale.ROOT, "%.1f", stretch.cpuMicros() / 1_000.0),
                grouped(stretch.rssKb()));
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static long collections(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("Pause")).count();
        }
    }
}
