package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.SandboxMode;
import dev.kept.sandbox.Sandbox;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built program as people run it: the script, in a home of its own. */
@Timeout(180)
class KeptLauncherIT {
    private static final String LAUNCHER = Objects.requireNonNull(System.getProperty("kept.launcher"));

    @TempDir
    private Path home;

    private String java = System.getProperty("java.home");
    private Optional<String> zone = Optional.empty();

    private record Result(int code, String out, String err) {}

    private Result kept(String... arguments) throws IOException, InterruptedException {
        Path out = home.resolve("out.txt");
        Path err = home.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(LAUNCHER), Arrays.stream(arguments))
                        .toList())
                .directory(home.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().remove("KEPT_HOME");
        builder.environment().put("KEPT_JAVA_HOME", java);
        zone.ifPresent(name -> builder.environment().put("TZ", name));
        // The sources may be newer than the jar under test, which is what Maven just built.
        builder.environment().put("KEPT_REBUILD", "no");
        Process process = builder.start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("kept ended").isTrue();
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private StatusReport status() throws Exception {
        return StatusJson.read(kept("status", "--json").out());
    }

    @AfterEach
    void stop() throws Exception {
        Path lock = home.resolve(".kept/run/lock");
        if (Files.exists(lock)) {
            kept("stop");
            Optional<ProcessHandle> left =
                    ProcessHandle.of(Long.parseLong(Files.readString(lock).strip()));
            left.ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void answersQuestionsWithoutADaemon() throws Exception {
        assertThat(kept("--version").out()).startsWith("kept 0.");
        assertThat(kept("--help").out()).contains("Examples:", "kept start --allow", "Exit codes:");
        assertThat(kept("status")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("Kept is not running. Start it with: kept start");
        });
        assertThat(kept("stop").code()).isEqualTo(3);
        assertThat(kept("strat")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err()).contains("Did you mean", "kept start");
        });
        assertThat(home.resolve(".kept")).doesNotExist();
    }

    @Test
    void refusesABadConfigurationAndStartsNothing() throws Exception {
        Path config = Files.createDirectories(home.resolve(".kept")).resolve("config.yaml");
        Files.writeString(config, "maxSessions: 5\ndaemonMaxMemoryMB: 256\n");

        for (String command : new String[] {"start", "restart", "config validate"}) {
            assertThat(kept(command.split(" ", -1))).satisfies(result -> {
                assertThat(result.code()).isEqualTo(2);
                assertThat(result.err())
                        .contains(config + ":2:1: unknown key daemonMaxMemoryMB; did you mean daemonMaxMemoryMb?");
            });
        }
        assertThat(home.resolve(".kept/run")).doesNotExist();
        assertThat(kept("status").code()).isEqualTo(3);
    }

    @Test
    void theDaemonIsConfinedWhereThatIsRequiredAndTheDoctorSaysToWhat() throws Exception {
        try {
            Sandbox.forMode(SandboxMode.REQUIRED);
        } catch (IOException e) {
            System.out.println("SANDBOX LEFT OUT: " + e.getMessage());
            Assumptions.abort("no sandbox on this machine");
        }
        Path config = Files.createDirectories(home.resolve(".kept")).resolve("config.yaml");
        Files.writeString(config, "sandbox: required\n");
        Files.createDirectories(home.resolve(".claude/projects"));
        Path work = Files.createDirectories(home.resolve("work"));

        assertThat(kept("doctor", "--sandbox").out()).contains("not running, so nothing is in force");
        assertThat(kept("start"))
                .satisfies(result -> assertThat(result.code()).as(result.err()).isZero());
        assertThat(status().daemon().sandbox()).matches("landlock \\d+ \\+ seccomp");
        assertThat(kept("allow", work.toString()).code()).isZero();
        assertThat(kept("doctor", "--sandbox")).satisfies(result -> {
            assertThat(result.code()).as(result.out()).isZero();
            assertThat(result.out())
                    .containsPattern("required in the configuration; landlock \\d+ \\+ seccomp in force in the daemon")
                    .containsPattern("read  +~/.claude/projects  – session files of an agent\\n")
                    .containsPattern("read and write  ~/work  – allowed for recordings\\n")
                    .containsPattern("read and write  ~/.kept/tapes  – Kept's own files\\n")
                    .containsPattern("~/.config/claude/projects .*not there")
                    .doesNotContain("not in force yet");
        });
        // The jar's copy, from which it runs, and what the supervisor made are private too.
        try (Stream<Path> all = Files.walk(home.resolve(".kept"))) {
            for (Path path : all.filter(each -> !each.equals(config)).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void startsAllowsAndStops() throws Exception {
        Path notes = Files.createDirectories(home.resolve("notes"));
        Path work = Files.createDirectories(home.resolve("my work"));

        assertThat(kept("start", "--allow", notes.toString())).satisfies(result -> {
            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("Kept is running (pid ", "Recordings may be written to ~/.kept/recordings, ~/notes.");
        });
        StatusReport first = status();
        assertThat(first.daemon().running()).isTrue();
        assertThat(first.daemon().heartbeatAt()).isPresent();
        assertThat(first.daemon().sandbox()).isNotEmpty();
        assertThat(first.memory().daemonMaxMemoryBytes()).isEqualTo(128L * 1024 * 1024);

        assertThat(kept("start")).satisfies(result -> {
            assertThat(result.code()).isZero();
            assertThat(result.out())
                    .contains("already running (pid " + first.daemon().pid() + ")");
        });
        assertThat(kept("status").out())
                .contains("is running for", "pid " + first.daemon().pid(), "Memory  ");

        assertThat(kept("allow", work.toString())).satisfies(result -> {
            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("Recordings may now be written below ~/my work.", "The daemon runs with it");
        });
        StatusReport second = status();
        assertThat(second.daemon().pid()).isNotEqualTo(first.daemon().pid());
        assertThat(kept("allow", "--list").out()).isEqualTo("~/.kept/recordings  (always)\n~/notes\n~/my work\n");
        assertThat(kept("allow", "nowhere").code()).isEqualTo(2);
        assertThat(Files.readString(home.resolve(".kept/logs/security-audit.jsonl")))
                .contains("directory.allowed", work.toString());

        assertThat(kept("stop")).satisfies(result -> {
            assertThat(result.code()).isZero();
            assertThat(result.out()).contains("Kept has stopped.");
        });
        assertThat(ProcessHandle.of(second.daemon().pid())).isEmpty();
        assertThat(kept("status")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("Kept has not been running since ");
        });
    }

    @Test
    void aKilledDaemonCanBeStartedAtOnceAndTheStartSaysHowItEnded() throws Exception {
        assertThat(kept("start").out()).contains("only to ~/.kept/recordings", "kept allow DIR");
        ProcessHandle daemon = ProcessHandle.of(status().daemon().pid()).orElseThrow();
        daemon.destroyForcibly();
        daemon.onExit().get(10, TimeUnit.SECONDS);

        // Its supervisor waits for a second before it launches it again, and may have done so already.
        Result stopped = kept("stop");
        assertThat(stopped.out()).startsWith("Kept has stopped");
        assertThat(kept("status").code()).isEqualTo(3);
        Result again = kept("start");
        long pid = status().daemon().pid();
        assertThat(pid).isNotEqualTo(daemon.pid());
        assertThat(again.code()).isZero();
        assertThat(again.err()).isEmpty();
        assertThat(again.out())
                .startsWith("Kept is running (pid " + pid + "). It keeps your conversations in ~/.kept.\n")
                .contains("only to ~/.kept/recordings", "kept allow DIR")
                .contains("See what it holds with: kept status\nKept ended unexpectedly at ", ": ended by SIGKILL; ");
        Path out = Path.of("/proc/" + pid + "/fd/1");
        if (Files.exists(out)) {
            // Not the pipe of the start: nothing, or, of one that its supervisor launched again, where it says what is
            // wrong.
            assertThat(out.toRealPath().toString()).matches("/dev/null|.*/logs/daemon\\.out");
        }
    }

    @Test
    void aLaterStartLaunchesOneDaemonToo() throws Exception {
        for (int starts = 1; starts <= 3; starts++) {
            assertThat(kept("start")).satisfies(result -> {
                assertThat(result.code()).as(result.err()).isZero();
                assertThat(result.out()).startsWith("Kept is running");
            });
            assertThat(kept("stop").code()).isZero();
            assertThat(Files.readAllLines(home.resolve(".kept/logs/operational.jsonl")))
                    .filteredOn(line -> line.contains("\"daemon.started\""))
                    .hasSize(starts);
        }
    }

    @Test
    void aHomeThatRanBeforeIsRefusedABadConfigurationToo() throws Exception {
        assertThat(kept("start").code()).isZero();
        assertThat(kept("stop").code()).isZero();
        Files.writeString(home.resolve(".kept/config.yaml"), "daemonMaxMemoryMB: 256\n");

        assertThat(kept("start")).satisfies(result -> {
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).contains("config.yaml:1:1: unknown key daemonMaxMemoryMB; did you mean");
        });
        assertThat(kept("status").code()).isEqualTo(3);
    }

    @Test
    void aDaemonThatRunsButDoesNotTellIsFoundAndTheScriptSaysWhy() throws Exception {
        assertThat(kept("start").code()).isZero();
        assertThat(kept("stop").code()).isZero();
        // A program of before the telling: it does not know the wish.
        Path older = Files.createDirectories(home.resolve("jdk/bin")).resolve("java");
        Files.writeString(older, "#!/bin/sh\nunset KEPT_TELL\nexec '" + java + "/bin/java' \"$@\"\n");
        Files.setPosixFilePermissions(older, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        java = home.resolve("jdk").toString();

        assertThat(kept("start")).satisfies(result -> {
            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.out())
                    .isEqualTo(
                            "Kept is already running (pid " + status().daemon().pid() + ").\n");
            assertThat(result.err())
                    .contains("were older than this script", "run kept restart without KEPT_REBUILD=no");
        });
    }

    /** Java looks through all jars for time zones, unless it needs none; confined, it can open none any more. */
    @Test
    void startsWhereTheClockShowsUniversalTime() throws Exception {
        zone = Optional.of("UTC");
        assertThat(kept("start")).satisfies(result -> {
            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.out()).startsWith("Kept is running");
        });
    }
}
