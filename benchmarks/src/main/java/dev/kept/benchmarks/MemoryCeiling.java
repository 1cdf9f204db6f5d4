package dev.kept.benchmarks;

import dev.kept.status.StatusReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The ceiling, tried: each scenario with a daemon of its own, while somebody asks for its status ten times a second.
 * What counts is the most memory that the operating system ever saw the process use ({@code VmHWM}).
 */
public final class MemoryCeiling {
    private static final String USAGE = "usage: memory-ceiling [--quick] [--only WORD] [--ceiling MB]";
    private static final int DEFAULT_CEILING_MB = 128;
    private static final String ROW = "%-44s %12s %12s %10s %9s %7s %10s  %s%n";

    private MemoryCeiling() {}

    /**
     * How a scenario went.
     *
     * @param trouble what is wrong; empty if nothing is
     */
    public record Result(
            String scenario,
            long peakKb,
            long ceilingKb,
            long evictions,
            long answers,
            long slowestMs,
            long seconds,
            String trouble) {
        boolean held() {
            return trouble.isEmpty() && peakKb <= ceilingKb;
        }

        private String verdict() {
            if (held()) {
                return "held";
            }
            return trouble.isEmpty() ? "OVER by " + grouped(peakKb - ceilingKb) + " kB" : "FAILED: " + trouble;
        }
    }

    /** The command; ends with 1 when the ceiling did not hold. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean quick = false;
        String only = "";
        int ceilingMb = DEFAULT_CEILING_MB;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--only" -> only = i + 1 < arguments.length ? arguments[++i] : "";
                case "--ceiling" -> ceilingMb = i + 1 < arguments.length ? Integer.parseInt(arguments[++i]) : 0;
                default -> {
                    System.err.println(USAGE);
                    System.exit(2);
                }
            }
        }
        boolean held = true;
        System.out.printf(
                ROW, "scenario", "VmHWM kB", "ceiling kB", "evictions", "answers", "s", "slowest ms", "verdict");
        for (Scenario scenario : quick ? Scenarios.quick() : Scenarios.full()) {
            if (scenario.name().contains(only)) {
                Result result = run(scenario, ceilingMb);
                print(result);
                held &= result.held();
            }
        }
        System.exit(held ? 0 : 1);
    }

    private static void print(Result result) {
        System.out.printf(
                ROW,
                result.scenario(),
                grouped(result.peakKb()),
                grouped(result.ceilingKb()),
                grouped(result.evictions()),
                grouped(result.answers()),
                result.seconds(),
                grouped(result.slowestMs()),
                result.verdict());
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Runs one scenario in a temporary home, which is gone afterwards. */
    static Result run(Scenario scenario, int ceilingMb) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("kept-mem").toRealPath();
        long start = System.nanoTime();
        List<String> trouble = new ArrayList<>();
        long peakKb = 0;
        long evictions = 0;
        long answers = 0;
        long slowestMs = 0;
        try {
            long files = scenario.prepare(home);
            start = System.nanoTime();
            try (DaemonUnderTest daemon = DaemonUnderTest.start(home, ceilingMb, scenario.settings(home), List.of())) {
                StatusPoller poller = new StatusPoller(daemon.home());
                try (poller) {
                    daemon.awaitImport(files);
                    String wrong = scenario.then(daemon, home);
                    if (!wrong.isEmpty()) {
                        trouble.add(wrong);
                    }
                    StatusReport report = daemon.status();
                    evictions = report.memory().snapshots().evictions().total();
                } catch (IOException e) {
                    trouble.add(String.valueOf(e.getMessage()));
                }
                answers = poller.answers();
                slowestMs = poller.slowestMs();
                if (poller.failures() > 0) {
                    trouble.add(poller.failures() + " requests for the status failed");
                }
                if (daemon.isAlive()) {
                    peakKb = daemon.numbers().peakKb();
                } else {
                    trouble.add("the daemon ended");
                }
                if (daemon.output().contains("OutOfMemoryError")) {
                    trouble.add("OutOfMemoryError");
                }
            }
        } finally {
            TemporaryHome.delete(home);
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000L;
        return new Result(
                scenario.name(),
                peakKb,
                ceilingMb * 1024L,
                evictions,
                answers,
                slowestMs,
                seconds,
                String.join("; ", trouble));
    }
}
