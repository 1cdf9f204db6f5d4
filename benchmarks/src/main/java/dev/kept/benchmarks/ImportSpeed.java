package dev.kept.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How quickly what was there before Kept is taken up, durable tapes included, beside three yardsticks in the same run:
 * copying the files and forcing each to disk; reading every JSON token and forgetting it; and the daemon with the heap
 * and the compilers that Java takes by itself.
 */
public final class ImportSpeed {
    private static final int CEILING_MB = 128;
    private static final int EVENTS = 1_000;
    private static final int EVENT_BYTES = 2_000;
    private static final long LOOK_EVERY_MS = 250;
    private static final long LONGEST_MS = TimeUnit.MINUTES.toMillis(20);

    private ImportSpeed() {}

    /** One run; both in seconds. */
    private record Taken(double wall, double cpu, long peakKb) {}

    /** {@code --mb N --runs N}: megabytes to generate. Real files, where they are at hand, come after them. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int mb = Options.number(arguments, "--mb", 2_000);
        int runs = Options.number(arguments, "--runs", 3);
        System.out.printf("%-34s %9s %9s %9s %11s %9s%n", "", "MB", "s", "MB/s", "MB/s a core", "peak MB");
        try (TemporaryHome home = TemporaryHome.named("import")) {
            WorkloadGenerator.generate(
                    home.path(), WorkloadShape.of(mb * 1_000_000 / EVENTS / EVENT_BYTES, EVENTS, EVENT_BYTES));
            compare("generated", home.path(), runs);
        }
        Optional<Scenario> real = RealSessions.found();
        if (real.isPresent()) {
            try (TemporaryHome home = TemporaryHome.named("import")) {
                real.get().prepare(home.path());
                compare("real", home.path(), runs);
            }
        }
    }

    private static void compare(String what, Path home, int runs) throws IOException, InterruptedException {
        List<Path> files = files(home.resolve(".claude"));
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        List<Taken> copied = new ArrayList<>();
        List<Taken> skipped = new ArrayList<>();
        List<Taken> kept = new ArrayList<>();
        List<Taken> unbound = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            copied.add(copy(home, files));
            skipped.add(skip(files));
            kept.add(daemon(home, files.size(), true));
            unbound.add(daemon(home, files.size(), false));
        }
        print(what + ": copied and forced", bytes, copied);
        print(what + ": every JSON token skipped", bytes, skipped);
        print(what + ": Kept, under " + CEILING_MB + " MB", bytes, kept);
        print(what + ": Kept, Java's own heap", bytes, unbound);
    }

    private static void print(String what, long bytes, List<Taken> runs) throws IOException {
        double[] speeds =
                runs.stream().mapToDouble(run -> bytes / 1e6 / run.wall).toArray();
        double[] aCore = runs.stream().mapToDouble(run -> bytes / 1e6 / run.cpu).toArray();
        Figures.add("import", what, "MB/s", speeds);
        Figures.add("import", what + ", of one core's time", "MB/s", aCore);
        Taken median = runs.stream()
                .sorted((a, b) -> Double.compare(a.wall, b.wall))
                .toList()
                .get(runs.size() / 2);
        System.out.printf(
                Locale.ROOT,
                "%-34s %,9d %9.1f %9.0f %11.0f %9.0f%n",
                what,
                bytes / 1_000_000,
                median.wall,
                bytes / 1e6 / median.wall,
                bytes / 1e6 / median.cpu,
                median.peakKb / 1024.0);
    }

    private static Taken copy(Path home, List<Path> files) throws IOException {
        Path into = Files.createDirectories(home.resolve("copies"));
        ProcessNumbers before = ProcessNumbers.of(ProcessHandle.current().pid());
        long begun = System.nanoTime();
        for (int i = 0; i < files.size(); i++) {
            try (FileChannel from = FileChannel.open(files.get(i));
                    FileChannel to = FileChannel.open(
                            into.resolve(i + ".jsonl"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (long at = 0; at < from.size(); ) {
                    at += from.transferTo(at, from.size() - at, to);
                }
                to.force(true);
            }
        }
        Taken taken =
                taken(begun, before, ProcessNumbers.of(ProcessHandle.current().pid()));
        TemporaryHome.delete(into);
        return taken;
    }

    private static Taken skip(List<Path> files) throws IOException {
        JsonFactory json = JsonFactory.builder().build();
        ProcessNumbers before = ProcessNumbers.of(ProcessHandle.current().pid());
        long begun = System.nanoTime();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file);
                    JsonParser parser = json.createParser(ObjectReadContext.empty(), in)) {
                while (parser.nextToken() != null) {
                    // Nothing is done with it.
                }
            } catch (tools.jackson.core.JacksonException broken) {
                // A real file may hold a line that is none; the rest of it is little.
            }
        }
        return taken(begun, before, ProcessNumbers.of(ProcessHandle.current().pid()));
    }

    private static Taken daemon(Path home, int files, boolean underTheCeiling)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        // A later flag outdoes an earlier one.
        List<String> flags = underTheCeiling
                ? List.of()
                : List.of("-Xmx6g", "-XX:MaxNewSize=2g", "-XX:TieredStopAtLevel=4", "-XX:ReservedCodeCacheSize=240m");
        try (DaemonUnderTest daemon =
                DaemonUnderTest.start(home, CEILING_MB, List.of("tape: {sealAfter: never}"), flags)) {
            while (true) {
                var imports = daemon.status().imports();
                if (imports.filesTotal() >= files && imports.isDone()) {
                    break;
                }
                if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) > LONGEST_MS) {
                    throw new IOException("the import did not end in 20 minutes");
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            }
            ProcessNumbers numbers = daemon.numbers();
            return new Taken((System.nanoTime() - begun) / 1e9, numbers.cpuNanosOfProcess() / 1e9, numbers.peakKb());
        } finally {
            TemporaryHome.delete(home.resolve(".kept"));
        }
    }

    private static Taken taken(long begun, ProcessNumbers before, ProcessNumbers after) {
        return new Taken((System.nanoTime() - begun) / 1e9, after.cpuNanosSince(before) / 1e9, after.peakKb());
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
