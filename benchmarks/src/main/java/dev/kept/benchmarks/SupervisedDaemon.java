package dev.kept.benchmarks;

import dev.kept.config.KeptHome;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.LastExit;
import dev.kept.json.MalformedJsonException;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The daemon as people have it: launched, confined and supervised by the launcher, in a home of its own. What ends it
 * is seen by its supervisor, which launches it again or says why not.
 */
final class SupervisedDaemon implements AutoCloseable {
    private static final Path LAUNCHER = Path.of(System.getProperty("kept.jar", "app/target/kept.jar"))
            .toAbsolutePath()
            .normalize()
            .resolve("../../../kept")
            .normalize();

    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration START = Duration.ofSeconds(60);
    private static final long END_SECONDS = 40;
    private static final long LOOK_EVERY_MS = 20;

    private final KeptHome home;
    private final Process supervisor;
    private final Instant since = Instant.now().minusSeconds(1);

    private SupervisedDaemon(KeptHome home, Process supervisor) {
        this.home = home;
        this.supervisor = supervisor;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param userHome stands for the person's home directory; the daemon's own is {@code .kept} in it
     */
    static SupervisedDaemon start(Path userHome, List<String> settings) throws IOException, InterruptedException {
        KeptHome home = new KeptHome(userHome.resolve(".kept"), userHome);
        home.createDirectories();
        Files.writeString(home.configFile(), String.join("\n", settings) + "\n");
        ProcessBuilder builder = launcher(userHome, "supervise")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // It stays a child of this process.
        builder.environment().put("KEPT_SUPERVISED", "yes");
        SupervisedDaemon daemon = new SupervisedDaemon(home, builder.start());
        if (daemon.awaitAnother(-1).isEmpty()) {
            daemon.close();
            throw new IOException("the daemon did not start: " + Files.readString(home.daemonOutput()));
        }
        return daemon;
    }

    private static ProcessBuilder launcher(Path userHome, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString())
                .directory(userHome.toFile())
                .redirectInput(new File("/dev/null"));
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("KEPT_") || name.startsWith("CLAUDE_"));
        builder.environment().put("HOME", userHome.toString());
        builder.environment().put("KEPT_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("KEPT_REBUILD", "no");
        return builder;
    }

    /** Has a command of Kept's run; its exit code, or empty if it does not end in time. */
    Optional<Integer> command(Duration within, String... arguments) throws IOException, InterruptedException {
        Process command = launcher(home.userHome(), arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (command.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            return Optional.of(command.exitValue());
        }
        command.destroyForcibly().waitFor();
        return Optional.empty();
    }

    /** The process that has the home now, or had it last; -1 for none. */
    long pid() {
        try {
            return Long.parseLong(Files.readString(home.pidFile()).strip());
        } catch (IOException | NumberFormatException none) {
            return -1;
        }
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Waits for a daemon that answers and is another process than that one; empty if there is none in time. */
    Optional<Long> awaitAnother(long pid) throws InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() - end < 0 && supervisor.isAlive()) {
            long now = pid();
            if (now != pid && isAlive(now) && answers()) {
                return Optional.of(now);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        }
        return Optional.empty();
    }

    /** Whether it answers a ping in time. */
    boolean answers() {
        return ask(new ControlRequest.Ping()).isPresent();
    }

    /** Its answer; empty for none in time. */
    Optional<String> ask(ControlRequest request) {
        try {
            return new ControlClient(home, ANSWER).ask(request);
        } catch (IOException noAnswer) {
            return Optional.empty();
        }
    }

    /** The codes of what it says is wrong, that of an unexpected end among them. */
    List<String> problems() {
        try {
            return StatusJson.read(ask(new ControlRequest.Status()).orElse("")).problems().stream()
                    .map(StatusReport.Problem::code)
                    .toList();
        } catch (MalformedJsonException noAnswer) {
            return List.of();
        }
    }

    /** How it ended when nobody had asked for it, as its supervisor wrote it down. */
    Optional<LastExit> lastEnd() {
        return LastExit.read(home).filter(end -> end.at().isAfter(since));
    }

    /** How its supervisor ended; empty while it supervises. */
    Optional<Integer> supervisorEnded() {
        return supervisor.isAlive() ? Optional.empty() : Optional.of(supervisor.exitValue());
    }

    /** Ends it in order by SIGTERM; says whether that worked in time, or else ends it by force. */
    boolean end() throws InterruptedException {
        long pid = pid();
        supervisor.destroy();
        boolean inOrder = supervisor.waitFor(END_SECONDS, TimeUnit.SECONDS);
        if (!inOrder) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            supervisor.destroyForcibly().waitFor();
        }
        return inOrder;
    }

    @Override
    public void close() throws IOException {
        try {
            end();
        } catch (InterruptedException e) {
            supervisor.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
