package dev.kept.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A large session is captured into a file while small ones record and grow. All must arrive whole: the large one's file
 * holds its last words, and each small one's file every line that was said meanwhile.
 *
 * @param events of the large session, 2 KB each
 * @param others how many small ones
 */
record CaptureWhileOthersRecord(String name, int events, int others) implements Scenario {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final long BETWEEN_LINES_MS = 200;

    private static SessionLines[] sessions(int events, int others) {
        return SessionLines.of(WorkloadShape.of(others + 1, events, 2048));
    }

    private static Path file(Path home, SessionLines session) {
        return home.resolve(".claude").resolve(session.file());
    }

    private static Path notes(Path home, int number) {
        return home.resolve("notes/session-" + number + ".md");
    }

    @Override
    public List<String> settings(Path home) {
        return List.of("allowedWriteRoots: [\"" + home.resolve("notes") + "\"]");
    }

    @Override
    public long prepare(Path home) throws IOException {
        Files.createDirectories(home.resolve("notes"));
        SessionLines[] sessions = sessions(events, others);
        for (int i = 0; i < sessions.length; i++) {
            Files.createDirectories(file(home, sessions[i]).getParent());
            int count = i == 0 ? events : 20;
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file(home, sessions[i])), 1 << 18)) {
                for (int event = 0; event < count; event++) {
                    out.write(sessions[i].next());
                }
            }
        }
        return sessions.length;
    }

    @Override
    public String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
        SessionLines[] sessions = sessions(events, others);
        for (int i = 1; i < sessions.length; i++) {
            say(home, sessions[i], "::capture " + notes(home, i));
        }
        say(home, sessions[0], "::capture " + notes(home, 0));
        say(home, sessions[0], "the last words of all");
        long deadline = System.nanoTime() + LONGEST.toNanos();
        int lines = 0;
        boolean captured = false;
        while (!captured && System.nanoTime() < deadline && daemon.isAlive()) {
            for (int i = 1; i < sessions.length; i++) {
                say(home, sessions[i], "line number " + lines + " of session " + i + ".");
            }
            lines++;
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LINES_MS);
            captured = end(notes(home, 0)).contains("the last words of all");
        }
        if (!captured) {
            return "the capture did not end; its file has " + size(notes(home, 0)) + " bytes";
        }
        return missing(home, sessions.length, lines, deadline);
    }

    private static String missing(Path home, int sessions, int lines, long deadline)
            throws IOException, InterruptedException {
        List<String> missing = new ArrayList<>();
        for (int i = 1; i < sessions; i++) {
            String last = "line number " + (lines - 1) + " of session " + i + ".";
            while (!end(notes(home, i)).contains(last) && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(BETWEEN_LINES_MS);
            }
            String text = Files.readString(notes(home, i));
            for (int line = 0; line < lines; line++) {
                String expected = "line number " + line + " of session " + i + ".";
                if (text.indexOf(expected) < 0 || text.indexOf(expected) != text.lastIndexOf(expected)) {
                    missing.add(expected);
                }
            }
        }
        return missing.isEmpty() ? "" : "not recorded once: " + missing.size() + ", first " + missing.getFirst();
    }

    private static void say(Path home, SessionLines session, String text) throws IOException {
        Files.write(
                file(home, session),
                session.prompt(text, Instant.now()),
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private static String end(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (RandomAccessFile read = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(4096, read.length())];
            read.seek(read.length() - bytes.length);
            read.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
