package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Which system calls an appended line takes, told by {@code strace -c}, with few known sessions and with many. Linux
 * only.
 */
public final class SystemCalls {
    private static final int CEILING_MB = 128;
    private static final int WARM_UP = 1_000;
    private static final int LINES = 200;
    private static final double A_SECOND = 20;
    private static final long ATTACHED_AFTER_MS = 1_500;

    private SystemCalls() {}

    /** {@code --known N --events N}: sessions beside the recorded one, and its length. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int known = Options.number(arguments, "--known", 52);
        int events = Options.number(arguments, "--events", 300);
        try (TemporaryHome home = TemporaryHome.named("calls")) {
            WorkloadGenerator.generate(home.path(), WorkloadShape.of(known, 20, 500));
            RecordedSession session = RecordedSession.write(home.path(), events);
            Path told = home.path().resolve("strace.txt");
            try (DaemonUnderTest daemon =
                    DaemonUnderTest.start(home.path(), CEILING_MB, RecordedSession.settings(home.path()), List.of())) {
                daemon.awaitImport(known + 1L);
                session.record(WARM_UP);
                Process strace = new ProcessBuilder(
                                "strace", "-c", "-f", "-p", Long.toString(daemon.pid()), "-o", told.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                TimeUnit.MILLISECONDS.sleep(ATTACHED_AFTER_MS);
                session.ways(LINES, A_SECOND);
                strace.destroy();
                strace.waitFor();
            }
            System.out.printf(
                    Locale.ROOT,
                    "%,d known sessions; the recorded one has %,d events; calls of one appended line:%n",
                    known + 1,
                    events);
            print(Files.readAllLines(told));
        }
    }

    private static void print(List<String> lines) throws IOException {
        List<String> told = new ArrayList<>();
        double all = 0;
        for (String line : lines) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length < 5 || !columns[0].matches("[0-9.]+") || columns[columns.length - 1].equals("total")) {
                continue;
            }
            double each = Double.parseDouble(columns[3]) / LINES;
            all += each;
            if (each >= 0.05) {
                told.add(String.format(Locale.ROOT, "%s %.1f", columns[columns.length - 1], each));
            }
        }
        System.out.printf(Locale.ROOT, "  %.0f in all: %s%n", all, String.join(", ", told));
        Figures.add("system-calls", "of an appended line", "calls", all);
    }
}
