package dev.kept.cli;

import dev.kept.config.KeptHome;
import dev.kept.daemon.ControlRequest;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.Launch;
import dev.kept.json.MalformedJsonException;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.Daemon;
import dev.kept.status.StatusReport.Evictions;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProcessMemory;
import dev.kept.status.StatusReport.ProviderStatus;
import dev.kept.status.StatusReport.RecordingStatus;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.status.StatusReport.SnapshotMemory;
import dev.kept.status.StatusText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes through what the quick commands do, without a daemon and without touching a file: the launcher runs it once after
 * a build to record which classes later starts should find ready made.
 */
final class Rehearsal {
    /** The word that the launcher says; no command for people. */
    static final String COMMAND = "rehearse";

    private Rehearsal() {}

    static int run(Surroundings surroundings) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Surroundings rehearsed = new Surroundings(
                new KeptHome(Path.of("/nonexistent/kept"), Path.of("/nonexistent")),
                surroundings.environment(),
                surroundings.in(),
                nowhere,
                nowhere,
                false,
                false,
                surroundings.clock());
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            StatusReport report = StatusJson.read(
                    StatusJson.compact(sample(surroundings.clock().instant())));
            nowhere.print(StatusText.render(report, StatusText.Options.PLAIN, report.generatedAt()));
            nowhere.print(StatusJson.indented(report) + channel.isOpen() + new ControlRequest.Status().toJson());
            Thread.ofVirtual().start(() -> {}).join();
            Main.run(List.of("--version"), rehearsed);
            Main.run(List.of("status"), rehearsed);
            Main.run(List.of("--help"), rehearsed);
            Main.run(List.of("config", "validate"), rehearsed);
            Launch.rehearse(rehearsed.home());
            return ExitCode.DONE;
        } catch (IOException | MalformedJsonException | InterruptedException e) {
            return ExitCode.FAILED;
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
                List.of(new ProviderStatus("p", List.of("/r"), 1, 1, 1, 1, 1, 1, 1)),
                List.of(new SessionStatus(
                        "p",
                        "s",
                        "s",
                        Optional.of("a"),
                        Optional.empty(),
                        Optional.of("/c"),
                        Optional.of(now),
                        Optional.of(now),
                        true,
                        1,
                        true,
                        false,
                        Optional.of(new RecordingStatus("r", "/o", now, Optional.of(now))))),
                List.of(new Problem("c", "m", "r", Optional.of(now), 1)));
    }
}
