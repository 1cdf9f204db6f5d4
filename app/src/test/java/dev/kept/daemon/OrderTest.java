package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.control.ControlRequest.Order.What;
import dev.kept.recording.command.CommandLineOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Orders from the command line, obeyed by the real daemon under the rules of the chat. */
@Timeout(120)
class OrderTest {
    @TempDir
    private static Path temporary;

    private static DaemonHarness daemon;

    @BeforeAll
    static void startDaemon() throws Exception {
        daemon = new DaemonHarness(temporary).start();
    }

    @AfterAll
    static void endDaemon() {
        daemon.close();
    }

    /** Says two turns and waits until the daemon has read them. */
    private static ClaudeSession sessionOfTwoTurns(String word) throws Exception {
        ClaudeSession session = daemon.session(word);
        session.personSays();
        session.agentSays();
        daemon.settle(session);
        return session;
    }

    private static String journal(ClaudeSession session) throws Exception {
        return Files.readString(daemon.home().journals().resolve("claude/" + session.id() + ".jsonl"));
    }

    @Test
    void recordWritesFromHereOnAndUnrecordEndsIt() throws Exception {
        ClaudeSession session = sessionOfTwoTurns("a");
        Path note = daemon.work().resolve("a.md");

        assertThat(daemon.order(session, What.RECORD, Optional.of(note)))
                .isEqualTo(new CommandLineOrder.Reply(true, "recording to " + note, ""));
        String third = session.personSays();
        String fourth = session.agentSays();
        daemon.awaitTurns(note, List.of(third, fourth));
        daemon.eventually(() -> assertThat(daemon.status(session).orElseThrow().recording())
                .hasValueSatisfying(
                        recording -> assertThat(recording.outputPath()).isEqualTo(note.toString())));

        assertThat(daemon.order(session, What.UNRECORD, Optional.empty()).message())
                .isEqualTo("stopped recording to " + note);
        session.personSays();
        daemon.settle(session);
        assertThat(DaemonHarness.turns(note)).containsExactly(third, fourth);
        assertThat(journal(session)).contains("\"" + CommandLineOrder.ORIGIN);
        assertThat(daemon.order(session, What.UNRECORD, Optional.empty()))
                .isEqualTo(new CommandLineOrder.Reply(false, "nothing is being recorded", "Nothing to do."));
    }

    @Test
    void captureWritesWhatWasSaidBefore() throws Exception {
        ClaudeSession session = sessionOfTwoTurns("b");
        Path note = daemon.work().resolve("b.md");

        assertThat(daemon.order(session, What.CAPTURE, Optional.of(note)).done())
                .isTrue();
        session.personSays();

        daemon.awaitTurns(note, session.turns());
    }

    @Test
    void aRefusedPathIsToldAtOnceAndDoesNotWait() throws Exception {
        ClaudeSession session = sessionOfTwoTurns("c");
        Path outside = daemon.home().userHome().resolve("elsewhere/c.md");

        CommandLineOrder.Reply reply = daemon.order(session, What.RECORD, Optional.of(outside));

        assertThat(reply.done()).isFalse();
        assertThat(reply.message()).contains("no allowed folder holds it");
        assertThat(reply.remedy()).contains("kept allow");
        assertThat(daemon.problems()).noneMatch(problem -> problem.contains(outside.toString()));
        daemon.eventually(
                () -> assertThat(Files.readString(daemon.home().auditLog())).contains("write.outside-roots"));
        assertThat(outside).doesNotExist();
    }

    @Test
    void aSessionThatIsNotFollowedIsSaidSo() throws Exception {
        ClaudeSession never = ClaudeSession.of(temporary.resolve("nowhere"), daemon.work(), "d");

        // Until it has read what was there when it started, the daemon says that instead.
        daemon.eventually(() -> assertThat(
                        daemon.order(never, What.RECORD, Optional.empty()).message())
                .contains("is not followed"));
    }
}
