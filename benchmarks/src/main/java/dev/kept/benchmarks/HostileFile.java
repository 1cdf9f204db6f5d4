package dev.kept.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Session files of very many records, read when the daemon starts; afterwards somebody types on in the first of them
 * and has that recorded.
 *
 * @param kind of the records
 * @param files how many there are
 * @param records of each
 */
record HostileFile(String name, Kind kind, int files, int records) implements Scenario {
    /** What the records are. */
    enum Kind {
        /** Objects that say nothing. */
        EMPTY,
        /** The smallest events, each with an id of its own. */
        SMALLEST,
        /** Replacements by the thousand, 7 MB of them. */
        LARGE;

        private byte[] record(String session, int number) {
            return switch (this) {
                case EMPTY -> "{}\n".getBytes(StandardCharsets.UTF_8);
                case SMALLEST ->
                    ("{\"type\":\"user\",\"uuid\":\"" + session + number + "\",\"message\":{\"content\":\"x\"}}\n")
                            .getBytes(StandardCharsets.UTF_8);
                case LARGE -> HostileLines.EDITS.line(session, number, 7);
            };
        }
    }

    private SessionLines[] sessions() {
        return SessionLines.of(new WorkloadShape(files + 1, 3, 2048, 8, 1, HostileSession.BEGUN, 0.02));
    }

    @Override
    public List<String> settings(Path home) {
        return HostileSession.notesAllowed(home);
    }

    @Override
    public long prepare(Path home) throws IOException {
        Files.createDirectories(home.resolve("notes"));
        SessionLines[] sessions = sessions();
        for (int i = 0; i <= files; i++) {
            Path file = HostileSession.file(home, sessions[i]);
            Files.createDirectories(file.getParent());
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), 1 << 18)) {
                out.write(sessions[i].next());
                for (int record = 0; i < files && record < records; record++) {
                    out.write(kind.record(sessions[i].sessionId(), record));
                }
            }
        }
        return sessions.length;
    }

    @Override
    public String then(DaemonUnderTest daemon, Path home) throws IOException, InterruptedException {
        SessionLines[] sessions = sessions();
        for (int i : new int[] {0, files}) {
            Path note = home.resolve("notes/" + i + ".md");
            HostileSession.say(home, sessions[i], "::init " + note + "\n::record");
            HostileSession.say(home, sessions[i], "typed after all of them.");
            if (!HostileSession.await(daemon, note, "typed after all of them.")) {
                return daemon.isAlive() ? note + " does not have what was typed" : "ended: " + daemon.output();
            }
        }
        return "";
    }
}
