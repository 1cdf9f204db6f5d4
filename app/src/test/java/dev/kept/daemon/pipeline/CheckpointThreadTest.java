package dev.kept.daemon.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import dev.kept.daemon.checkpoint.Checkpoints;
import dev.kept.observe.AuditLog;
import dev.kept.observe.OperationalLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointThreadTest {
    private static final long MUCH = 16L * 1024 * 1024;
    private static final long LATER_MS = 10 * 60 * 1000L;

    @TempDir
    private Path temporary;

    private final AtomicInteger asked = new AtomicInteger();
    private KeptHome home;
    private DaemonLog log;
    private CheckpointThread saves;

    @BeforeEach
    void makeOne() throws IOException {
        home = new KeptHome(temporary.toRealPath().resolve(".kept"), temporary.toRealPath());
        home.createDirectories();
        Clock clock = Clock.systemUTC();
        log = new DaemonLog(OperationalLog.open(home, clock), AuditLog.open(home, clock), () -> {});
        saves = new CheckpointThread(new Checkpoints(home.state(), home.tapes(), "a test"), this::answer, log);
    }

    @AfterEach
    void closeIt() {
        log.close();
    }

    private void answer(PipelineMessage message) {
        asked.incrementAndGet();
        if (message instanceof PipelineMessage.KeysWanted(var answer)) {
            answer.complete(List.of());
        }
    }

    @Test
    void itSavesWhenMuchWasReadAndNotOften() {
        saves.saveIfDue(MUCH - 1, LATER_MS);
        saves.saveIfDue(MUCH, LATER_MS);
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(home.state().resolve("checkpoint")).exists());
        saves.saveIfDue(3 * MUCH, 2 * LATER_MS - 1);
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> asked.get() == 1);
        Awaitility.await().untilAsserted(() -> {
            saves.saveIfDue(3 * MUCH, 2 * LATER_MS);
            assertThat(asked).hasValue(2);
        });
    }

    @Test
    void onceTheDaemonEndsNothingIsSavedBesideItsLastCheckpoint() throws Exception {
        saves.end();
        saves.saveIfDue(100 * MUCH, 100 * LATER_MS);
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> asked.get() == 0);
        assertThat(Files.exists(home.state().resolve("checkpoint"))).isFalse();
    }
}
