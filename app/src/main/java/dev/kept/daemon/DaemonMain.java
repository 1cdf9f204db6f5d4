package dev.kept.daemon;

import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.config.KeptVersion;
import dev.kept.config.PrivateFiles;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.Daemon;
import dev.kept.status.StatusReport.Evictions;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.SnapshotMemory;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The daemon's process. */
public final class DaemonMain {
    private DaemonMain() {}

    public static void main(String[] arguments) {
        KeptHome home = KeptHome.fromEnvironment(System.getenv());
        CompletableFuture<Integer> end = new CompletableFuture<>();
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread onSignal = new Thread(() -> {
            end.complete(ExitCode.DONE);
            ended.join();
        });
        int code;
        try {
            home.createDirectories();
            KeptConfig config = ConfigReader.read(home, Providers.NAMES);
            try (InstanceLock _ = InstanceLock.acquire(home)) {
                Runtime.getRuntime().addShutdownHook(onSignal);
                ProgramCopy.removeOthers(home);
                code = serve(home, config, end);
            }
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            code = ExitCode.USAGE;
        } catch (IOException | InstanceLock.HeldException e) {
            System.err.println("kept: " + e.getMessage());
            code = ExitCode.FAILED;
        }
        ended.complete(true);
        // Not exit: when a signal began the end, the hooks are running and exit would wait for them for ever.
        Runtime.getRuntime().halt(code);
    }

    private static int serve(KeptHome home, KeptConfig config, CompletableFuture<Integer> end) throws IOException {
        Instant started = Instant.now();
        PrivateFiles.replace(home.pidFile(), ProcessHandle.current().pid() + "\n");
        PrivateFiles.replace(home.statusFile(), StatusJson.indented(report(config, started)));
        try (ControlServer _ = ControlServer.open(home, request -> switch (request) {
            case ControlRequest.Status status -> StatusAnswer.of(status, report(config, started), home, Instant.now());
            case ControlRequest.Ping _ ->
                "{\"pid\":" + ProcessHandle.current().pid() + ",\"version\":\"" + KeptVersion.current() + "\"}";
            case ControlRequest.Stop _ -> endWith(end, ExitCode.DONE);
            case ControlRequest.Relaunch _ -> endWith(end, ExitCode.RELAUNCH);
        })) {
            return end.join();
        }
    }

    private static String endWith(CompletableFuture<Integer> end, int code) {
        end.completeAsync(() -> code, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
        return "{\"ok\":true}";
    }

    private static StatusReport report(KeptConfig config, Instant started) {
        Instant now = Instant.now();
        return new StatusReport(
                StatusReport.SCHEMA_VERSION,
                now,
                new Daemon(
                        true,
                        ProcessHandle.current().pid(),
                        KeptVersion.current(),
                        started,
                        Optional.of(now),
                        System.getProperty(Launch.SANDBOX_PROPERTY, Sandbox.NONE.name())),
                new Memory(
                        config.daemonMaxMemoryMb() * 1024L * 1024,
                        ProcessFigures.read(),
                        new SnapshotMemory(0, 0, 0, Evictions.NONE, false)),
                Imports.NONE,
                List.of(),
                List.of(),
                List.of());
    }
}
