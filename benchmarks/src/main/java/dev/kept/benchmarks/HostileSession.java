package dev.kept.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A session whose file somebody else wrote, beside one that is recorded and so many others that the store is full.
 * After each of its lines somebody types on in it: that is in the note if it is recorded, and is told by the status if
 * not; and the other session is recorded as ever.
 *
 * @param lines of so many megabytes each
 * @param markdown whether the note is one; else JSON lines
 */
record HostileSession(String name, List<Line> lines, boolean recorded, boolean markdown) implements Scenario {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    /** When the sessions were begun. */
    static final Instant BEGUN = Instant.parse("2026-02-24T12:00:00Z");

    private static final long LOOK_EVERY_MS = 50;
    private static final WorkloadShape OTHERS = WorkloadShape.of(300, 100, 2048);

    /** A line of a kind. */
    record Line(HostileLines kind, double megabytes) {}

    /** Those that are worst in little time. */
    static List<Line> some() {
        return List.of(
                new Line(HostileLines.EDITS, 8),
                new Line(HostileLines.NAMES, 0.8),
                new Line(HostileLines.WIDE_TEXTS, 8),
                new Line(HostileLines.SHORT_TEXTS, 0.9),
                new Line(HostileLines.CONTROLS, 0.5),
                new Line(HostileLines.LINES, 0.5),
                new Line(HostileLines.SECRETS, 0.4),
                new Line(HostileLines.ENVELOPES, 0.3));
    }

    /** Each kind once, so many megabytes long. */
    static List<Line> each(double megabytes) {
        List<Line> all = new ArrayList<>();
        for (HostileLines kind : HostileLines.values()) {
            all.add(new Line(kind, megabytes));
        }
        return all;
    }

    @Override
    public List<String> settings(Path home) {
        return notesAllowed(home);
    }

    /** Lines of the configuration that let notes be written. */
    static List<String> notesAllowed(Path home) {
        return List.of("allowedWriteRoots: [\"" + home.resolve("notes") + "\"]", "tape: {sealAfter: never}");
    }

    /** The file of a session. */
    static Path file(Path home, SessionLines session) {
        return home.resolve(".claude").resolve(session.file());
    }

    private Path note(Path home) {
        return home.resolve("notes/hostile" + (markdown ? ".md" : ".jsonl"));
    }

    private static SessionLines[] own() {
        return SessionLines.of(new WorkloadShape(2, 3, 2048, 7, 1, BEGUN, 0.02));
    }

    @Override
    public long prepare(Path home) throws IOException {
        Files.createDirectories(home.resolve("notes"));
        long sessions = WorkloadGenerator.generate(home, OTHERS).sessions();
        for (SessionLines session : own()) {
            Files.createDirectories(file(home, session).getParent());
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file(home, session)))) {
                for (int i = 0; i < 3; i++) {
                    out.write(session.next());
                }
            }
            sessions++;
        }
        return sessions;
    }

    @Override
    public String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
        SessionLines[] sessions = own();
        Path other = home.resolve("notes/other.md");
        say(home, sessions[1], "::capture " + other);
        if (recorded) {
            say(home, sessions[0], "::capture " + note(home));
        }
        int number = 0;
        for (Line line : lines) {
            number++;
            append(home, sessions[0], line.kind().line(sessions[0].sessionId(), number, line.megabytes()));
            String after = "typed after " + line.kind() + " number " + number + ".";
            say(home, sessions[0], after);
            say(home, sessions[1], after);
            boolean kept = await(daemon, other, after) && (!recorded || await(daemon, note(home), after));
            if (!kept) {
                return daemon.isAlive()
                        ? "“" + after + "” was not recorded"
                        : "ended by " + line + ": " + daemon.output();
            }
        }
        return "";
    }

    /** A person types something. */
    static void say(Path home, SessionLines session, String text) throws IOException {
        append(home, session, session.prompt(text, Instant.now()));
    }

    private static void append(Path home, SessionLines session, byte[] line) throws IOException {
        Files.write(file(home, session), line, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Waits until a note ends with a text; false if it does not, or the daemon has ended. */
    static boolean await(DaemonUnderTest daemon, Path note, String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < deadline && daemon.isAlive()) {
            if (Files.exists(note) && RecordedSession.end(note).contains(text)) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        }
        return false;
    }
}
