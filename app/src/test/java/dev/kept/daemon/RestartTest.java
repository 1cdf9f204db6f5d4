package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.control.ExitCode;
import dev.kept.provider.support.EventIdSet;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.SessionStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What outlives the daemon's process. */
@Timeout(120)
class RestartTest {
    @TempDir
    private Path temporary;

    private DaemonHarness daemon;

    @BeforeEach
    void startDaemon() throws Exception {
        daemon = new DaemonHarness(temporary).start();
    }

    @AfterEach
    void endDaemon() {
        daemon.close();
    }

    private Path note(String name) {
        return daemon.work().resolve(name);
    }

    @Test
    void aRecordingGoesOnWithWhatWasSaidMeanwhileAndACommandTypedMeanwhileIsObeyedOnce() throws Exception {
        ClaudeSession recorded = daemon.session("rec");
        recorded.personSays();
        recorded.person("::capture rec.md");
        recorded.agentSays();
        daemon.awaitTurns(note("rec.md"), recorded.turns());
        ClaudeSession late = daemon.session("late");
        late.personSays();
        daemon.eventually(() -> assertThat(daemon.status(late)).isPresent());

        assertThat(daemon.stop()).isZero();
        recorded.personSays();
        recorded.agentSays();
        late.person("::capture late.md");
        late.agentSays();
        ClaudeSession born = daemon.session("born");
        born.person("Said " + born.turn() + "\n\n::capture born.md");
        daemon.start();

        daemon.awaitTurns(note("rec.md"), recorded.turns());
        daemon.awaitTurns(note("late.md"), late.turns());
        daemon.awaitTurns(note("born.md"), born.turns());
        assertThat(daemon.status().sessions())
                .extracting(SessionStatus::sessionId)
                .containsExactlyInAnyOrder(recorded.id(), late.id(), born.id());

        daemon.restart();
        late.personSays();
        recorded.personSays();
        daemon.awaitTurns(note("rec.md"), recorded.turns());
        daemon.awaitTurns(note("late.md"), late.turns());
        daemon.awaitTurns(note("born.md"), born.turns());
        assertThat(daemon.problems()).isEmpty();
    }

    @Test
    void aCommandThatIsOlderThanADayWhenKeptComesBackIsNotObeyedAndIsShown() throws Exception {
        ClaudeSession session = daemon.session("old");
        session.personSays();
        daemon.eventually(() -> assertThat(daemon.status(session)).isPresent());
        daemon.stop();
        session.at(Instant.now().minus(Duration.ofHours(25))).person("::capture late.md");
        session.at(Instant.EPOCH).person("::capture fresh.md");
        session.agentSays();
        // The roots have been followed for longer than that.
        Path roots = daemon.home().tapes().resolve("roots.json");
        Files.writeString(
                roots,
                Files.readString(roots).replaceAll("\"\\d{4}-\\d\\d-\\d\\dT[^\"]*\"", "\"2026-01-01T00:00:00Z\""));
        daemon.start();
        daemon.awaitTurns(note("fresh.md"), session.turns());
        assertThat(note("late.md")).doesNotExist();
        assertThat(daemon.problems()).anyMatch(text -> text.startsWith("command.late") && text.contains(session.id()));
        daemon.restart();
        session.agentSays();
        daemon.awaitTurns(note("fresh.md"), session.turns());
        assertThat(note("late.md")).doesNotExist();
    }

    @Test
    void aLargeCaptureAndAnExportThatAKillCutOffAreWrittenToTheirEnd() throws Exception {
        ClaudeSession session = daemon.session("large");
        for (int i = 0; i < 40; i++) {
            session.assistant("x".repeat(50_000) + "\n" + session.turn());
        }
        List<String> soFar = session.turns();
        session.person("::export large-export.md\n::capture large.md\n\nand " + session.turn() + "\n\n::stop");
        Path export = note("large-export.md");
        daemon.eventually(() -> assertThat(export).exists());
        daemon.kill9();
        session.personSays();
        daemon.start();
        daemon.awaitTurns(export, soFar);
        daemon.awaitTurns(note("large.md"), session.turns().subList(0, 41));
        daemon.settle(session);
        daemon.awaitTurns(export, soFar);
        daemon.awaitTurns(note("large.md"), session.turns().subList(0, 41));
        daemon.eventually(() ->
                assertThat(daemon.status(session).orElseThrow().recording()).isEmpty());
    }

    @Test
    void aCommandThatAFolderKeepsWaitingRunsOnceWhenItIsAllowed() throws Exception {
        Path elsewhere = Files.createDirectories(daemon.home().userHome().resolve("elsewhere"));
        ClaudeSession session = daemon.session("wait");
        session.personSays();
        session.person("::capture " + elsewhere.resolve("wait.md"));
        session.agentSays();
        daemon.eventually(() -> assertThat(daemon.problems())
                .anyMatch(text -> text.startsWith("command.pending") && text.contains("kept allow")));
        assertThat(daemon.status().problems()).anyMatch(problem -> problem.pendingCommands() == 1);
        daemon.eventually(
                () -> assertThat(Files.readString(daemon.home().auditLog())).contains("write.outside-roots"));
        assertThat(elsewhere).isEmptyDirectory();

        daemon.configure("allowedWriteRoots: ['" + daemon.work() + "', '" + elsewhere + "']");
        daemon.restart();
        daemon.awaitTurns(elsewhere.resolve("wait.md"), session.turns());
        assertThat(daemon.problems()).noneMatch(text -> text.contains("pending"));
        daemon.restart();
        session.agentSays();
        daemon.awaitTurns(elsewhere.resolve("wait.md"), session.turns());
    }

    @Test
    void aSourceThatTheAgentDeletesStaysOnTape() throws Exception {
        ClaudeSession session = daemon.session("deleted");
        session.personSays();
        byte[] bytes = Files.readAllBytes(session.file());
        daemon.eventually(() ->
                assertThat(daemon.status(session).orElseThrow().sourcePresent()).isTrue());
        Files.delete(session.file());
        daemon.eventually(() ->
                assertThat(daemon.status(session).orElseThrow().sourcePresent()).isFalse());
        daemon.restart();
        daemon.eventually(() -> assertThat(daemon.status(session))
                .hasValueSatisfying(status -> assertThat(status.sourcePresent()).isFalse()));
        assertThat(daemon.onTape(session.file())).isEqualTo(bytes);
    }

    @Test
    void aSignalEndsItInOrderAndTheStatusFileSaysSo() throws Exception {
        ClaudeSession session = daemon.session("term");
        session.personSays();
        daemon.eventually(() -> assertThat(daemon.status(session)).isPresent());
        daemon.process().destroy();
        assertThat(daemon.waitForEnd()).isZero();
        assertThat(StatusJson.read(Files.readString(daemon.home().statusFile()))
                        .daemon()
                        .running())
                .isFalse();
        assertThat(daemon.home().controlSocket()).doesNotExist();
    }

    @Test
    void aSecondDaemonSaysWhoKeepsTheHomeAndDisturbsNothing() throws Exception {
        Process second = daemon.launch();
        assertThat(second.waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(daemon.diagnosis())
                .contains("another daemon (pid " + daemon.process().pid() + ") already keeps");
        ClaudeSession session = daemon.session("still");
        session.person("::capture still.md");
        session.agentSays();
        daemon.awaitTurns(note("still.md"), session.turns());
    }

    @Test
    void howManyEventsWouldBeToldAgainIsSaidAndCountedOnceAcrossARestart() throws Exception {
        ClaudeSession session = daemon.session("long");
        session.personSays();
        daemon.settle(session);
        assertThat(idsForgotten()).isZero();
        // Twice as many as are known for certain, with the person's own.
        StringBuilder records = new StringBuilder();
        for (int i = 1; i < 2 * EventIdSet.REMEMBERED; i++) {
            records.append("{\"type\":\"novelty\",\"uuid\":\"").append(i).append("\"}\n");
        }
        Files.writeString(session.file(), records, StandardOpenOption.APPEND);
        daemon.eventually(() -> assertThat(idsForgotten()).isEqualTo(EventIdSet.REMEMBERED));
        daemon.restart();
        session.personSays();
        daemon.settle(session);
        assertThat(idsForgotten()).isEqualTo(EventIdSet.REMEMBERED);
    }

    private long idsForgotten() throws Exception {
        return daemon.status().providers().stream()
                .filter(provider -> provider.provider().equals("claude"))
                .mapToLong(StatusReport.ProviderStatus::idsForgotten)
                .sum();
    }
}
