package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptHome;
import dev.kept.sandbox.SandboxStatus;
import dev.kept.status.StatusReport.Problem;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The clock of the machine jumps: nothing is lost or doubled, and what is not obeyed for it is said. */
@Timeout(90)
class ClockTest {
    @TempDir
    private Path temporary;

    private final JumpingClock clock = new JumpingClock();
    private KeptHome home;
    private Path work;

    /** A clock that somebody puts forward and back. */
    private static final class JumpingClock extends Clock {
        private volatile Duration off = Duration.ZERO;

        private volatile Optional<Instant> stopped = Optional.empty();

        @Override
        public Instant instant() {
            return stopped.orElseGet(() -> Instant.now().plus(off));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void makeHome() throws IOException {
        Path user = temporary.toRealPath();
        home = new KeptHome(user.resolve(".kept"), user);
        home.createDirectories();
        work = Files.createDirectories(user.resolve("work"));
        Files.writeString(home.configFile(), "allowedWriteRoots: ['" + work + "']\n");
    }

    private Daemon daemon() throws Exception {
        return new Daemon(home, ConfigReader.read(home, Providers.NAMES), Map.of(), SandboxStatus.NONE, clock);
    }

    private ClaudeSession session(String word) throws IOException {
        return ClaudeSession.of(home.userHome().resolve(".claude/projects"), work, word);
    }

    /** Each agent's clock is that of the machine. */
    private ClaudeSession now(ClaudeSession session) {
        return session.at(clock.instant());
    }

    private static void awaitTurns(Path note, List<String> turns) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(DaemonHarness.turns(note)).isEqualTo(turns));
    }

    @Test
    void aClockThatJumpsNeitherLosesNorDoublesATurn() throws Exception {
        ClaudeSession session = session("jump");
        Path note = work.resolve("jump.md");
        try (Daemon _ = daemon()) {
            now(session).personSays();
            now(session).person("::capture jump.md");
            awaitTurns(note, session.turns());
            for (int days : List.of(400, -800, 0, 20_000, -15_000)) {
                clock.off = Duration.ofDays(days);
                now(session).personSays();
                now(session).agentSays();
                awaitTurns(note, session.turns());
            }
        }
        clock.off = Duration.ofDays(-30);
        try (Daemon _ = daemon()) {
            now(session).agentSays();
            awaitTurns(note, session.turns());
        }
        Path tape = new TapeLibrary(home.tapes()).folder("claude", TapeLibrary.sourceId(session.file()));
        assertThat(tape.resolve("0001.jsonl")).hasSameBinaryContentAs(session.file());
    }

    @Test
    void aCommandTypedWhileTheClockIsBehindIsSaidNotToBeObeyedUntilARestart() throws Exception {
        ClaudeSession session = session("behind");
        Path note = work.resolve("behind.md");
        clock.off = Duration.ofDays(3);
        try (Daemon daemon = daemon()) {
            now(session).personSays();
            clock.off = Duration.ZERO;
            now(session).person("::capture behind.md");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(daemon.report().problems())
                            .extracting(Problem::code)
                            .contains("command.clock"));
            assertThat(note).doesNotExist();
        }
        try (Daemon _ = daemon()) {
            now(session).person("::capture behind.md");
            awaitTurns(note, session.turns());
        }
    }

    /** Agents write milliseconds, and the daemon's clock is finer. */
    @Test
    void aCommandTypedInTheMillisecondOfTheStartIsObeyed() throws Exception {
        clock.stopped = Optional.of(Instant.parse("2026-03-01T09:00:00.000700Z"));
        ClaudeSession session = session("same");
        Path note = work.resolve("same.md");
        try (Daemon _ = daemon()) {
            now(session).personSays();
            now(session).person("::capture same.md");
            awaitTurns(note, session.turns());
        }
    }
}
