package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.status.StatusReport.SessionStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A restart goes on where the daemon was, and with or without a checkpoint it knows the same. */
@Timeout(120)
class CheckpointTest {
    @TempDir
    private Path temporary;

    @Test
    void aRestartKnowsWhatWasKnownAndReadsOnlyWhatIsNew() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary)) {
            ClaudeSession old = daemon.session("old");
            ClaudeSession grows = daemon.session("grows");
            for (int i = 0; i < 20; i++) {
                old.personSays();
                grows.personSays();
            }
            daemon.start();
            awaitEvents(daemon, old, 20);
            awaitEvents(daemon, grows, 20);
            SessionStatus before = daemon.status(old).orElseThrow();
            daemon.stop();
            grows.personSays();
            // Bytes that the checkpoint vouches for are not read again: this is no JSON any more.
            Path tape = daemon.tapeFile(old.file());
            spoil(tape);
            daemon.start();
            awaitEvents(daemon, grows, 21);

            SessionStatus after = daemon.status(old).orElseThrow();
            assertThat(after.eventCount()).isEqualTo(before.eventCount());
            assertThat(after.snippet()).isEqualTo(before.snippet());
            assertThat(after.title()).isEqualTo(before.title());
            assertThat(after.lastMessageAt()).isEqualTo(before.lastMessageAt());
            assertThat(daemon.status().providers().getFirst().recordsRead()).isEqualTo(41);
            assertThat(daemon.status().providers().getFirst().recordsUnknown()).isZero();
        }
    }

    @Test
    void aCheckpointThatIsDamagedOrGoneCostsOnlyTime() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary)) {
            ClaudeSession session = daemon.session("a");
            for (int i = 0; i < 20; i++) {
                session.personSays();
            }
            daemon.start();
            awaitEvents(daemon, session, 20);
            daemon.stop();
            Path checkpoint = daemon.checkpoint();
            for (int damage = 0; damage < 4; damage++) {
                byte[] bytes = Files.readAllBytes(checkpoint);
                switch (damage) {
                    case 0 -> Files.write(checkpoint, new byte[0]);
                    case 1 -> Files.write(checkpoint, java.util.Arrays.copyOf(bytes, bytes.length - 7));
                    case 2 -> {
                        bytes[bytes.length / 2] ^= 1;
                        Files.write(checkpoint, bytes);
                    }
                    default -> Files.delete(checkpoint);
                }
                daemon.start();
                session.personSays();
                awaitEvents(daemon, session, 21 + damage);
                daemon.stop();
            }
        }
    }

    @Test
    void aSessionWhoseTapeIsShorterThanItsCheckpointIsReadFromItsTape() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary)) {
            ClaudeSession session = daemon.session("a");
            for (int i = 0; i < 20; i++) {
                session.personSays();
            }
            daemon.start();
            awaitEvents(daemon, session, 20);
            daemon.stop();
            Path tape = daemon.tapeFile(session.file());
            List<String> lines = Files.readAllLines(tape);
            Files.writeString(tape, String.join("\n", lines.subList(0, 5)) + "\n");
            Files.delete(session.file());
            daemon.start();
            awaitEvents(daemon, session, 5);
        }
    }

    @Test
    void whatIsRecordedIsNotReadAgainEither() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary)) {
            ClaudeSession session = daemon.session("a");
            session.personSays();
            daemon.start();
            awaitEvents(daemon, session, 1);
            Path note = daemon.work().resolve("note.md");
            session.person("::capture " + note);
            session.personSays();
            daemon.awaitTurns(note, session.turns());
            daemon.stop();
            spoil(daemon.tapeFile(session.file()));
            session.personSays();
            daemon.start();
            daemon.awaitTurns(note, session.turns());
            session.person("::stop");
            session.personSays();
            daemon.eventually(() ->
                    assertThat(daemon.status(session).orElseThrow().recording()).isEmpty());
            daemon.restart();
            session.personSays();
            awaitEvents(daemon, session, 7);
            assertThat(daemon.status().providers().getFirst().recordsUnknown()).isZero();
            // Where it was stopped is not forgotten.
            daemon.awaitTurns(note, session.turns().subList(0, 3));
        }
    }

    @Test
    void whatIsRecordedGoesOnWithoutALossAcrossRestartsAndKills() throws Exception {
        try (DaemonHarness daemon = new DaemonHarness(temporary)) {
            ClaudeSession session = daemon.session("a");
            session.personSays();
            daemon.start();
            awaitEvents(daemon, session, 1);
            daemon.restart();
            Path note = daemon.work().resolve("note.md");
            session.person("::capture " + note);
            session.personSays();
            daemon.awaitTurns(note, session.turns());
            daemon.restart();
            session.personSays();
            daemon.awaitTurns(note, session.turns());
            daemon.kill9();
            session.personSays();
            daemon.start();
            daemon.awaitTurns(note, session.turns());
        }
    }

    private static void awaitEvents(DaemonHarness daemon, ClaudeSession session, long events) {
        daemon.eventually(() -> assertThat(events(daemon, session)).contains(events));
    }

    private static Optional<Long> events(DaemonHarness daemon, ClaudeSession session) throws IOException {
        return daemon.status(session).map(SessionStatus::eventCount);
    }

    private static void spoil(Path tape) throws IOException {
        // The newest bytes stay: a tail that differs would be a rewrite of the source.
        byte[] bytes = Files.readAllBytes(tape);
        for (int i = 0; i < 200; i++) {
            bytes[i] = 'x';
        }
        Files.write(tape, bytes, StandardOpenOption.WRITE);
    }
}
