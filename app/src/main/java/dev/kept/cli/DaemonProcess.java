package dev.kept.cli;

import dev.kept.config.KeptHome;
import dev.kept.daemon.ControlClient;
import dev.kept.daemon.ControlRequest;
import dev.kept.daemon.InstanceLock;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import dev.kept.status.StatusJson;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Starts, ends and relaunches the daemon of a home, and waits until that has happened. */
final class DaemonProcess {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int SHOWN_LINES = 15;

    private final KeptHome home;
    private final ControlClient client;

    DaemonProcess(KeptHome home) {
        this.home = home;
        this.client = new ControlClient(home, Duration.ofSeconds(10));
    }

    /** The daemon ended, or did not begin, when it should not have. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int exitCode;

        FailedException(int exitCode, String message) {
            super(message);
            this.exitCode = exitCode;
        }

        /** What this means for the command line's own exit code. */
        int exitCode() {
            return exitCode;
        }
    }

    /** The pid of the daemon that answers. */
    Optional<Long> runningPid() throws IOException {
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

    /** Starts a supervisor with its daemon, and waits for the first heartbeat; the daemon's pid. */
    long start(Path launcher) throws IOException, InterruptedException, FailedException {
        home.createDirectories();
        Process supervisor = new ProcessBuilder(launcher.toString(), "supervise")
                .directory(home.directory().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(new File("/dev/null"))
                .redirectError(new File("/dev/null"))
                .start();
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Long> pid = heartbeatPid();
            if (pid.isPresent()) {
                return pid.get();
            }
            if (!supervisor.isAlive()) {
                throw new FailedException(
                        supervisor.exitValue() == 2 ? 2 : 1,
                        "the daemon did not start (exit code " + supervisor.exitValue() + ")" + tail());
            }
            Thread.sleep(POLL);
        }
        throw new FailedException(
                1, "the daemon has no heartbeat after " + START.toSeconds() + " s" + tail() + "\nTry: kept stop");
    }

    /**
     * Ends the daemon and waits until it is gone; false if none ran.
     *
     * @throws FailedException if it does not end in time
     */
    boolean stop() throws IOException, InterruptedException, FailedException {
        Optional<Long> pid;
        try {
            pid = runningPid();
            if (pid.isPresent()) {
                client.ask(new ControlRequest.Stop());
            }
        } catch (IOException noAnswer) {
            // It listens but cannot answer: the lock says which process it is, and a signal ends it in order too.
            Optional<ProcessHandle> holder = InstanceLock.lastHolder(home).filter(DaemonProcess::isJava);
            if (holder.isEmpty()) {
                throw noAnswer;
            }
            holder.get().destroy();
            pid = Optional.of(holder.get().pid());
        }
        if (pid.isEmpty()) {
            Optional<ProcessHandle> holder = InstanceLock.lastHolder(home);
            if (holder.isPresent() && isJava(holder.get())) {
                throw new FailedException(
                        1,
                        "process " + holder.get().pid() + " holds " + home.forPeople(home.directory())
                                + " but does not answer; if it is not just starting, end it with: kill "
                                + holder.get().pid());
            }
            return false;
        }
        awaitEnd(pid.get());
        return true;
    }

    /** Makes the daemon start again with what is allowed now, and waits for its first heartbeat; its new pid. */
    long relaunch(long pid) throws IOException, InterruptedException, FailedException {
        client.ask(new ControlRequest.Relaunch());
        awaitEnd(pid);
        return awaitHeartbeat();
    }

    /**
     * Waits for the first heartbeat of a daemon that somebody else starts; its pid.
     *
     * @throws FailedException if there is none in time
     */
    long awaitHeartbeat() throws IOException, InterruptedException, FailedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Long> now = heartbeatPid();
            if (now.isPresent()) {
                return now.get();
            }
            Thread.sleep(POLL);
        }
        throw new FailedException(1, "the daemon did not come" + tail() + "\nTry: kept start");
    }

    private void awaitEnd(long pid) throws InterruptedException, FailedException {
        long deadline = System.nanoTime() + END.toNanos();
        while (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new FailedException(
                        1,
                        "the daemon (pid " + pid + ") did not end within " + END.toSeconds()
                                + " s; it may still be writing. To end it at once: kill -9 " + pid);
            }
            Thread.sleep(POLL);
        }
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

    /** The pid in the lock file may by now be another program's. */
    private static boolean isJava(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("java"))
                .isPresent();
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(home.daemonOutput(), StandardCharsets.ISO_8859_1);
            List<String> last = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
            return last.isEmpty()
                    ? "; it said nothing in " + home.forPeople(home.daemonOutput())
                    : ":\n  " + String.join("\n  ", last);
        } catch (IOException noOutput) {
            return "; there is no " + home.forPeople(home.daemonOutput());
        }
    }
}
