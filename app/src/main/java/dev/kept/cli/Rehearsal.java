package dev.kept.cli;

import dev.kept.config.ConfigFile;
import dev.kept.config.KeptHome;
import dev.kept.daemon.ControlAnswer;
import dev.kept.daemon.ControlRequest;
import dev.kept.daemon.ControlServer;
import dev.kept.daemon.DaemonRehearsal;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.Launch;
import dev.kept.daemon.Providers;
import dev.kept.daemon.StatusAnswer;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.Daemon;
import dev.kept.status.StatusReport.Evictions;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProcessMemory;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.RecordingStatus;
import dev.kept.status.StatusReport.Secrets;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.status.StatusReport.SnapshotMemory;
import dev.kept.text.TerminalStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Goes through what the quick commands do, in a temporary home and with a daemon that only answers, or what the daemon does: the launcher runs it after
 * a build to record which classes later starts should find ready made.
 */
final class Rehearsal {
    /** The word that the launcher says; no command for people. */
    static final String COMMAND = "rehearse";

    /** For the record that only {@code status} uses: fewer classes are ready sooner. */
    private static final List<String> STATUS_ALONE = List.of("status");

    /** For the record that the daemon uses. */
    private static final List<String> DAEMON = List.of("daemon");

    /** For the record that the short process before the daemon uses. */
    private static final List<String> LAUNCH = List.of("launch");

    private Rehearsal() {}

    /** @param part what follows the word {@link #COMMAND} */
    static int run(Surroundings surroundings, List<String> part) {
        try {
            Path directory = Files.createTempDirectory("kept");
            KeptHome home = new KeptHome(directory.resolve("home"), directory);
            if (part.equals(DAEMON)) {
                DaemonRehearsal.run(home);
            } else if (part.equals(LAUNCH)) {
                home.createDirectories();
                new ConfigFile(home).createDefault("all");
                Launch.rehearse(home, surroundings.environment());
            } else {
                commands(surroundings, home, part.equals(STATUS_ALONE));
            }
            delete(directory);
            return ExitCode.DONE;
        } catch (IOException e) {
            return ExitCode.FAILED;
        }
    }

    private static void commands(Surroundings surroundings, KeptHome home, boolean statusAlone) throws IOException {
        TerminalStream nowhere = TerminalStream.to(OutputStream.nullOutputStream(), false, true);
        StatusReport report = sample(surroundings.clock().instant());
        home.createDirectories();
        new ConfigFile(home).createDefault();
        deletesSoon(home.userHome(), report.generatedAt());
        // Nobody's agents are looked at.
        Map<String, String> environment = new HashMap<>(surroundings.environment());
        environment.keySet().removeAll(Providers.variables(home));
        Surroundings rehearsed = new Surroundings(
                home, environment, surroundings.in(), nowhere, nowhere, false, false, false, surroundings.clock());
        try (ControlServer _ = ControlServer.open(home, request -> answer(request, report, home))) {
            Main.run(List.of("status"), rehearsed);
            Main.run(List.of("status", "--json"), rehearsed);
        }
        Main.run(List.of("status"), rehearsed);
        if (!statusAlone) {
            Main.run(List.of("--version"), rehearsed);
            Main.run(List.of("--help"), rehearsed);
            Main.run(List.of("config", "validate"), rehearsed);
            Main.run(List.of("sessions"), rehearsed);
        }
    }

    /** Puts a file there that its agent deletes soon. */
    private static void deletesSoon(Path user, Instant now) throws IOException {
        Path file = Files.createDirectories(user.resolve(".claude/projects/p")).resolve("s.jsonl");
        Files.writeString(file, "{}");
        Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofDays(30))));
    }

    private static ControlAnswer answer(ControlRequest request, StatusReport report, KeptHome home) {
        return request instanceof ControlRequest.Status status
                ? StatusAnswer.of(status, report, home, report.generatedAt())
                : ControlAnswer.of("{}");
    }

    private static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.delete(each);
        }
    }

    private static StatusReport sample(Instant now) {
        return new StatusReport(
                StatusReport.SCHEMA_VERSION,
                now,
                new Daemon(true, 1, "0", now, Optional.of(now), "none"),
                new Memory(
                        1,
                        new ProcessMemory(1, 1, 1, 1, 1),
                        new SnapshotMemory(1, 1, 1, new Evictions(1, 1, Map.of("a", 1L)), true)),
                new Imports(2, 1, 2, 1),
                List.of(new ProviderStatus("p", List.of("/r"), 1, 1, 1, 1, 1, 1, 1, List.of(), List.of("/u"))),
                List.of(new SessionStatus(
                        "p",
                        "s",
                        "s",
                        Optional.of("a"),
                        Optional.of("a"),
                        Optional.of(Origin.WORDS),
                        Optional.of("/c"),
                        Optional.of(now),
                        Optional.of(now),
                        true,
                        1,
                        true,
                        false,
                        Optional.of(new RecordingStatus("r", "/o", now, Optional.of(now))))),
                List.of(new Problem("c", "m", "r", Optional.of(now), 1)),
                new Secrets(Map.of("k", 1L)));
    }
}
