package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import dev.kept.config.SandboxMode;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.ExitCode;
import dev.kept.daemon.launch.Launch;
import dev.kept.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * The real daemon as it is launched: {@link Launch} reads the configuration, confines itself and becomes the daemon; a
 * loop as the script's launches it again when it asks for that. Its home and sessions are those of a {@link
 * DaemonHarness}.
 */
final class SupervisedDaemon implements AutoCloseable {
    private final DaemonHarness harness;
    private final Map<String, String> variables = new HashMap<>();
    private final List<Integer> exitCodes = Collections.synchronizedList(new ArrayList<>());
    private final List<String> prefix;
    private volatile boolean ending;
    private volatile Optional<Process> process = Optional.empty();
    private Optional<Thread> supervisor = Optional.empty();

    /** @param prefix a program that becomes the launching process, with its arguments; none: nothing between */
    SupervisedDaemon(Path temporary, String... prefix) throws IOException {
        this.harness = new DaemonHarness(temporary);
        this.prefix = List.of(prefix);
    }

    /** Skips the test, loudly, where the kernel has no Landlock or no seccomp. */
    static void assumeSandbox() {
        try {
            Sandbox.forMode(SandboxMode.REQUIRED);
        } catch (IOException e) {
            System.out.println("SANDBOX LEFT OUT: " + e.getMessage());
            Assumptions.abort("no sandbox on this machine");
        }
    }

    DaemonHarness harness() {
        return harness;
    }

    KeptHome home() {
        return harness.home();
    }

    SupervisedDaemon with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /** Starts it, and waits until it answers. */
    SupervisedDaemon start() throws IOException {
        process = Optional.of(launch());
        supervisor = Optional.of(Thread.ofPlatform().daemon().start(this::supervise));
        harness.eventually(() -> assertThat(harness.status().daemon().running()).isTrue());
        return this;
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Launch.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home().userHome().resolveSibling("daemon.err").toFile()));
        builder.environment().clear();
        builder.environment().put("HOME", home().userHome().toString());
        builder.environment().put(KeptHome.VARIABLE, home().directory().toString());
        builder.environment().putAll(variables);
        return builder.start();
    }

    private void supervise() {
        try {
            while (true) {
                int code = process.orElseThrow().waitFor();
                exitCodes.add(code);
                if (code != ExitCode.RELAUNCH || ending) {
                    return;
                }
                process = Optional.of(launch());
            }
        } catch (IOException | InterruptedException e) {
            exitCodes.add(-1);
        }
    }

    /** Runs it to an end that is expected before it answers anything; its exit code. */
    int run() throws IOException, InterruptedException {
        process = Optional.of(launch());
        return process.get().waitFor();
    }

    long pid() {
        return process.orElseThrow().pid();
    }

    /** How its processes ended so far. */
    List<Integer> exitCodes() {
        return List.copyOf(exitCodes);
    }

    /** Asks it to start anew, as {@code kept allow} does. */
    void relaunch() throws IOException {
        new ControlClient(home(), Duration.ofSeconds(10)).ask(new ControlRequest.Relaunch());
    }

    @Override
    public void close() throws IOException {
        ending = true;
        process.ifPresent(Process::destroyForcibly);
        try {
            if (process.isPresent()) {
                process.get().waitFor();
            }
            if (supervisor.isPresent()) {
                supervisor.get().join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        harness.close();
    }
}
