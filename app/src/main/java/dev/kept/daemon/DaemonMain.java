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

/** The main class of the daemon's process: takes the lock, opens the control socket, and ends the process. */
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
        // From here on, any failure ends the process.
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
            // The end keeps the exit code that was asked for, even if something cannot be closed: a relaunch stays a
            // relaunch.
            code = end.isDone() ? end.join() : ExitCode.FAILED;
        } catch (RuntimeException | Error fault) {
            // Without this the other threads would live on and hold the home, with nobody to answer.
            watchdog.uncaughtException(main, fault);
        }
        // Not exit: when a signal started the end, the shutdown hooks are running, and exit would wait for them
        // forever.
        Runtime.getRuntime().halt(code);
    }

    /**
     * Runs the daemon from reading the configuration until an end is requested, and returns the exit code.
     *
     * @param onSignal run when the process is asked to terminate, once this process holds the home
     * @param watchdog receives the threads that must live, and the start of the end
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
        if (config.sandbox() == SandboxMode.REQUIRED && !inForce.isComplete()) {
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

    /** Ends the process after a signal as after a request: its main thread halts it with its own exit code. */
    private static void endInOrder(CompletableFuture<Integer> end, Thread main, Watchdog watchdog) {
        watchdog.mustEnd(ExitCode.DONE, Watchdog.ORDERLY_END);
        end.complete(ExitCode.DONE);
        try {
            main.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Forgets the sessions that were asked to be forgotten. A failure is printed and stops nothing else. */
    private static void forget(KeptHome home) {
        try {
            new Forgetting(home).carryOut(Instant.now());
        } catch (IOException e) {
            System.err.println("kept: not all could be forgotten: " + e.getMessage());
        }
    }

    /** Serves the home until an end is requested, and returns the exit code. */
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
                StartupMessage.print(home, config);
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
     * Answers one status request internally, so that everything an answer needs is loaded before the start is reported.
     * Not through the socket, which a confined process may not connect to.
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

    /** Creates the file that makes clients wait for the next daemon. Called before the socket closes. */
    private static void tellClientsToWait(KeptHome home) {
        try {
            PrivateFiles.replace(home.relaunchingFile(), "");
        } catch (IOException e) {
            // The home vanished: nobody can ask there until it is created again.
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
        // A daemon that was not started by the launch has nothing to launch it again.
        return launch().isEmpty()
                ? RightsThread.none()
                : RightsThread.start(
                        new RightsWatch(
                                home,
                                config,
                                // The files of the runtime are not checked again.
                                () -> SandboxRules.of(
                                        home, config, Providers.roots(config, home, environment), List.of()),
                                inForce,
                                Clock.systemUTC()),
                        daemon,
                        () -> end.complete(ExitCode.RELAUNCH));
    }

    private static ControlAnswer endWith(CompletableFuture<Integer> end, int code, Watchdog watchdog) {
        watchdog.mustEnd(code, Watchdog.ORDERLY_END);
        // The answer is sent before the end begins.
        end.completeAsync(() -> code, CompletableFuture.delayedExecutor(ANSWER_FIRST_MS, TimeUnit.MILLISECONDS));
        return ControlAnswer.of("{\"ok\":true}");
    }
}
