package dev.kept.benchmarks;

import dev.kept.tape.TapeLibrary;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How soon a line that an agent appends is on tape, and readable in the recording of its session; and what it costs: time on
 * a processor, read and write calls, bytes written. With one known session and with many, a small session and a large one.
 */
public final class Latency {
    private static final int CEILING_MB = 128;
    private static final int[] RATES = {1, 10, 100};
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_EVERY_NANOS = 200_000;
    private static final int WARM_UP = 100;
    private static final int EVENT_BYTES = 2048;

    private Latency() {}

    /** One line's way, in nanoseconds from before it was appended. */
    private record Way(long onTape, long inNote) {}

    /** {@code --known N --events N --seconds N}: sessions beside the recorded one, its length, and how long each rate is held. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int known = Restart.option(arguments, "--known", 52);
        int events = Restart.option(arguments, "--events", 300);
        int seconds = Restart.option(arguments, "--seconds", 20);
        Path home = Files.createTempDirectory("kept-latency").toRealPath();
        try {
            run(home, known, events, seconds);
        } finally {
            delete(home);
        }
    }

    private static void run(Path home, int known, int events, int seconds) throws IOException, InterruptedException {
        WorkloadGenerator.generate(home, WorkloadShape.of(known, 100, EVENT_BYTES));
        // Another seed: a session of its own.
        WorkloadShape own = new WorkloadShape(1, events, EVENT_BYTES, 2, 1, Instant.now(), 0.02);
        SessionLines session = SessionLines.of(own)[0];
        Path source = home.resolve(".claude").resolve(session.file());
        Files.createDirectories(source.getParent());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(source), 1 << 18)) {
            for (int i = 0; i < events; i++) {
                out.write(session.next());
            }
        }
        Path note = Files.createDirectories(home.resolve("notes")).resolve("note.md");
        try (DaemonUnderTest daemon = DaemonUnderTest.start(
                home, CEILING_MB, List.of("allowedWriteRoots: [\"" + note.getParent() + "\"]"), List.of())) {
            daemon.awaitImport(known + 1L);
            Path tape = new TapeLibrary(daemon.home().tapes())
                    .folder("claude", TapeLibrary.sourceId(source))
                    .resolve("0001.jsonl");
            append(source, session, "::capture " + note);
            way(source, session, tape, note, "warm-up");
            for (int i = 0; i < WARM_UP; i++) {
                way(source, session, tape, note, "warm-up " + i);
            }
            System.out.printf(
                    Locale.ROOT, "%,d known sessions; the recorded one has %,d bytes%n", known + 1, Files.size(source));
            System.out.printf(
                    "%6s %6s | %6s %6s %6s %6s | %6s %6s %6s %6s | %7s %6s %6s %7s%n",
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
                measure(daemon, source, session, tape, note, rate, Math.max(10, rate * seconds));
            }
        }
    }

    private static void measure(
            DaemonUnderTest daemon, Path source, SessionLines session, Path tape, Path note, int rate, int lines)
            throws IOException, InterruptedException {
        ProcessNumbers before = daemon.numbers();
        List<Way> ways = new ArrayList<>();
        long next = System.nanoTime();
        for (int i = 0; i < lines; i++) {
            ways.add(way(source, session, tape, note, "line " + i + " at " + rate + " a second"));
            next += TimeUnit.SECONDS.toNanos(1) / rate;
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        }
        ProcessNumbers after = daemon.numbers();
        List<Long> onTape = ways.stream().map(Way::onTape).sorted().toList();
        List<Long> inNote = ways.stream().map(Way::inNote).sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%8d %6d | %6.2f %6.2f %6.2f %6.2f | %6.2f %6.2f %6.2f %6.2f | %7.2f %6.1f %6.1f %7d%n",
                rate,
                lines,
                millis(onTape, 0.50),
                millis(onTape, 0.95),
                millis(onTape, 0.99),
                millis(onTape, 1),
                millis(inNote, 0.50),
                millis(inNote, 0.95),
                millis(inNote, 0.99),
                millis(inNote, 1),
                after.cpuNanosSince(before) / 1e6 / lines,
                (double) (after.readCalls() - before.readCalls()) / lines,
                (double) (after.writeCalls() - before.writeCalls()) / lines,
                (after.bytesWritten() - before.bytesWritten()) / lines);
    }

    private static Way way(Path source, SessionLines session, Path tape, Path note, String text)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        append(source, session, text);
        long size = Files.size(source);
        long onTape = -1;
        while (true) {
            if (onTape < 0 && Files.exists(tape) && Files.size(tape) >= size) {
                onTape = System.nanoTime() - begun;
            }
            // A tape is written before it is forced, and forced before the note is written.
            if (onTape >= 0 && end(note).contains(text)) {
                return new Way(onTape, System.nanoTime() - begun);
            }
            if (System.nanoTime() - begun > LONGEST_NANOS) {
                throw new IOException("“" + text + "” did not come into " + note);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    private static void append(Path source, SessionLines session, String text) throws IOException {
        Files.write(source, session.prompt(text, Instant.now()), StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private static String end(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (RandomAccessFile read = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(1024, read.length())];
            read.seek(read.length() - bytes.length);
            read.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static double millis(List<Long> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share))) / 1e6;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
