package dev.kept.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.Problem;
import dev.kept.tape.ReadingMarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built program whose daemon is ended, stopped or made to fail: it keeps again, or says that it does not. */
@Timeout(300)
class AliveIT {
    private static final String SESSION = "aaaaaaaa-0000-4000-8000-000000000001";
    private static final String OTHER = "bbbbbbbb-0000-4000-8000-000000000002";

    @TempDir
    private Path home;

    private KeptProcess kept;
    private Path work;

    @BeforeEach
    void start() throws Exception {
        kept = new KeptProcess(home);
        work = Files.createDirectories(kept.home().resolve("work"));
        kept.person(SESSION, work, "Hello.");
        kept.run("init");
        kept.done("start");
    }

    @AfterEach
    void stop() throws IOException {
        kept.close();
    }

    private StatusReport status() throws Exception {
        return StatusJson.read(kept.run("status", "--json").out());
    }

    private long pid() throws Exception {
        StatusReport report = status();
        assertThat(report.daemon().running()).isTrue();
        return report.daemon().pid();
    }

    private void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private List<String> codes() throws Exception {
        return status().problems().stream().map(Problem::code).toList();
    }

    private Path ownFile(String path) {
        return kept.home().resolve(".kept").resolve(path);
    }

    private byte[] onTape(String session) throws IOException {
        try (Stream<Path> tapes = Files.list(ownFile("tapes/claude"))) {
            Path tape = tapes.filter(each -> each.getFileName().toString().startsWith(session))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllBytes(tape.resolve("0001.jsonl"));
        }
    }

    private void awaitOnTape(String session) {
        KeptProcess.eventually(() -> assertThat(onTape(session)).isEqualTo(Files.readAllBytes(kept.source(session))));
    }

    /** Launched again, and answering. */
    private long awaitAnotherThan(long pid) throws Exception {
        KeptProcess.eventually(() -> assertThat(pid()).isNotEqualTo(pid));
        return pid();
    }

    @Test
    void aDaemonThatIsKilledIsLaunchedAgainAndEveryPlaceSaysSo() throws Exception {
        long first = pid();
        signal("KILL", first);
        kept.person(SESSION, work, "Said while nobody was there.");
        awaitAnotherThan(first);
        awaitOnTape(SESSION);
        assertThat(kept.run("status").out())
                .contains("Kept ended unexpectedly at ", "ended by SIGKILL; launched again, 1 of 5", "[daemon.ended]");
        assertThat(kept.run("doctor").out()).contains("–   Kept ended unexpectedly at ");
        assertThat(kept.done("start")).contains("Kept is already running", "launched again, 1 of 5");
    }

    @Test
    void aDaemonThatDoesNotEndIsEndedByForceAndNotLaunchedAgain() throws Exception {
        long pid = pid();
        signal("STOP", pid);
        String said = kept.done("stop");
        assertThat(said).startsWith("Kept has stopped, by force (SIGKILL)");
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(ownFile("run/supervisor.pid")).doesNotExist();
        assertThat(ownFile("logs/last-end")).doesNotExist();
        assertThat(kept.run("status").code()).isEqualTo(3);
        assertThat(kept.run("stop").out()).isEqualTo("Kept is not running.\n");
    }

    @Test
    void aDaemonThatIsKilledWhileItIsAskedToEndHasStopped() throws Exception {
        long pid = pid();
        signal("STOP", pid);
        Path said = kept.home().resolve("said");
        Process stop = kept.builder("stop")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        KeptProcess.eventually(() -> assertThat(ownFile("run/supervisor.pid")).doesNotExist());
        signal("KILL", pid);
        assertThat(stop.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(said)).startsWith("Kept has stopped: it had ended unexpectedly");
        assertThat(stop.exitValue()).isZero();
        assertThat(kept.run("status").code()).isEqualTo(3);
    }

    @Test
    void anotherPersonsProcessIsNeverEnded() throws Exception {
        kept.done("stop");
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(ownFile("run/lock"), other.pid() + "\n");
            Files.writeString(ownFile("run/daemon.pid"), other.pid() + "\n");
            Files.writeString(ownFile("run/supervisor.pid"), other.pid() + "\n");
            assertThat(kept.run("stop").out()).isEqualTo("Kept is not running.\n");
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private boolean isRead(String session) throws IOException {
        return ReadingMarks.read(ownFile("state/reading")).values().stream().anyMatch(tape -> tape.contains(session));
    }

    /** Stops the daemon in the moment in which it reads that session, and has it end there. */
    private void dieWhileReading(String session) throws Exception {
        long pid = pid();
        boolean caught = false;
        while (!caught) {
            for (int i = 0; i < 600; i++) {
                kept.agent(session, work, "x".repeat(20_000));
            }
            for (int i = 0; i < 400 && !caught; i++) {
                signal("STOP", pid);
                caught = isRead(session);
                if (caught) {
                    // The signal reaches its threads a moment later.
                    TimeUnit.MILLISECONDS.sleep(100);
                    caught = isRead(session);
                }
                if (!caught) {
                    signal("CONT", pid);
                }
            }
        }
        Path end = ownFile("logs/last-end");
        String before = Files.exists(end) ? Files.readString(end) : "";
        signal("KILL", pid);
        KeptProcess.eventually(() -> assertThat(Files.exists(end) ? Files.readString(end) : "")
                .contains("code=137")
                .isNotEqualTo(before));
        // SIGKILL is what ends it at once; that it was for want of memory, only its supervisor says. It launches 1 s
        // later.
        Files.writeString(end, Files.readString(end).replace("code=137", "code=3"));
        awaitAnotherThan(pid);
    }

    @Test
    void aSourceThatTookItDownTwiceIsSetAsideAndAllOthersGoOn() throws Exception {
        awaitOnTape(SESSION);
        dieWhileReading(SESSION);
        assertThat(codes()).doesNotContain("session.set-aside");
        dieWhileReading(SESSION);
        Problem problem = status().problems().stream()
                .filter(each -> each.code().equals("session.set-aside"))
                .findFirst()
                .orElseThrow();
        assertThat(problem.message()).contains("ended 2 times", "~/.claude/projects/-work/" + SESSION + ".jsonl");
        assertThat(kept.run("doctor").out()).contains("!!  sessions.aside: ", "→ " + problem.remedy());

        kept.person(SESSION, work, "Is this still kept?");
        kept.person(OTHER, work, "And this?");
        awaitOnTape(SESSION);
        awaitOnTape(OTHER);
        KeptProcess.eventually(() -> assertThat(status().sessions())
                .anyMatch(each -> each.sessionId().equals(OTHER)));
        long events = eventsOf(SESSION);

        String[] remedy = problem.remedy().split(" ", -1);
        assertThat(remedy[0]).isEqualTo("kept");
        assertThat(kept.done(List.of(remedy).subList(1, remedy.length).toArray(String[]::new)))
                .contains(
                        "To be read again: ~/.claude/projects/-work/" + SESSION + ".jsonl", "The daemon runs with it");
        assertThat(codes()).doesNotContain("session.set-aside");
        KeptProcess.eventually(() -> assertThat(eventsOf(SESSION)).isGreaterThan(events));
    }

    private long eventsOf(String session) throws Exception {
        return status().sessions().stream()
                .filter(each -> each.sessionId().equals(session))
                .mapToLong(StatusReport.SessionStatus::eventCount)
                .sum();
    }

    /** Skips the test, loudly, where no system call of another process can be made to fail. */
    private static void assumeInjection() throws Exception {
        String why = "";
        try {
            Process tried = new ProcessBuilder(
                            "strace", "-qq", "-e", "trace=none", "-e", "inject=sync:error=EIO", "true")
                    .redirectErrorStream(true)
                    .start();
            why = new String(tried.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (tried.waitFor() == 0) {
                return;
            }
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
        System.out.println("FAULTS LEFT OUT: strace cannot be used here: " + why.strip());
        Assumptions.abort("no strace");
    }

    @Test
    void readsThatFailEndTheDaemonOrNothingAndAllIsKept() throws Exception {
        assumeInjection();
        kept.person(SESSION, work, "::capture note.md");
        kept.agent(SESSION, work, "Yes.");
        awaitOnTape(SESSION);
        for (int round = 0; round < 2; round++) {
            long pid = pid();
            Process strace = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-q",
                            "-o",
                            "/dev/null",
                            "-p",
                            Long.toString(pid),
                            "-e",
                            "trace=read,pread64",
                            "-e",
                            "inject=read,pread64:error=EIO:when=1..6")
                    .start();
            try {
                for (int i = 0; i < 10; i++) {
                    kept.agent(SESSION, work, "Round " + round + ", line " + i + ".");
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            } finally {
                strace.destroy();
                strace.waitFor();
            }
            KeptProcess.eventually(() -> assertThat(pid()).isPositive());
        }
        awaitOnTape(SESSION);
        assertThat(kept.done("stop")).startsWith("Kept has stopped");
    }
}
