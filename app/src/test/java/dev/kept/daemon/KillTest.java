package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills the daemon without warning, again and again, while sessions grow and are recorded. */
@Timeout(240)
class KillTest {
    private static final int KILLS = Integer.getInteger("kept.kills", 25);
    private static final long SEED = Long.getLong("kept.seed", 20_260_301L);

    @TempDir
    private Path temporary;

    /** Three sessions that say something every few milliseconds until told to end. */
    private static final class Growth implements AutoCloseable {
        private final List<ClaudeSession> sessions;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> threads = new ArrayList<>();

        Growth(List<ClaudeSession> sessions, Random random) {
            this.sessions = sessions;
            for (ClaudeSession session : sessions) {
                Random own = new Random(random.nextLong());
                threads.add(Thread.ofPlatform().start(() -> grow(session, own)));
            }
        }

        private void grow(ClaudeSession session, Random random) {
            try {
                while (!ended.get()) {
                    switch (random.nextInt(4)) {
                        case 0 -> session.personSays();
                        case 1 -> session.tool("the output of " + session.turn());
                        case 2 ->
                            session.assistant("Long: " + "ü".repeat(random.nextInt(6000)) + "\n" + session.turn());
                        default -> session.agentSays();
                    }
                    Thread.sleep(random.nextInt(25));
                }
            } catch (IOException | InterruptedException e) {
                failures.add(e);
            }
        }

        @Override
        public void close() {
            ended.set(true);
            for (Thread thread : threads) {
                assertThat(thread).satisfies(Thread::join);
            }
            assertThat(failures).as("failures of %s", sessions).isEmpty();
        }
    }

    @Test
    void everyTurnStandsInItsNoteOnceAndInOrderAfterManyKills() throws Exception {
        Random random = new Random(SEED);
        try (DaemonHarness daemon = new DaemonHarness(temporary).start()) {
            List<ClaudeSession> sessions = List.of(daemon.session("a"), daemon.session("b"), daemon.session("c"));
            for (ClaudeSession session : sessions) {
                session.personSays();
                session.person("::capture " + session.word() + ".md");
            }
            try (Growth _ = new Growth(sessions, random)) {
                for (int kill = 0; kill < KILLS; kill++) {
                    if (random.nextInt(3) == 0) {
                        Thread.sleep(random.nextInt(200));
                    } else {
                        awaitGrowth(note(daemon, sessions.get(random.nextInt(sessions.size()))));
                    }
                    daemon.kill9();
                    daemon.start();
                }
            }
            judge(daemon, sessions);
            assertThat(daemon.problems()).noneMatch(text -> text.startsWith("recording.uncertain"));
        }
    }

    private static Path note(DaemonHarness daemon, ClaudeSession session) {
        return daemon.work().resolve(session.word() + ".md");
    }

    /** Returns right after the note grew, when what was done is not written down yet; or after half a second. */
    private static void awaitGrowth(Path note) throws IOException {
        long end = System.nanoTime() + 500_000_000L;
        long before = Files.exists(note) ? Files.size(note) : 0;
        while (System.nanoTime() < end && (Files.exists(note) ? Files.size(note) : 0) == before) {
            Thread.onSpinWait();
        }
    }

    private static void judge(DaemonHarness daemon, List<ClaudeSession> sessions) throws IOException {
        int expected = 0;
        int lost = 0;
        int duplicated = 0;
        int outOfOrder = 0;
        for (ClaudeSession session : sessions) {
            List<String> said = session.turns();
            Path note = note(daemon, session);
            daemon.eventually(() -> assertThat(DaemonHarness.turns(note)).contains(said.getLast()));
            List<String> written = DaemonHarness.turns(note);
            Set<String> once = new HashSet<>(written);
            expected += said.size();
            lost += (int) said.stream().filter(turn -> !once.contains(turn)).count();
            duplicated += written.size() - once.size();
            List<String> known = said.stream().filter(once::contains).toList();
            outOfOrder += known.equals(written.stream().distinct().toList()) ? 0 : 1;
            daemon.eventually(
                    () -> assertThat(daemon.onTape(session.file())).isEqualTo(Files.readAllBytes(session.file())));
        }
        System.out.printf(
                "kills=%d expected=%d lost=%d duplicated=%d outOfOrder=%d%n",
                KILLS, expected, lost, duplicated, outOfOrder);
        assertThat(List.of(lost, duplicated, outOfOrder))
                .as("lost, duplicated, out of order of %d turns; seed %d\n%s", expected, SEED, daemon.diagnosis())
                .containsOnly(0);
    }
}
