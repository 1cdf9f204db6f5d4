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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A session that grows and is recorded, watched from outside: when a line that was appended is on tape, and when it can
 * be read in the note; and what that costs the daemon. To be used by one thread.
 */
final class RecordedSession {
    /** Bytes of an event, about, where nothing else is asked for. */
    static final int EVENT_BYTES = 2048;

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_EVERY_NANOS = 200_000;
    private static final long PAUSE_NANOS = 1_000_000;

    private final SessionLines session;
    private final Path source;
    private final Path note;
    private final Path tape;
    private int said;

    /** One line's way, in nanoseconds from before it was appended. */
    record Way(long onTape, long inNote) {}

    /**
     * What lines took, each, of the daemon's process.
     *
     * @param cpuMs of all threads, those that only keep time included
     * @param readCalls and {@code writeCalls}: of these two kinds alone; sockets included
     * @param bytesWritten to files and sockets
     */
    record Cost(double cpuMs, double readCalls, double writeCalls, double bytesWritten) {
        static Cost between(ProcessNumbers before, ProcessNumbers after, int lines) {
            return new Cost(
                    after.cpuNanosSince(before) / 1e6 / lines,
                    (double) (after.readCalls() - before.readCalls()) / lines,
                    (double) (after.writeCalls() - before.writeCalls()) / lines,
                    (double) (after.bytesWritten() - before.bytesWritten()) / lines);
        }
    }

    private RecordedSession(SessionLines session, Path home) {
        this.session = session;
        this.source = home.resolve(".claude").resolve(session.file());
        this.note = notes(home).resolve("note.md");
        this.tape = new TapeLibrary(home.resolve(".kept/tapes"))
                .folder("claude", TapeLibrary.sourceId(source))
                .resolve("0001.jsonl");
    }

    /** Writes a session of so many events of {@link #EVENT_BYTES} below a person's home, beside what is there. */
    static RecordedSession write(Path home, int events) throws IOException {
        return write(home, events, EVENT_BYTES);
    }

    /** The same, with events of another size. */
    static RecordedSession write(Path home, int events, int eventBytes) throws IOException {
        // Another seed than the usual one: a session of its own.
        WorkloadShape shape = new WorkloadShape(1, events, eventBytes, 2, 1, Instant.now(), 0.02);
        RecordedSession written = new RecordedSession(SessionLines.of(shape)[0], home);
        Files.createDirectories(written.source.getParent());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(written.source), 1 << 18)) {
            for (int i = 0; i < events; i++) {
                out.write(written.session.next());
            }
        }
        Files.createDirectories(notes(home));
        return written;
    }

    private static Path notes(Path home) {
        return home.resolve("notes");
    }

    /**
     * Lines of the configuration that let it be recorded, and nothing else be done: generated files are old, and would
     * be sealed.
     */
    static List<String> settings(Path home) {
        return List.of("allowedWriteRoots: [\"" + notes(home) + "\"]", "tape: {sealAfter: never}");
    }

    long bytes() throws IOException {
        return Files.size(source);
    }

    /** Has it recorded from here on, and says so much that the daemon's code is compiled. */
    void record(int warmUp) throws IOException, InterruptedException {
        append("::init " + note + "\n::record");
        for (int i = 0; i < warmUp; i++) {
            append(next());
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        way();
    }

    /** So many lines at a rate, each waited for; their ways, and what they cost. */
    List<Way> ways(int lines, double aSecond) throws IOException, InterruptedException {
        List<Way> ways = new ArrayList<>();
        long next = System.nanoTime();
        for (int i = 0; i < lines; i++) {
            ways.add(way());
            next += (long) (TimeUnit.SECONDS.toNanos(1) / aSecond);
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        }
        return ways;
    }

    /** Appends a line, and waits until it can be read in the note. */
    Way way() throws IOException {
        long begun = System.nanoTime();
        String text = next();
        append(text);
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

    private String next() {
        return "line " + said++ + ".";
    }

    private void append(String text) throws IOException {
        Files.write(source, session.prompt(text, Instant.now()), StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** The last KiB of a file. */
    static String end(Path file) throws IOException {
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
}
