package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.ConfigFile;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that is confined, and needs more than it was given when it was launched. */
@Timeout(120)
class WideningTest {
    @TempDir
    private Path temporary;

    private SupervisedDaemon daemon;
    private DaemonHarness harness;

    @BeforeEach
    void make() throws Exception {
        SupervisedDaemon.assumeSandbox();
        daemon = new SupervisedDaemon(temporary);
        harness = daemon.harness();
    }

    @AfterEach
    void endDaemon() throws Exception {
        if (daemon != null) {
            daemon.close();
        }
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(daemon.home().userHome().resolve(name));
    }

    @Test
    void whoCannotCloseEverythingBeforeARelaunchIsLaunchedAgainAllTheSame() throws Exception {
        daemon.start();
        Path socket = daemon.home().controlSocket();
        Files.delete(socket);
        Files.createDirectories(socket.resolve("cannot be deleted"));
        assertThat(new ConfigFile(daemon.home()).allow(folder("new"))).isTrue();
        harness.eventually(() -> assertThat(daemon.exitCodes()).startsWith(ExitCode.RELAUNCH));
    }

    @Test
    void noTurnIsLostWhileFoldersAreAllowedUnderAGrowingSession() throws Exception {
        daemon.start();
        assertThat(harness.status().daemon().sandbox()).startsWith("landlock ").endsWith(" + seccomp");
        ClaudeSession recorded = harness.session("grow");
        recorded.personSays();
        recorded.person("::capture grow.md");
        ClaudeSession waiting = harness.session("wait");
        waiting.personSays();
        waiting.person("::capture " + folder("new1").resolve("wait.md"));
        harness.eventually(() -> assertThat(harness.problems()).anyMatch(text -> text.startsWith("command.pending")));
        long first = daemon.pid();
        AtomicBoolean asking = new AtomicBoolean(true);
        List<String> unanswered = Collections.synchronizedList(new ArrayList<>());
        Thread asker = Thread.ofVirtual().start(() -> ask(asking, unanswered));

        for (int i = 1; i <= 2; i++) {
            Path allowed = folder("new" + i);
            assertThat(new ConfigFile(daemon.home()).allow(allowed)).isTrue();
            harness.eventually(() -> assertThat(harness.status().daemon().pid()).isEqualTo(daemon.pid()));
            daemon.relaunch();
            int soFar = i;
            // It grows while the daemon ends, while there is none, and while it begins again.
            while (daemon.exitCodes().size() < soFar || recorded.turns().size() < 200 * soFar) {
                recorded.personSays();
                recorded.agentSays();
                Thread.sleep(1);
            }
        }
        waiting.agentSays();
        harness.eventually(() -> assertThat(harness.status().daemon().pid()).isEqualTo(daemon.pid()));
        asking.set(false);
        asker.join();
        assertThat(unanswered).as("whoever asks gets an answer all the time").isEmpty();

        assertThat(daemon.exitCodes()).containsExactly(ExitCode.RELAUNCH, ExitCode.RELAUNCH);
        harness.awaitTurns(harness.work().resolve("grow.md"), recorded.turns());
        harness.awaitTurns(folder("new1").resolve("wait.md"), waiting.turns());
        assertThat(harness.onTape(recorded.file())).isEqualTo(Files.readAllBytes(recorded.file()));
        assertThat(daemon.pid()).isNotEqualTo(first);
        assertThat(harness.status().daemon().sandbox()).startsWith("landlock ");
    }

    private void ask(AtomicBoolean asking, List<String> unanswered) {
        ControlClient client = new ControlClient(daemon.home(), Duration.ofSeconds(20));
        while (asking.get()) {
            try {
                if (client.ask(new ControlRequest.Ping()).isEmpty()) {
                    unanswered.add("nobody listened");
                }
                Thread.sleep(10);
            } catch (IOException | InterruptedException e) {
                unanswered.add(e.toString());
            }
        }
    }

    @Test
    void aRootThatAppearsAndOneThatIsReplacedAreFollowedWithoutAnybodyDoingAnything() throws Exception {
        delete(harness.projects());
        Path claude = daemon.home().userHome().resolve(".claude");
        delete(claude);
        daemon.start();
        ClaudeSession first = harness.session("first");
        first.person("Said " + first.turn() + "\n\n::capture first.md");
        first.agentSays();
        harness.awaitTurns(harness.work().resolve("first.md"), first.turns());
        assertThat(daemon.exitCodes()).containsExactly(ExitCode.RELAUNCH);

        // As a tool does that sets up an agent anew.
        Files.move(claude, claude.resolveSibling("old"));
        ClaudeSession second = harness.session("second");
        second.person("Said " + second.turn() + "\n\n::capture second.md");
        second.agentSays();
        harness.awaitTurns(harness.work().resolve("second.md"), second.turns());
        assertThat(daemon.exitCodes()).containsExactly(ExitCode.RELAUNCH, ExitCode.RELAUNCH);
        assertThat(Files.readString(daemon.home().operationalLog()))
                .contains(
                        "daemon.relaunching",
                        "sandbox.outdated",
                        harness.projects().toString());
    }

    @Test
    void anEditedConfigurationTakesEffectAndABrokenOneEndsNothing() throws Exception {
        daemon.start();
        ClaudeSession session = harness.session("edit");
        session.personSays();
        session.person("::capture edit.md");
        harness.awaitTurns(harness.work().resolve("edit.md"), session.turns());

        harness.configure("allowedWriteRoots: ['" + harness.work() + "']\nmaxSesions: 7");
        harness.eventually(() -> assertThat(harness.problems())
                .anyMatch(text -> text.startsWith("config.refused") && text.contains("did you mean maxSessions?")));
        session.personSays();
        harness.awaitTurns(harness.work().resolve("edit.md"), session.turns());
        assertThat(daemon.exitCodes()).isEmpty();

        harness.configure("allowedWriteRoots: ['" + harness.work() + "']\ndaemonMaxMemoryMb: 160");
        harness.eventually(() ->
                assertThat(harness.status().memory().daemonMaxMemoryBytes()).isEqualTo(160L * 1024 * 1024));
        session.personSays();
        harness.awaitTurns(harness.work().resolve("edit.md"), session.turns());
        assertThat(daemon.exitCodes()).containsExactly(ExitCode.RELAUNCH);
    }

    @Test
    void aFolderOfKeptsOwnThatSomebodyDeletesIsThereAgain() throws Exception {
        daemon.start();
        delete(daemon.home().state());
        harness.eventually(() -> assertThat(daemon.home().state()).isDirectory());
        ClaudeSession session = harness.session("after");
        session.person("Said " + session.turn() + "\n\n::capture after.md");
        harness.awaitTurns(harness.work().resolve("after.md"), session.turns());
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
