package dev.kept.cli.doctor;

import dev.kept.archive.SessionArchive;
import dev.kept.cli.doctor.check.Examined;
import dev.kept.cli.doctor.check.ServiceState;
import dev.kept.config.KeptHome;
import dev.kept.config.KeptVersion;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.Daemon;
import dev.kept.status.StatusReport.Evictions;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProcessMemory;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.Secrets;
import dev.kept.status.StatusReport.SnapshotMemory;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A home in good health, with an agent's session on tape, and a daemon that says so; parts of it can be made ill. */
public final class Patient {
    public static final String ID = "1aaa0000-0000-4000-8000-000000000001";
    private static final long MIB = 1024 * 1024;

    private final Path user;
    private final KeptHome home;
    private Map<String, String> environment = Map.of();
    private Clock clock = Clock.systemUTC();
    private Path javaHome = Path.of(System.getProperty("java.home"));
    private Optional<StatusReport> report;
    private ServiceState service = new ServiceState.Current("kept.service");

    public Patient(Path folder) throws IOException {
        user = folder.toRealPath();
        home = new KeptHome(user.resolve(".kept"), user);
        home.createDirectories();
        config("keep:\n  maxTapeBytes: 1GiB\n");
        Files.createDirectories(Objects.requireNonNull(source().getParent()));
        Files.writeString(source(), text(3_000));
        tape(text(3_000));
        report = Optional.of(report(0, "landlock", 60 * MIB, 0, List.of()));
    }

    /** So many records, which take 230 bytes each. */
    public static String text(int records) {
        return ("{\"sessionId\":\"" + ID + "\",\"cwd\":\"/work\",\"type\":\"user\",\"uuid\":\"u\",\"timestamp\":"
                        + "\"2026-05-01T00:00:00.000Z\",\"message\":{\"role\":\"user\",\"content\":\"Hello.\"},"
                        + "\"isSidechain\":false}\n")
                .repeat(records);
    }

    public KeptHome home() {
        return home;
    }

    public Path root() {
        return user.resolve(".claude");
    }

    public Path source() {
        return root().resolve("projects/-work/" + ID + ".jsonl");
    }

    Path tapeFolder() {
        return new TapeLibrary(home.tapes()).folder("claude", TapeLibrary.sourceId(source()));
    }

    private void tape(String text) throws IOException {
        Instant now = Instant.now();
        try (Tape tape =
                Tape.create(tapeFolder(), "claude", TapeLibrary.sourceId(source()), source(), root(), "", now)) {
            tape.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            tape.force();
        }
    }

    public void config(String text) throws IOException {
        Files.writeString(home.configFile(), text);
    }

    public void environment(Map<String, String> other) {
        environment = other;
    }

    /** Writes down since when the agent is followed. */
    public void followedSince(Instant at) throws IOException {
        Files.writeString(home.tapes().resolve("roots.json"), "{\"" + root() + "\":\"" + at + "\"}");
    }

    /** Writes the agent's list of prompts, a line each. */
    public void history(String... lines) throws IOException {
        Files.writeString(root().resolve("history.jsonl"), String.join("\n", lines) + "\n");
    }

    /** A line of such a list, typed now. */
    public static String prompt(String session, String folder) {
        return "{\"display\":\"secret words\",\"pastedContents\":{\"1\":{\"content\":\"more of them\"}},\"timestamp\":"
                + Instant.now().toEpochMilli() + ",\"project\":\"" + folder + "\",\"sessionId\":\"" + session + "\"}";
    }

    void clock(Clock other) {
        clock = other;
    }

    void javaHome(Path other) {
        javaHome = other;
    }

    void report(StatusReport other) {
        report = Optional.of(other);
    }

    void noDaemon() {
        report = Optional.empty();
    }

    void service(ServiceState other) {
        service = other;
    }

    static StatusReport report(
            int heartbeatSecondsAgo, String sandbox, long resident, long unknownRecords, List<Problem> problems) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new StatusReport(
                StatusReport.SCHEMA_VERSION,
                now,
                new Daemon(
                        true,
                        4711,
                        KeptVersion.current(),
                        now.minusSeconds(600),
                        Optional.of(now.minusSeconds(heartbeatSecondsAgo)),
                        sandbox),
                new Memory(
                        128 * MIB,
                        new ProcessMemory(resident, MIB, MIB, MIB, MIB),
                        new SnapshotMemory(MIB, 1, 3_000, Evictions.NONE, false)),
                Imports.NONE,
                List.of(new ProviderStatus(
                        "claude",
                        List.of("/home/ada/.claude"),
                        1,
                        1,
                        0,
                        3_000,
                        unknownRecords,
                        MIB,
                        0,
                        List.of(),
                        List.of())),
                List.of(),
                problems,
                Secrets.NONE);
    }

    public Examined examined() {
        return examined(true);
    }

    public Examined examined(boolean wholeTapes) {
        return new Examined(
                new Examined.Sources(home, environment, clock, javaHome, () -> report, () -> service),
                new Examined.Depth(wholeTapes, wholeTapes),
                SessionArchive.Progress.NONE);
    }
}
