package dev.kept.daemon;

import dev.kept.agents.Providers;
import dev.kept.archive.Forgetting;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.HomeDisk;
import dev.kept.config.HomeOwner;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.config.KeptVersion;
import dev.kept.config.PrivateFiles;
import dev.kept.config.SandboxMode;
import dev.kept.control.ControlAnswer;
import dev.kept.control.ControlRequest;
import dev.kept.control.ControlServer;
import dev.kept.control.ExitCode;
import dev.kept.control.InstanceLock;
import dev.kept.control.OrderAnswer;
import dev.kept.control.SealAnswer;
import dev.kept.control.StartupMessage;
import dev.kept.control.StatusAnswer;
import dev.kept.daemon.launch.ProgramCopy;
import dev.kept.sandbox.SandboxRules;
import dev.kept.sandbox.SandboxStatus;
import dev.kept.text.TerminalStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The daemon's process: its lock, its control socket, and how it ends. */
public final class DaemonMain {
    private static final long ANSWER_FIRST_MS = 50;
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(50);

    private DaemonMain() {}

    public static void main(String[] arguments) {
        System.setErr(TerminalStream.standardError(false));
        Map<String, String> environment = System.getenv();
        KeptHome home = KeptHome.fromEnvironment(environment);
        CompletableFuture<Integer> end = new CompletableFuture<>();
        Thread main = Thread.currentThread();
        // Before anything else: whatever fails from now on ends the process.
        Watchdog watchdog = new Watchdog(Runtime.getRuntime()::halt, System.err).arm();
        Thread.setDefaultUncaughtExceptionHandler(watchdog);
        Thread onSignal = new Thread(() -> endInOrder(end, main, watchdog));
        int code = ExitCode.FAILED;
        try {
            code = run(home, environment, end, onSignal, watchdog);
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            code = ExitCode.USAGE;
        } catch (IOException | InstanceLock.HeldException e) {
            System.err.println("kept: " + e.getMessage());
            // It ends as it was asked to, whatever cannot be closed any more: a relaunch stays one.
            code = end.isDone() ? end.join() : ExitCode.FAILED;
        } catch (RuntimeException | Error fault) {
            // Without an end here the other threads would live on, and keep the home, with nobody to answer.
            watchdog.uncaughtException(main, fault);
        }
        // Not exit: when a signal began the end, the hooks are running and exit would wait for them for ever.
        Runtime.getRuntime().halt(code);
    }

    /**
     * Everything from the configuration to the end that somebody asks for; the exit code.
     *
     * @param onSignal what to run when the process is told to end, from when the home is this process's on
     * @param watchdog is told which threads must live, and when the end begins
     */
    public static int run(
            KeptHome home,
            Map<String, String> environment,
            CompletableFuture<Integer> end,
            Thread onSignal,
            Watchdog watchdog)
            throws ConfigException, IOException, InstanceLock.HeldException {
        HomeOwner.check(home);
        home.createDirectories();
        KeptConfig config = ConfigReader.read(home, Providers.NAMES);
        HomeDisk.check(home, config);
        SandboxStatus inForce =
                SandboxStatus.read(home, launch()).orElse(SandboxStatus.NONE).confirmed();
        if (config.sandbox() == SandboxMode.REQUIRED && !inForce.whole()) {
            throw new IOException("sandbox: required, but this process is held only to: " + inForce.name()
                    + "; start it with: kept start");
        }
        try (InstanceLock _ = InstanceLock.acquire(home)) {
            Runtime.getRuntime().addShutdownHook(onSignal);
            ProgramCopy.removeOthers(home);
            forget(home);
            return serve(home, config, environment, inForce, end, watchdog);
        }
    }

    /** A signal ends the process as a request would: its main thread halts it, with its own exit code. */
    private static void endInOrder(CompletableFuture<Integer> end, Thread main, Watchdog watchdog) {
        watchdog.mustEnd(ExitCode.DONE, Watchdog.ORDERLY_END);
        end.complete(ExitCode.DONE);
        try {
            main.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A wish that cannot be carried out is told, and keeps the daemon from nothing else. */
    private static void forget(KeptHome home) {
        try {
            new Forgetting(home).carryOut(Instant.now());
        } catch (IOException e) {
            System.err.println("kept: not all could be forgotten: " + e.getMessage());
        }
    }

    /** Keeps the home until the end is asked for; the exit code. */
    static int serve(
            KeptHome home,
            KeptConfig config,
            Map<String, String> environment,
            SandboxStatus inForce,
            CompletableFuture<Integer> end,
            Watchdog watchdog)
            throws IOException {
        PrivateFiles.replace(home.pidFile(), ProcessHandle.current().pid() + "\n");
        try (Daemon daemon = new Daemon(home, config, environment, inForce, Clock.systemUTC());
                ControlServer _ = ControlServer.open(
                        home, request -> answer(request, daemon, home, inForce, end, watchdog), daemon);
                RightsThread _ = watchRights(home, config, environment, inForce, daemon, end)) {
            watchdog.mustNotEnd(daemon.coreThreads());
            Files.deleteIfExists(home.relaunchingFile());
            if (environment.containsKey(StartupMessage.WANTED)) {
                answerOnce(daemon, home);
                StartupMessage.tell(home, config);
            }
            int code = end.join();
            watchdog.mustEnd(code, Watchdog.ORDERLY_END);
            if (code == ExitCode.RELAUNCH && !launch().isEmpty()) {
                tellClientsToWait(home);
            }
            return code;
        }
    }

    /**
     * Makes the answer that a start waits for, as for a client: what answers is ready then. Not through the socket, which a
     * confined process may not connect to.
     */
    private static void answerOnce(Daemon daemon, KeptHome home) throws IOException {
        ControlRequest.Status request = new ControlRequest.Status();
        FutureTask<Integer> answering = new FutureTask<>(() -> {
            StatusAnswer.of(request, daemon.report(), home, Instant.now()).writeTo(Writer.nullWriter());
            return ExitCode.DONE;
        });
        Thread.ofVirtual().name("control-first").start(answering);
        try {
            answering.get(FIRST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the daemon does not answer a request for its status: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before the socket closes: who asks in between waits for the next daemon. */
    private static void tellClientsToWait(KeptHome home) {
        try {
            PrivateFiles.replace(home.relaunchingFile(), "");
        } catch (IOException e) {
            // The home vanished: nobody can ask there before it is made anew.
        }
    }

    private static ControlAnswer answer(
            ControlRequest request,
            Daemon daemon,
            KeptHome home,
            SandboxStatus inForce,
            CompletableFuture<Integer> end,
            Watchdog watchdog) {
        return switch (request) {
            case ControlRequest.Status status -> StatusAnswer.of(status, daemon.report(), home, Instant.now());
            case ControlRequest.Confinement _ -> ControlAnswer.of(inForce.toJson(launch()));
            case ControlRequest.Ping _ ->
                ControlAnswer.of("{\"pid\":" + ProcessHandle.current().pid() + ",\"version\":\"" + KeptVersion.current()
                        + "\"}");
            case ControlRequest.Order order -> ControlAnswer.of(OrderAnswer.toJson(daemon.order(order)));
            case ControlRequest.Seal seal -> ControlAnswer.of(SealAnswer.toJson(daemon.seal(seal)));
            case ControlRequest.Stop _ -> endWith(end, ExitCode.DONE, watchdog);
            case ControlRequest.Relaunch _ -> endWith(end, ExitCode.RELAUNCH, watchdog);
        };
    }

    private static String launch() {
        return System.getProperty(SandboxStatus.LAUNCH_PROPERTY, "");
    }

    private static RightsThread watchRights(
            KeptHome home,
            KeptConfig config,
            Map<String, String> environment,
            SandboxStatus inForce,
            Daemon daemon,
            CompletableFuture<Integer> end) {
        // Who was not launched has nobody to launch it again.
        return launch().isEmpty()
                ? RightsThread.none()
                : RightsThread.start(
                        new RightsWatch(
                                home,
                                config,
                                // What the runtime needs is not looked at again.
                                () -> SandboxRules.of(
                                        home, config, Providers.roots(config, home, environment), List.of()),
                                inForce,
                                Clock.systemUTC()),
                        daemon,
                        () -> end.complete(ExitCode.RELAUNCH));
    }

    private static ControlAnswer endWith(CompletableFuture<Integer> end, int code, Watchdog watchdog) {
        watchdog.mustEnd(code, Watchdog.ORDERLY_END);
        // The answer goes out before the end begins.
        end.completeAsync(() -> code, CompletableFuture.delayedExecutor(ANSWER_FIRST_MS, TimeUnit.MILLISECONDS));
        return ControlAnswer.of("{\"ok\":true}");
    }
}
