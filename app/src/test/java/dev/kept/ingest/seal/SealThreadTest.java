package dev.kept.ingest.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.tape.Sealing;
import dev.kept.tape.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SealThreadTest {
    private static final int SLICES = 20;

    @TempDir
    private Path folder;

    private final Semaphore woken = new Semaphore(0);
    private final SealThread thread = new SealThread(woken::release);

    private Sealing sealing() throws IOException {
        byte[] content = new byte[SLICES * Sealing.FRAME_BYTES];
        Arrays.fill(content, (byte) 'a');
        Path plain = Files.write(folder.resolve("0001.jsonl"), content);
        return Sealing.of(new Segment(plain, 0, content.length, false));
    }

    private Thread running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals("kept-seal"))
                .findFirst()
                .orElseThrow();
    }

    private void awaitWaiting() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> running().getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void noSliceBeginsBeforeIngestRestsAndNoneAfterItIsBusyAgain() throws Exception {
        try (Sealing sealing = sealing()) {
            thread.offer(sealing);
            awaitWaiting();
            assertThat(thread.slices())
                    .as("ingest has not said yet that it rests")
                    .isZero();
            assertThat(thread.isFree()).isFalse();

            thread.markIdle(Duration.ZERO);
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> thread.slices() > 2);
            thread.markBusy();
            long begun = thread.slices();
            if (!thread.hasOutcome()) {
                awaitWaiting();
            }
            assertThat(thread.slices()).isEqualTo(begun);

            thread.markIdle(Duration.ofDays(1));
            if (!thread.hasOutcome()) {
                awaitWaiting();
            }
            assertThat(thread.slices()).as("it has not rested for long enough").isEqualTo(begun);

            thread.markIdle(Duration.ZERO);
            assertThat(woken.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            // Each frame is packed and checked, and one slice ends the packing.
            assertThat(thread.slices()).isEqualTo(2 * SLICES + 1);
            Optional<SealThread.Outcome> outcome = thread.pollOutcome();
            assertThat(outcome.orElseThrow().failure()).isEmpty();
            assertThat(thread.isFree()).isTrue();
            assertThat(sealing.publish()).isTrue();
        }
    }

    @Test
    void anEndInTheMiddleLeavesThePlainFileAndNothingElse() throws Exception {
        thread.offer(sealing());
        thread.markIdle(Duration.ZERO);
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> thread.slices() > 1);
        thread.end();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("0001.jsonl"));
        }
    }

    @Test
    void aFailureIsAnOutcomeLikeAnother() throws Exception {
        Sealing sealing = sealing();
        try (var plain = java.nio.channels.FileChannel.open(
                folder.resolve("0001.jsonl"), java.nio.file.StandardOpenOption.WRITE)) {
            plain.truncate(1000);
        }
        thread.markIdle(Duration.ZERO);
        thread.offer(sealing);
        assertThat(woken.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        assertThat(thread.pollOutcome().orElseThrow().failure()).isPresent();
        sealing.close();
        assertThat(thread.isFree()).isTrue();
    }
}
