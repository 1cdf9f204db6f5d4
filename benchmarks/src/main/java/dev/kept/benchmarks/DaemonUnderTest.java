package dev.kept.benchmarks;

import dev.kept.config.KeptHome;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.JvmLimits;
import dev.kept.json.MalformedJsonException;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real daemon as a process of its own, in a home of its own, with the limits the launcher gives it. */
final class DaemonUnderTest implements AutoCloseable {
    /** The program: {@code -Dkept.jar}. */
    private static final String JAR = System.getProperty("kept.jar", "app/target/kept.jar");

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONGEST_IMPORT = Duration.ofMinutes(10);
    private static final long LOOK_EVERY_MS = 25;
    private static final long READS_AT_REST = 50;

    private final KeptHome home;
    private final Process process;

    private DaemonUnderTest(KeptHome home, Process process) {
        this.home = home;
        this.process = process;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param userHome stands for the person's home directory; the daemon's own is {@code .kept} in it
     * @param ceilingMb its {@code daemonMaxMemoryMb}
     * @param settings further lines of its configuration
     * @param flags further flags of its runtime
     */
    static DaemonUnderTest start(Path userHome, int ceilingMb, List<String> settings, List<String> flags)
            throws IOException, InterruptedException {
        DaemonUnderTest daemon = launch(userHome, ceilingMb, settings, flags);
        daemon.awaitAnswer();
        return daemon;
    }

    /** The same, with a program before it that becomes its process. */
    static DaemonUnderTest startBehind(List<String> prefix, Path userHome, int ceilingMb, List<String> settings)
            throws IOException, InterruptedException {
        DaemonUnderTest daemon = launch(prefix, userHome, ceilingMb, settings, List.of());
        daemon.awaitAnswer();
        return daemon;
    }

    /** Starts it and does not wait. */
    static DaemonUnderTest launch(Path userHome, int ceilingMb, List<String> settings, List<String> flags)
            throws IOException {
        return launch(List.of(), userHome, ceilingMb, settings, flags);
    }

    private static DaemonUnderTest launch(
            List<String> prefix, Path userHome, int ceilingMb, List<String> settings, List<String> flags)
            throws IOException {
        Path jar = Path.of(JAR).toAbsolutePath().normalize();
        if (!Files.exists(jar)) {
            throw new IOException(jar + " is missing; build it first: mvn -DskipTests package");
        }
        KeptHome home = new KeptHome(userHome.resolve(".kept"), userHome);
        home.createDirectories();
        Files.writeString(
                home.configFile(), "daemonMaxMemoryMb: " + ceilingMb + "\n" + String.join("\n", settings) + "\n");
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JvmLimits.flags(ceilingMb, home));
        command.addAll(flags);
        command.addAll(List.of("-cp", jar.toString(), "dev.kept.daemon.DaemonMain"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(userHome.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.daemonOutput().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("KEPT_") || name.startsWith("CLAUDE_"));
        builder.environment().put("HOME", userHome.toString());
        builder.environment().putAll(JvmLimits.environment());
        return new DaemonUnderTest(home, builder.start());
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        ControlClient client = new ControlClient(home, PATIENCE);
        while (client.ask(new ControlRequest.Ping()).isEmpty()) {
            if (!process.isAlive()) {
                throw new IOException("the daemon ended: " + output());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        }
    }

    long pid() {
        return process.pid();
    }

    KeptHome home() {
        return home;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What the process itself printed: empty unless something went badly wrong. */
    String output() throws IOException {
        return Files.exists(home.daemonOutput())
                ? Files.readString(home.daemonOutput()).strip()
                : "";
    }

    ProcessNumbers numbers() throws IOException {
        return ProcessNumbers.of(pid());
    }

    StatusReport status() throws IOException {
        return read(statusText());
    }

    /** Waits until it reads nothing any more: after a start it still looks at every source when it knows them all. */
    void awaitRest() throws IOException, InterruptedException {
        long before = -1;
        long now = numbers().readCalls();
        while (now - before > READS_AT_REST) {
            TimeUnit.SECONDS.sleep(2);
            before = now;
            now = numbers().readCalls();
        }
    }

    /** The status as it comes over the socket. */
    String statusText() throws IOException {
        String answer = new ControlClient(home, PATIENCE)
                .ask(new ControlRequest.Status())
                .orElse("");
        if (answer.isEmpty()) {
            throw new IOException("the daemon does not answer; it printed: " + output());
        }
        return answer;
    }

    /** Reads a status without its sessions: there may be ten thousand, and the daemon needs the processor more. */
    private static StatusReport read(String answer) throws IOException {
        int sessions = answer.indexOf("\"sessions\" : [");
        int problems = answer.lastIndexOf("\"problems\" : [");
        if (sessions < 0 || problems < sessions) {
            throw new IOException("no status: " + answer.substring(0, Math.min(200, answer.length())));
        }
        try {
            return StatusJson.read(answer.substring(0, sessions) + "\"sessions\" : [ ], " + answer.substring(problems));
        } catch (MalformedJsonException e) {
            throw new IOException("the status is no JSON: " + answer.substring(0, Math.min(200, answer.length())), e);
        }
    }

    /** Waits until so many files were read to their ends, twice in a row with nothing new in between. */
    StatusReport awaitImport(long files) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST_IMPORT.toNanos();
        long before = -1;
        while (System.nanoTime() < deadline) {
            StatusReport now = status();
            long records = now.providers().stream()
                    .mapToLong(StatusReport.ProviderStatus::recordsRead)
                    .sum();
            boolean done = now.imports().filesTotal() >= files && now.imports().isDone();
            if (done && records == before) {
                return now;
            }
            before = done ? records : -1;
            TimeUnit.MILLISECONDS.sleep(12 * LOOK_EVERY_MS);
        }
        throw new IOException("the import did not end within " + LONGEST_IMPORT);
    }

    /** Ends it without warning. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                process.waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
