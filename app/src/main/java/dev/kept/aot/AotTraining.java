package dev.kept.aot;

import dev.kept.agents.Providers;
import dev.kept.cli.Main;
import dev.kept.cli.terminal.CliContext;
import dev.kept.config.ConfigFile;
import dev.kept.config.KeptHome;
import dev.kept.control.ControlAnswer;
import dev.kept.control.ControlRequest;
import dev.kept.control.ControlServer;
import dev.kept.control.ExitCode;
import dev.kept.control.StatusAnswer;
import dev.kept.daemon.launch.Launch;
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
 * The training runs for the AOT caches of the launcher. A run does the work of the quick commands, of a launch or of
 * the daemon in a temporary home, so that Java stores the classes that later starts need. The launcher does this after
 * a build.
 */
public final class AotTraining {
    /** The run for the cache of {@code status} only: fewer classes are loaded faster. */
    private static final List<String> STATUS_ALONE = List.of("status");

    /** The run for the cache of the daemon. */
    private static final List<String> DAEMON = List.of("daemon");

    /** The run for the cache of the process that launches the daemon. */
    private static final List<String> LAUNCH = List.of("launch");

    private AotTraining() {}

    /**
     * Runs the training and ends the process with its exit code.
     *
     * @param part {@code status}, {@code launch} or {@code daemon} for the cache of that process; none for all other
     *     commands
     */
    public static void main(String[] part) {
        System.exit(run(CliContext.ofThisProcess(), List.of(part)));
    }

    private static int run(CliContext context, List<String> part) {
        try {
            Path directory = Files.createTempDirectory("kept");
            KeptHome home = new KeptHome(directory.resolve("home"), directory);
            if (part.equals(DAEMON)) {
                DaemonAotTraining.run(home);
            } else if (part.equals(LAUNCH)) {
                home.createDirectories();
                new ConfigFile(home).createDefault("all");
                Launch.train(home, context.environment());
            } else {
                commands(context, home, part.equals(STATUS_ALONE));
            }
            delete(directory);
            return ExitCode.DONE;
        } catch (IOException e) {
            return ExitCode.FAILED;
        }
    }

    private static void commands(CliContext context, KeptHome home, boolean statusAlone) throws IOException {
        TerminalStream nowhere = TerminalStream.to(OutputStream.nullOutputStream(), false, true);
        StatusReport report = sample(context.clock().instant());
        home.createDirectories();
        new ConfigFile(home).createDefault();
        deletesSoon(home.userHome(), report.generatedAt());
        // No real agents' files are examined.
        Map<String, String> environment = new HashMap<>(context.environment());
        environment.keySet().removeAll(Providers.variables(home));
        CliContext inTraining =
                new CliContext(home, environment, context.in(), nowhere, nowhere, false, false, false, context.clock());
        try (ControlServer _ = ControlServer.open(home, request -> answer(request, report, home))) {
            Main.run(List.of("status"), inTraining);
            Main.run(List.of("status", "--json"), inTraining);
        }
        Main.run(List.of("status"), inTraining);
        if (!statusAlone) {
            Main.run(List.of("--version"), inTraining);
            Main.run(List.of("--help"), inTraining);
            Main.run(List.of("config", "validate"), inTraining);
            Main.run(List.of("sessions"), inTraining);
        }
    }

    /** Creates a file that its agent deletes soon. */
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
