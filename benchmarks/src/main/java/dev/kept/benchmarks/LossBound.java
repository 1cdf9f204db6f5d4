package dev.kept.benchmarks;

import dev.kept.agents.Providers;
import dev.kept.ingest.IngestWorker;
import dev.kept.ingest.source.Chunk;
import dev.kept.ingest.source.ChunkPool;
import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.provider.Provider;
import dev.kept.provider.SessionFact;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * How long a line that an agent wrote stands in the agent's file alone: from before it is appended until the tape that
 * holds it was forced to disk, or, where nothing is forced, until it was copied.
 */
public final class LossBound {
    private static final int WARM_UP = 200;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private LossBound() {}

    /** Lines that were appended and are not on tape yet; the appending thread and the ingest thread share it. */
    private static final class Waiting implements IngestListener {
        private record Line(long end, long begunNanos) {}

        private final Map<Path, Deque<Line>> lines = new HashMap<>();
        private final List<Long> nanos = new ArrayList<>();
        private String complaint = "";

        synchronized void appended(Path file, long end, long begunNanos) {
            lines.computeIfAbsent(file, _ -> new ArrayDeque<>()).add(new Line(end, begunNanos));
        }

        @Override
        public synchronized void bytes(SourceInfo source, int generation, long offset, Chunk chunk) {
            long now = System.nanoTime();
            long end = offset + chunk.length();
            chunk.release();
            Deque<Line> waiting = lines.getOrDefault(source.path(), new ArrayDeque<>());
            while (!waiting.isEmpty() && waiting.getFirst().end() <= end) {
                nanos.add(now - waiting.removeFirst().begunNanos());
            }
        }

        synchronized List<Long> measured() {
            return List.copyOf(nanos);
        }

        synchronized String complaint() {
            return complaint;
        }

        @Override
        public synchronized void problem(String code, Path path, String message) {
            complaint = code + " " + path + " " + message;
        }

        @Override
        public void found(SourceInfo source, List<SessionFact> noted) {}

        @Override
        public void opaque(SourceInfo source) {}

        @Override
        public void rewritten(SourceInfo source, int generation, String why) {}

        @Override
        public void presence(SourceInfo source, boolean present, long modifiedAtMs) {}

        @Override
        public void counted(FileCounts counts) {}

        @Override
        public void idle() {}
    }

    /**
     * Arguments: how many lines a run (2000); the folder to work in, which says on which disk. Exit code 1 if a line
     * never came.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int lines = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        Path where = Path.of(arguments.length > 1 ? arguments[1] : System.getProperty("java.io.tmpdir", "/tmp"));
        System.out.printf(
                "load %.2f, disk %s%n",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Files.getFileStore(where).type());
        System.out.printf(
                "%-8s %8s %8s %9s %9s %9s %9s%n",
                "fsync", "sessions", "lines", "p50, ms", "p95, ms", "p99, ms", "max, ms");
        boolean good = true;
        for (boolean force : new boolean[] {true, false}) {
            for (int sessions : new int[] {1, 10}) {
                good &= run(where, force, sessions, lines);
            }
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean run(Path where, boolean force, int sessions, int lines)
            throws IOException, InterruptedException {
        Path home = Files.createTempDirectory(where, "kept-loss").toRealPath();
        Path root = Files.createDirectories(home.resolve(".claude"));
        Path folder = Files.createDirectories(root.resolve("projects/-work"));
        Provider claude = Providers.ALL.stream()
                .filter(provider -> provider.name().equals("claude"))
                .findFirst()
                .orElseThrow();
        Waiting waiting = new Waiting();
        int all = lines + WARM_UP;
        try (IngestWorker worker = new IngestWorker(
                Map.of(claude, List.of(root)),
                home.resolve("tapes"),
                waiting,
                new ChunkPool(),
                Clock.systemUTC(),
                force,
                Map.of())) {
            worker.start();
            append(waiting, folder, sessions, all);
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (waiting.measured().size() < all && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        List<Long> measured = waiting.measured();
        List<Long> sorted = measured.stream().skip(WARM_UP).sorted().toList();
        System.out.printf(
                "%-8s %8d %8d %9.2f %9.2f %9.2f %9.2f%n",
                force ? "group" : "never",
                sessions,
                sorted.size(),
                millis(sorted, 0.50),
                millis(sorted, 0.95),
                millis(sorted, 0.99),
                millis(sorted, 1));
        boolean good = measured.size() == all && waiting.complaint().isEmpty();
        if (!good) {
            System.out.println("lost: " + (all - measured.size()) + " " + waiting.complaint());
        }
        TemporaryHome.delete(home);
        return good;
    }

    private static void append(Waiting waiting, Path folder, int sessions, int lines)
            throws IOException, InterruptedException {
        Random random = new Random(7);
        List<Path> files = new ArrayList<>();
        Map<Path, Long> ends = new HashMap<>();
        for (int i = 0; i < sessions; i++) {
            files.add(folder.resolve(UUID.randomUUID() + ".jsonl"));
        }
        for (int i = 0; i < lines; i++) {
            Path file = files.get(random.nextInt(sessions));
            byte[] line = ("{\"type\":\"assistant\",\"text\":\"" + "x".repeat(200 + random.nextInt(2_000)) + "\"}\n")
                    .getBytes(StandardCharsets.UTF_8);
            long end = ends.merge(file, (long) line.length, Long::sum);
            waiting.appended(file, end, System.nanoTime());
            Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            TimeUnit.MICROSECONDS.sleep(2_000 + random.nextInt(20_000));
        }
    }

    private static double millis(List<Long> sorted, double share) {
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share))) / 1e6;
    }
}
