package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.status.StatusReport.SessionStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A conversation that Claude Code hands over to the background goes on in another file, and in one note. */
@Timeout(180)
class HandoverTest {
    @TempDir
    private Path folder;

    private DaemonHarness daemon;

    @BeforeEach
    void startDaemon() throws Exception {
        daemon = new DaemonHarness(folder).start();
    }

    @AfterEach
    void endDaemon() {
        daemon.close();
    }

    private Path note(String name) {
        return daemon.work().resolve(name);
    }

    private ClaudeSession recorded() throws Exception {
        ClaudeSession session = daemon.session("one");
        session.personSays();
        session.person("::capture note.md");
        session.agentSays();
        daemon.awaitTurns(note("note.md"), session.turns());
        return session;
    }

    private List<String> sessions() throws Exception {
        return daemon.status().sessions().stream().map(SessionStatus::sessionId).toList();
    }

    @Test
    void theNoteGoesOnWithWhatIsNewThroughACrashARestartAndAnotherHandover() throws Exception {
        ClaudeSession before = recorded();
        ClaudeSession background = before.handOver();
        background.personSays();
        background.agentSays();
        daemon.awaitTurns(note("note.md"), background.turns());
        assertThat(sessions()).containsExactly(before.id());

        daemon.kill9();
        background.personSays();
        daemon.start();
        background.agentSays();
        daemon.awaitTurns(note("note.md"), background.turns());
        daemon.restart();
        background.personSays();
        daemon.awaitTurns(note("note.md"), background.turns());

        ClaudeSession again = background.handOver();
        again.agentSays();
        again.person("::export whole.md\n::stop");
        List<String> all = again.turns();
        again.agentSays();
        daemon.awaitTurns(note("whole.md"), all);
        daemon.awaitTurns(note("note.md"), all);
        assertThat(Files.readString(note("note.md")))
                .containsOnlyOnce("title: ")
                .doesNotContain("You went back");
        assertThat(sessions()).containsExactly(before.id());
        assertThat(daemon.problems()).isEmpty();
        daemon.stop();
        assertThat(daemon.exported(before.id())).isEqualTo(again.turns());
    }

    @Test
    void whatWasHandedOverWhileKeptWasDownGoesOnAsWellAndNoCopyOfACommandIsObeyedAgain() throws Exception {
        ClaudeSession before = recorded();
        before.person("::export once.md");
        List<String> exported = before.turns();
        daemon.awaitTurns(note("once.md"), exported);
        daemon.stop();
        Files.delete(note("once.md"));
        before.agentSays();
        ClaudeSession background = before.handOver();
        background.personSays();
        daemon.start();
        daemon.awaitTurns(note("note.md"), background.turns());
        background.agentSays();
        daemon.awaitTurns(note("note.md"), background.turns());
        daemon.restart();
        background.personSays();
        background.person("::stop");
        daemon.awaitTurns(note("note.md"), background.turns());
        List<String> said = background.turns();
        background.personSays();
        daemon.settle(before);
        daemon.awaitTurns(note("note.md"), said);
        assertThat(note("once.md")).doesNotExist();
        assertThat(Files.readString(note("note.md"))).containsOnlyOnce("title: ");
    }

    @Test
    void aFileWhoseFirstRecordsTellNothingIsOfTheSessionOnceOneTells() throws Exception {
        ClaudeSession before = recorded();
        ClaudeSession background = before.handOver();
        String copies = Files.readString(background.file());
        int first = copies.indexOf('\n') + 1;
        Files.delete(background.file());
        Path late = background.file();
        Files.writeString(
                late,
                "{\"type\":\"custom-title\",\"customTitle\":\"Early\",\"sessionId\":\"" + background.id() + "\"}\n"
                        + copies.substring(0, first));
        daemon.eventually(() -> assertThat(daemon.onTape(late)).isNotEmpty());
        Files.writeString(late, copies.substring(first), StandardOpenOption.APPEND);
        background.personSays();
        daemon.awaitTurns(note("note.md"), background.turns());
        daemon.eventually(() -> assertThat(sessions()).containsExactly(before.id()));
        daemon.restart();
        background.agentSays();
        daemon.awaitTurns(note("note.md"), background.turns());
        assertThat(sessions()).containsExactly(before.id());
    }

    @Test
    void aForkStaysAForkAndSoDoesWhatWasBegunInTheBackground() throws Exception {
        ClaudeSession before = recorded();
        ClaudeSession fork = before.fork("fork");
        fork.personSays();
        ClaudeSession begun = daemon.session("begun").inTheBackground();
        begun.personSays();
        // Of two with the same beginning, the one goes on that what was handed over has most of.
        ClaudeSession background = fork.handOver();
        background.agentSays();
        daemon.settle(fork);
        daemon.settle(begun);
        daemon.eventually(() -> assertThat(sessions()).containsExactlyInAnyOrder(before.id(), fork.id(), begun.id()));
        daemon.awaitTurns(note("note.md"), before.turns());
        daemon.stop();
        assertThat(daemon.exported(fork.id())).isEqualTo(background.turns());
        assertThat(daemon.exported(before.id())).isEqualTo(before.turns());
    }

    @Test
    void whatIsCapturedInTheBackgroundHoldsTheWholeConversationOnce() throws Exception {
        ClaudeSession before = daemon.session("one");
        before.personSays();
        before.agentSays();
        daemon.settle(before);
        ClaudeSession background = before.handOver();
        background.agentSays();
        background.person("::capture late.md");
        background.agentSays();
        daemon.awaitTurns(note("late.md"), background.turns());
        daemon.restart();
        background.personSays();
        daemon.awaitTurns(note("late.md"), background.turns());
        assertThat(daemon.problems()).isEmpty();
    }
}
