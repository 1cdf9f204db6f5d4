package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the operating system denies to the daemon's process, or does to it: said, and nothing lost. */
@Timeout(120)
class ProcessFaultsTest {
    /** More than the queue of reports holds on most systems (fs.inotify.max_queued_events). */
    private static final int MANY_REPORTS = 20_000;

    @TempDir
    private Path temporary;

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0)
                .as(String.join(" ", command))
                .isTrue();
    }

    private static void limitDescriptors(Process process, String most) throws IOException, InterruptedException {
        run("prlimit", "--pid", Long.toString(process.pid()), "--nofile=" + most + ":");
    }

    private static void assumeProgram(String program) {
        boolean there = Stream.of("/bin", "/usr/bin", "/sbin", "/usr/sbin")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!there) {
            System.out.println("FAULTS LEFT OUT: there is no program " + program);
        }
        Assumptions.assumeTrue(there);
    }

    private static void assertOnTape(DaemonHarness daemon, ClaudeSession session) {
        daemon.eventually(
                () -> assertThat(daemon.onTape(session.file())).isEqualTo(Files.readAllBytes(session.file())));
    }

    @Test
    void withoutDescriptorsNothingIsLostAndItGoesOnWhenThereAreSome() throws Exception {
        assumeProgram("prlimit");
        try (DaemonHarness daemon = new DaemonHarness(temporary).fromJars().start()) {
            ClaudeSession session = daemon.session("few");
            session.personSays();
            session.person("::capture few.md");
            daemon.awaitTurns(daemon.work().resolve("few.md"), session.turns());
            limitDescriptors(daemon.process(), "8");
            ClaudeSession born = daemon.session("born");
            born.personSays();
            for (int i = 0; i < 20; i++) {
                session.agentSays();
                Thread.sleep(20);
            }
            limitDescriptors(daemon.process(), "1000");
            session.agentSays();
            born.agentSays();
            daemon.awaitTurns(daemon.work().resolve("few.md"), session.turns());
            assertOnTape(daemon, session);
            assertOnTape(daemon, born);
        }
    }

    @Test
    void withFewDescriptorsManySessionsAreFollowedWithoutAProblem() throws Exception {
        assumeProgram("prlimit");
        try (DaemonHarness daemon = new DaemonHarness(
                        temporary, List.of("prlimit", "--nofile=64:64"), UnaryOperator.identity())
                .fromJars()) {
            List<ClaudeSession> sessions = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                ClaudeSession session = daemon.session("few" + i);
                session.personSays();
                sessions.add(session);
            }
            daemon.start();
            for (ClaudeSession each : sessions) {
                each.agentSays();
            }
            for (ClaudeSession each : sessions) {
                assertOnTape(daemon, each);
            }
            assertThat(daemon.problems()).isEmpty();
        }
    }

    @Test
    void aClientThatWaitsWhileThereAreNoDescriptorsCostsNoProcessorTime() throws Exception {
        assumeProgram("prlimit");
        try (DaemonHarness daemon = new DaemonHarness(temporary).fromJars().start()) {
            assertThat(daemon.status().daemon().running()).isTrue();
            limitDescriptors(daemon.process(), "8");
            Thread asks = Thread.ofPlatform().daemon().start(() -> {
                try {
                    daemon.status();
                } catch (IOException e) {
                    // Its patience ended.
                }
            });
            Thread.sleep(200);
            long before = processorMs(daemon.process());
            Thread.sleep(1_500);
            assertThat(processorMs(daemon.process()) - before).isLessThan(500);
            limitDescriptors(daemon.process(), "1000");
            asks.join();
            assertThat(daemon.status().daemon().running()).isTrue();
        }
    }

    private static long processorMs(Process process) {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }

    @Test
    void aStoppedDaemonWhoseReportsOverflowFindsAllOfItWhenItGoesOn() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary).start()) {
            ClaudeSession session = daemon.session("stop");
            session.personSays();
            session.person("::capture stop.md");
            daemon.awaitTurns(daemon.work().resolve("stop.md"), session.turns());
            String pid = Long.toString(daemon.process().pid());
            run("kill", "-STOP", pid);
            Path one = session.file().resolveSibling("one.txt");
            Path two = session.file().resolveSibling("two.txt");
            for (int i = 0; i < MANY_REPORTS / 2; i++) {
                // Equal reports that follow each other are one.
                Files.writeString(one, "");
                Files.writeString(two, "");
            }
            session.personSays();
            session.agentSays();
            ClaudeSession born = daemon.session("born");
            born.person("Said " + born.turn() + "\n\n::capture born.md");
            born.agentSays();
            run("kill", "-CONT", pid);
            daemon.awaitTurns(daemon.work().resolve("stop.md"), session.turns());
            daemon.awaitTurns(daemon.work().resolve("born.md"), born.turns());
            assertOnTape(daemon, born);
        }
    }

    /** A daemon in a user namespace of its own with a limit set there. */
    private DaemonHarness limited(String limit, int value) throws IOException, InterruptedException {
        String file = "/proc/sys/user/" + limit;
        String[] inside = {"unshare", "--user", "--map-root-user", "sh", "-c"};
        List<String> test = new ArrayList<>(List.of(inside));
        test.add("echo " + value + " > " + file);
        boolean may;
        try {
            Process tried = new ProcessBuilder(test).redirectErrorStream(true).start();
            may = tried.waitFor() == 0;
        } catch (IOException e) {
            may = false;
        }
        if (!may) {
            System.out.println("FAULTS LEFT OUT: " + file + " cannot be set in a namespace here");
        }
        Assumptions.assumeTrue(may);
        List<String> prefix = new ArrayList<>(List.of(inside));
        prefix.addAll(List.of("echo " + value + " > " + file + " && exec \"$@\"", "sh"));
        return new DaemonHarness(temporary, prefix, UnaryOperator.identity());
    }

    @Test
    void withoutAnyReportsItStartsSaysSoAndKeepsWhatTheSweepFinds() throws Exception {
        try (DaemonHarness daemon = limited("max_inotify_instances", 0)) {
            ClaudeSession session = daemon.session("blind");
            session.personSays();
            daemon.start();
            assertOnTape(daemon, session);
            daemon.eventually(() -> assertThat(daemon.problems())
                    .anySatisfy(problem ->
                            assertThat(problem).startsWith("watch.limit").contains("max_user_instances")));
        }
    }

    @Test
    void withTooFewWatchesItSaysSoAndKeepsWhatTheSweepFinds() throws Exception {
        try (DaemonHarness daemon = limited("max_inotify_watches", 1)) {
            ClaudeSession session = daemon.session("short");
            session.personSays();
            daemon.start();
            assertOnTape(daemon, session);
            daemon.eventually(() -> assertThat(daemon.problems())
                    .anySatisfy(problem ->
                            assertThat(problem).startsWith("watch.limit").contains("max_user_watches")));
        }
    }

    /** A daemon that rights bind, whoever runs the tests. */
    private DaemonHarness bound() throws IOException {
        boolean root = ProcessHandle.current().info().user().orElse("").equals("root");
        if (!root) {
            return new DaemonHarness(temporary);
        }
        assumeProgram("setpriv");
        return new DaemonHarness(
                temporary,
                List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", "--"),
                UnaryOperator.identity());
    }

    private static void rights(Path path, String rights) throws IOException {
        Set<PosixFilePermission> set = PosixFilePermissions.fromString(rights);
        Files.setPosixFilePermissions(path, set);
    }

    @Test
    void aRootThatMayNotBeReadAnyMoreIsSaidAndFollowedAgainWhenItMay() throws Exception {
        try (DaemonHarness daemon = bound().start()) {
            ClaudeSession session = daemon.session("lost");
            session.personSays();
            session.person("::capture lost.md");
            daemon.awaitTurns(daemon.work().resolve("lost.md"), session.turns());
            rights(session.file(), "---------");
            session.agentSays();
            daemon.eventually(() -> assertThat(daemon.problems())
                    .anySatisfy(problem -> assertThat(problem).startsWith("source.unreadable")));
            rights(session.file(), "rw-------");
            session.agentSays();
            daemon.awaitTurns(daemon.work().resolve("lost.md"), session.turns());

            Path folder = Optional.ofNullable(session.file().getParent()).orElseThrow();
            rights(folder, "---------");
            daemon.eventually(() -> {
                session.personSays();
                assertThat(daemon.problems())
                        .anySatisfy(problem -> assertThat(problem).startsWith("source.unreadable"));
            });
            rights(folder, "rwx------");
            session.agentSays();
            daemon.awaitTurns(daemon.work().resolve("lost.md"), session.turns());
            assertOnTape(daemon, session);
        }
    }

    @Test
    void aNoteThatMayNotBeWrittenAnyMoreIsSaidAndGoesOnWhenItMay() throws Exception {
        try (DaemonHarness daemon = bound().start()) {
            ClaudeSession session = daemon.session("note");
            Path note = daemon.work().resolve("note.md");
            session.personSays();
            session.person("::capture note.md");
            daemon.awaitTurns(note, session.turns());
            rights(note, "r--r--r--");
            session.agentSays();
            daemon.eventually(() -> assertThat(daemon.problems())
                    .anySatisfy(problem -> assertThat(problem).contains("note.md")));
            rights(note, "rw-------");
            session.personSays();
            daemon.awaitTurns(note, session.turns());
            rights(daemon.work(), "---------");
            session.agentSays();
            daemon.eventually(() -> assertThat(daemon.problems())
                    .anySatisfy(problem -> assertThat(problem).contains("note.md")));
            rights(daemon.work(), "rwx------");
            daemon.awaitTurns(note, session.turns());
            daemon.eventually(() -> assertThat(daemon.problems()).isEmpty());
        }
    }

    @Test
    void aHomeThatMayNotBeWrittenIsRefusedAtTheStartAndSaidWhileItRuns() throws Exception {
        try (DaemonHarness daemon = bound().start()) {
            ClaudeSession session = daemon.session("home");
            Path note = daemon.work().resolve("home.md");
            session.personSays();
            session.person("::capture home.md");
            daemon.awaitTurns(note, session.turns());
            ClaudeSession born = daemon.session("born");
            Path tapes = daemon.home().tapes().resolve("claude");
            rights(tapes, "r-x------");
            born.personSays();
            daemon.eventually(() -> assertThat(daemon.problems())
                    .anySatisfy(problem ->
                            assertThat(problem).contains(daemon.home().tapes().toString())));
            rights(tapes, "rwx------");
            born.agentSays();
            assertOnTape(daemon, born);
            daemon.stop();
            rights(daemon.home().run(), "r-x------");
            rights(daemon.home().directory(), "r-x------");
            // Its own folders are made writable again at a start; so it starts, or says why not.
            daemon.start();
            session.agentSays();
            daemon.awaitTurns(note, session.turns());
        }
    }

    @Test
    void aHomeThatVanishesIsMadeAnewAndEverySourceIsKeptAgain() throws Exception {
        try (SupervisedDaemon daemon = new SupervisedDaemon(temporary).start()) {
            ClaudeSession session = daemon.harness().session("gone");
            session.personSays();
            session.person("::capture gone.md");
            daemon.harness().awaitTurns(daemon.harness().work().resolve("gone.md"), session.turns());
            List<String> before = session.turns();
            // The configuration stays: who may write where is not the daemon's to make up.
            Path away = daemon.home().directory().resolveSibling("away");
            Files.move(daemon.home().directory(), away);
            session.agentSays();
            ClaudeSession born = daemon.harness().session("born");
            born.personSays();
            assertOnTape(daemon.harness(), session);
            assertOnTape(daemon.harness(), born);
            // What was typed before the new home was there is history to it: no command runs twice.
            assertThat(DaemonHarness.turns(daemon.harness().work().resolve("gone.md")))
                    .startsWith(before.toArray(String[]::new))
                    .doesNotHaveDuplicates();
            assertThat(away.resolve("tapes")).isDirectory();
        }
    }
}
