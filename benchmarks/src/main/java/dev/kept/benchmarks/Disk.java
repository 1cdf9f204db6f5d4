package dev.kept.benchmarks;

import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.SealAnswer;
import dev.kept.ingest.seal.SealProgress;
import dev.kept.tape.Sealing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What it takes on disk: how well session files pack, what the tapes take for each byte of their sources while they are
 * plain and when they are sealed, and how much is written for an append.
 */
public final class Disk {
    private static final int CEILING_MB = 128;
    private static final int[] RATES = {1, 10, 100};
    private static final int LIVE_EVENTS = 300;
    private static final int EVENT_BYTES = 2048;
    private static final int IMAGE_BYTES = 400_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** So much of the disk a file of one byte takes: {@code st_blocks} counts in these. */
    private static final int BLOCK_BYTES = 512;

    private Disk() {}

    /**
     * {@code --seconds N --mb N --sessions N --events N}: how long each rate is held, how much is packed for each
     * figure.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = Options.number(arguments, "--seconds", 10);
        long most = Options.number(arguments, "--mb", 24) * 1_000_000L;
        WorkloadShape shape = WorkloadShape.of(
                Options.number(arguments, "--sessions", 53), Options.number(arguments, "--events", 293), EVENT_BYTES);
        Path home = Files.createTempDirectory("kept-disk").toRealPath();
        try {
            Path generated = Files.createDirectories(home.resolve("generated"));
            List<Path> files = WorkloadGenerator.generate(generated, shape).files();
            Optional<Path> real = real();
            List<Path> realFiles = real.isPresent() ? files(real.get()) : List.of();
            new Packing("generated sessions", files, most).print(Sealing.FRAME_BYTES, Sealing.LEVEL);
            if (real.isPresent()) {
                new Packing("real sessions", realFiles, most).print(Sealing.FRAME_BYTES, Sealing.LEVEL);
            }
            Path twice = imagesTwice(home.resolve("twice.jsonl"));
            new Packing("a session in which each image stands twice", List.of(twice), most)
                    .print(Sealing.FRAME_BYTES, Sealing.LEVEL);

            System.out.printf(
                    "%n%-24s %14s %14s %9s %14s %9s%n", "on disk", "sources, B", "live, B", "÷", "sealed, B", "÷");
            onDisk("generated sessions", generated);
            if (!realFiles.isEmpty()) {
                onDisk("real sessions of Claude", realHome(home.resolve("real")));
            }
            writeAmplification(home.resolve("live"), seconds);
        } finally {
            TemporaryHome.delete(home);
        }
    }

    private static Optional<Path> real() {
        Path folder =
                Path.of(System.getProperty("kept.corpus", "../shared/corpus")).resolve("files");
        if (!Files.isDirectory(folder)) {
            System.err.println("Left out: real sessions (KEPT_CORPUS=DIR, with DIR/files)");
            return Optional.empty();
        }
        return Optional.of(folder);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(path -> path.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    private static Path realHome(Path home) throws IOException {
        Optional<Scenario> scenario = RealSessions.found();
        if (scenario.isPresent()) {
            scenario.get().prepare(home);
        }
        return home;
    }

    /** As agents write an image: in the content of a record, and again beside it. */
    private static Path imagesTwice(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            byte[] image = new byte[IMAGE_BYTES];
            random.nextBytes(image);
            String base64 = Base64.getEncoder().encodeToString(image);
            text.append("{\"type\":\"user\",\"message\":{\"content\":[{\"source\":{\"data\":\"")
                    .append(base64)
                    .append("\"}}]},\"toolUseResult\":{\"file\":{\"base64\":\"")
                    .append(base64)
                    .append("\"}}}\n");
        }
        return Files.writeString(file, text);
    }

    private static void onDisk(String name, Path home) throws IOException, InterruptedException {
        List<Path> sources = files(home.resolve(".claude"));
        long bytes = 0;
        for (Path source : sources) {
            bytes += Files.size(source);
        }
        try (DaemonUnderTest daemon =
                DaemonUnderTest.start(home, CEILING_MB, List.of("tape: {sealAfter: never}"), List.of())) {
            daemon.awaitImport(sources.size());
            long live = taken(daemon.home().tapes());
            long began = System.nanoTime();
            SealProgress sealed = seal(daemon);
            double seconds = (System.nanoTime() - began) / 1e9;
            long packed = taken(daemon.home().tapes());
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %,14d %,14d %9.3f %,14d %9.3f%n",
                    name,
                    bytes,
                    live,
                    (double) live / bytes,
                    packed,
                    (double) packed / bytes);
            System.out.printf(
                    Locale.ROOT,
                    "  sealed by the daemon, read back and compared: %,d files in %.1f s, %.0f MB/s; VmHWM %,d kB%n",
                    sealed.segments(),
                    seconds,
                    sealed.bytes() / 1e6 / seconds,
                    daemon.numbers().peakKb());
        }
    }

    /** Has the daemon seal everything, and waits for it. */
    static SealProgress seal(DaemonUnderTest daemon) throws IOException, InterruptedException {
        SealProgress now = ask(daemon, Optional.of(Duration.ZERO));
        while (now.running()) {
            TimeUnit.MILLISECONDS.sleep(20);
            now = ask(daemon, Optional.empty());
        }
        return now;
    }

    private static SealProgress ask(DaemonUnderTest daemon, Optional<Duration> rest) throws IOException {
        return new ControlClient(daemon.home(), PATIENCE)
                .ask(new ControlRequest.Seal(rest))
                .flatMap(SealAnswer::read)
                .orElseThrow(() -> new IOException("the daemon does not answer"));
    }

    /** What the files of a folder take of the disk, in whole blocks. */
    private static long taken(Path folder) throws IOException, InterruptedException {
        Process du = new ProcessBuilder("du", "-s", "--block-size=" + BLOCK_BYTES, folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(du.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (du.waitFor() != 0) {
            throw new IOException("du failed for " + folder);
        }
        return Long.parseLong(answer.split("\\s", 2)[0]) * BLOCK_BYTES;
    }

    private static void writeAmplification(Path home, int seconds) throws IOException, InterruptedException {
        System.out.printf(
                "%n%-24s %8s %10s %14s %9s %14s %9s%n",
                "appends a second", "lines", "bytes", "written, B", "÷", "to disk, B", "÷");
        for (boolean recorded : new boolean[] {false, true}) {
            for (int rate : RATES) {
                Path own = Files.createDirectories(home.resolve(recorded + "-" + rate));
                amplification(own, rate, seconds, recorded);
            }
        }
    }

    private static void amplification(Path home, int rate, int seconds, boolean recorded)
            throws IOException, InterruptedException {
        WorkloadShape shape = new WorkloadShape(1, LIVE_EVENTS, EVENT_BYTES, 3, 1, Instant.now(), 0.02);
        WorkloadGenerator.generate(home, shape);
        SessionLines session = SessionLines.of(shape)[0];
        for (int i = 0; i < LIVE_EVENTS; i++) {
            session.next();
        }
        Path source = home.resolve(".claude").resolve(session.file());
        Path note = Files.createDirectories(home.resolve("notes")).resolve("note.md");
        try (DaemonUnderTest daemon = DaemonUnderTest.start(
                home, CEILING_MB, List.of("allowedWriteRoots: [\"" + note.getParent() + "\"]"), List.of())) {
            daemon.awaitImport(1);
            if (recorded) {
                append(source, session.prompt("::capture " + note, Instant.now()));
            }
            TimeUnit.SECONDS.sleep(6);
            ProcessNumbers before = daemon.numbers();
            int lines = Math.max(10, rate * seconds);
            long bytes = 0;
            long next = System.nanoTime();
            for (int i = 0; i < lines; i++) {
                byte[] line = session.prompt(
                        ("line " + i + " of a person who types two kilobytes. ").repeat(40), Instant.now());
                append(source, line);
                bytes += line.length;
                next += TimeUnit.SECONDS.toNanos(1) / rate;
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            }
            TimeUnit.SECONDS.sleep(6);
            ProcessNumbers after = daemon.numbers();
            long written = after.bytesWritten() - before.bytesWritten();
            long toDisk = after.diskBytesWritten() - before.diskBytesWritten();
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %8d %,10d %,14d %9.2f %,14d %9.2f%n",
                    rate + (recorded ? ", recorded" : ""),
                    lines,
                    bytes,
                    written,
                    (double) written / bytes,
                    toDisk,
                    (double) toDisk / bytes);
        }
    }

    private static void append(Path source, byte[] line) throws IOException {
        Files.write(source, line, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }
}
