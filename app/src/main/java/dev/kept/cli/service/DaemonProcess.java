package dev.kept.cli.service;

import dev.kept.config.JavaVariables;
import dev.kept.config.KeptHome;
import dev.kept.config.PrivateFiles;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.InstanceLock;
import dev.kept.control.LastExit;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import dev.kept.status.StatusJson;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** The start, end and relaunch of a home's daemon, each with waiting until it has happened. */
public final class DaemonProcess {
    private static final Duration START = Duration.ofSeconds(60);
    /** Longer than the daemon's watchdog allows for an orderly end. */
    private static final Duration END = Duration.ofSeconds(23);

    private static final Duration END_BY_SIGNAL = Duration.ofSeconds(5);
    private static final Duration UNASKED = Duration.ofSeconds(1);
    private static final Duration END_BY_FORCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int SHOWN_LINES = 15;

    private final KeptHome home;
    private final ControlClient client;

    public DaemonProcess(KeptHome home) {
        this.home = home;
        this.client = new ControlClient(home, Duration.ofSeconds(10));
    }

    /** Thrown when the daemon ended, or did not start, although it should be running. */
    public static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int exitCode;

        FailedException(int exitCode, String message) {
            super(message);
            this.exitCode = exitCode;
        }

        /** Returns the exit code of the command line that follows from this failure. */
        public int exitCode() {
            return exitCode;
        }
    }

    /** Returns the pid of the daemon that answers. */
    public Optional<Long> runningPid() throws IOException {
        Optional<String> answer = client.ask(new ControlRequest.Ping());
        try {
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            if (JsonReader.parse(answer.get()) instanceof JsonObject object && object.longOr("pid", 0) > 0) {
                return Optional.of(object.longOr("pid", 0));
            }
            throw new IOException("the daemon's answer is not understood; try: kept restart");
        } catch (MalformedJsonException e) {
            throw new IOException("the daemon's answer is not understood; try: kept restart", e);
        }
    }

    /** Starts a supervisor with its daemon, waits for the first heartbeat, and returns the daemon's pid. */
    public long start(Path launcher) throws IOException, InterruptedException, FailedException {
        home.createDirectories();
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "supervise")
                .directory(home.directory().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(new File("/dev/null"))
                .redirectError(new File("/dev/null"));
        // The supervisor is the launcher again, which sets its own locale.
        JavaVariables.restoreLocale(builder.environment());
        Process supervisor = builder.start();
        long deadline = System.nanoTime() + START.toNanos();
        // The file's time is in whole seconds.
        Instant begun = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        while (System.nanoTime() < deadline) {
            Optional<Long> pid = heartbeatPid();
            if (pid.isPresent()) {
                return pid.get();
            }
            failIfItEndsAgain(begun);
            if (!supervisor.isAlive() && ownHolder().isEmpty()) {
                throw new FailedException(
                        supervisor.exitValue() == 2 ? 2 : 1,
                        "the daemon did not start (exit code " + supervisor.exitValue() + ")" + tail());
            }
            Thread.sleep(POLL);
        }
        throw new FailedException(
                1, "the daemon has no heartbeat after " + START.toSeconds() + " s" + tail() + "\nTry: kept stop");
    }

    /** Fails early if the daemon keeps ending after each launch; its supervisor continues all the same. */
    private void failIfItEndsAgain(Instant begun) throws FailedException {
        Optional<LastExit> end = LastExit.read(home)
                .filter(each -> !each.at().isBefore(begun))
                .filter(each -> each.launches() > 1 || each.givenUp());
        if (end.isPresent()) {
            throw new FailedException(1, end.get().sentence(Instant.now()) + tail());
        }
    }

    /** Returns the process that holds the home, if it is a daemon of it. */
    private Optional<ProcessHandle> ownHolder() {
        return InstanceLock.lastHolder(home).filter(holder -> InstanceLock.isDaemonOf(holder, home));
    }

    /**
     * Revokes the supervisor's right to launch, and returns the supervisor if it is alive. It is only waited for, not
     * ended.
     */
    private Optional<ProcessHandle> dismissSupervisor() throws IOException {
        try {
            String pid = Files.readString(home.supervisorFile()).strip();
            Files.deleteIfExists(home.supervisorFile());
            return ProcessHandle.of(Long.parseLong(pid)).filter(DaemonProcess::isSupervisor);
        } catch (NoSuchFileException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private static boolean isSupervisor(ProcessHandle process) {
        return InstanceLock.commandLine(process).contains("supervise");
    }

    /** The way in which the daemon ended. */
    public enum Ending {
        /** No daemon was running. */
        NONE_RAN,
        /** No daemon was running, and its supervisor no longer launches one. */
        NONE_IS_LAUNCHED,
        /** It ended on request. */
        ASKED,
        /** It ended on a signal. */
        SIGNAL,
        /** It had to be killed. */
        FORCE;

        /** Returns the message for people. */
        public String words() {
            return switch (this) {
                case NONE_RAN -> "Kept is not running.";
                case NONE_IS_LAUNCHED -> "Kept has stopped: it had ended unexpectedly, and is not launched again.";
                case ASKED -> "Kept has stopped.";
                case SIGNAL -> "Kept has stopped, by a signal (SIGTERM): it did not end when it was asked to.";
                case FORCE ->
                    "Kept has stopped, by force (SIGKILL): it did not end when it was asked to, nor by a signal."
                            + " What it had not copied yet it copies when it is started again.";
            };
        }
    }

    /** Makes a supervisor that waits before the next launch of the daemon launch it now. */
    public void launchNow() throws IOException {
        if (LastExit.read(home).filter(end -> end.waits(Instant.now())).isPresent()) {
            PrivateFiles.replace(home.launchNowFile(), "");
        }
    }

    /**
     * Ends the daemon and waits until it is gone: first by request, then by a signal, then by killing it. A signal is
     * sent only to a process that is known to be the daemon of this home.
     *
     * @throws FailedException if it cannot be ended, or is not known to be ours
     */
    public Ending stop() throws IOException, InterruptedException, FailedException {
        // First of all: an end by force must not look like an unexpected one.
        Optional<ProcessHandle> supervisor = dismissSupervisor();
        Optional<ProcessHandle> daemon = ownHolder();
        boolean asked = false;
        try {
            Optional<Long> answering = runningPid();
            if (answering.isPresent()) {
                daemon = ProcessHandle.of(answering.get());
                client.ask(new ControlRequest.Stop());
                asked = true;
            }
        } catch (IOException noAnswer) {
            if (daemon.isEmpty()) {
                throw noAnswer;
            }
        }
        // The supervisor may just be launching a daemon.
        while (daemon.isEmpty() && supervisor.filter(ProcessHandle::isAlive).isPresent()) {
            Thread.sleep(POLL);
            daemon = ownHolder();
        }
        if (daemon.isEmpty()) {
            return supervisor.isPresent() ? Ending.NONE_IS_LAUNCHED : Ending.NONE_RAN;
        }
        return end(daemon.get(), asked);
    }

    private Ending end(ProcessHandle daemon, boolean asked) throws InterruptedException, FailedException {
        if (asked && hasEnded(daemon, END)) {
            return Ending.ASKED;
        }
        // A daemon that does not answer may be ending by itself, or have ended.
        if (!asked && hasEnded(daemon, UNASKED)) {
            return Ending.NONE_IS_LAUNCHED;
        }
        if (!InstanceLock.isDaemonOf(daemon, home)) {
            throw new FailedException(
                    1,
                    "process " + daemon.pid() + " holds " + home.forPeople(home.directory())
                            + " and does not end; it was not started by kept start, so end it yourself: kill -9 "
                            + daemon.pid());
        }
        daemon.destroy();
        if (hasEnded(daemon, END_BY_SIGNAL)) {
            return Ending.SIGNAL;
        }
        daemon.destroyForcibly();
        if (hasEnded(daemon, END_BY_FORCE)) {
            return Ending.FORCE;
        }
        throw new FailedException(
                1,
                "the daemon (pid " + daemon.pid()
                        + ") does not end, though it was killed: it waits for a disk that does not"
                        + " answer, and ends when that does");
    }

    /**
     * Makes the daemon start again with what is allowed now, waits for its first heartbeat, and returns its new pid.
     */
    public long relaunch(long pid) throws IOException, InterruptedException, FailedException {
        client.ask(new ControlRequest.Relaunch());
        awaitEnd(pid);
        return awaitHeartbeat();
    }

    /**
     * Waits for the first heartbeat of a daemon that another process starts, and returns its pid.
     *
     * @throws FailedException if there is none in time
     */
    public long awaitHeartbeat() throws IOException, InterruptedException, FailedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Long> now = heartbeatPid();
            if (now.isPresent()) {
                return now.get();
            }
            Thread.sleep(POLL);
        }
        throw new FailedException(1, "the daemon did not start" + tail() + "\nTry: kept start");
    }

    private void awaitEnd(long pid) throws InterruptedException, FailedException {
        Optional<ProcessHandle> daemon = ProcessHandle.of(pid);
        if (daemon.isPresent() && !hasEnded(daemon.get(), END)) {
            throw new FailedException(
                    1, "the daemon (pid " + pid + ") did not end within " + END.toSeconds() + " s. Try: kept restart");
        }
    }

    private static boolean hasEnded(ProcessHandle process, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    private Optional<Long> heartbeatPid() throws IOException {
        try {
            Optional<String> answer = client.ask(new ControlRequest.Status());
            return answer.isEmpty()
                    ? Optional.empty()
                    : Optional.of(StatusJson.read(answer.get()).daemon())
                            .filter(daemon -> daemon.heartbeatAt().isPresent())
                            .map(daemon -> daemon.pid());
        } catch (MalformedJsonException | EOFException notReady) {
            return Optional.empty();
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(home.daemonOutput(), StandardCharsets.ISO_8859_1);
            List<String> last = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
            return last.isEmpty()
                    ? "; it printed nothing to " + home.forPeople(home.daemonOutput())
                    : ":\n  " + String.join("\n  ", last);
        } catch (IOException noOutput) {
            return "; there is no " + home.forPeople(home.daemonOutput());
        }
    }
}
