package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kept.ingest.source.IngestListener.FileCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a provider does not recognize: counted and named while they are there, but for those that come and go. */
class UnknownFilesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    @TempDir
    private Path folder;

    private IngestFixture ingest;
    private RecordingListener heard;

    @BeforeEach
    void fixture() throws IOException {
        ingest = new IngestFixture(folder);
        heard = ingest.listener();
    }

    @AfterEach
    void close() throws IOException {
        ingest.close();
    }

    private void awaitUnknown(int count, List<Path> named) {
        await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).untilAsserted(() -> {
            assertThat(heard.counts().map(FileCounts::unknown)).contains(count);
            assertThat(heard.counts().orElseThrow().unknownNamed()).containsExactlyInAnyOrderElementsOf(named);
        });
    }

    @Test
    void theyAreNamedWhileTheyAreThere() throws IOException {
        ingest.write("a.jsonl", "one\n");
        Path first = ingest.write("first.bin", "");
        Path second =
                Files.writeString(Files.createDirectories(ingest.file("deeper")).resolve("second.bin"), "");
        ingest.write("third.bin", "");
        ingest.start();
        awaitUnknown(3, List.of(first, second));
        Files.delete(first);
        ingest.restart();
        heard = ingest.listener();
        awaitUnknown(2, List.of(ingest.file("third.bin"), second));
    }

    @Test
    void oneThatDisappearsIsNoLongerCounted() throws IOException {
        Path unknown = ingest.write("what.bin", "");
        Path deeper = Files.createDirectories(ingest.file("deeper"));
        Path other = Files.writeString(deeper.resolve("other.bin"), "");
        ingest.follow("a.jsonl", "one\n");
        awaitUnknown(2, List.of(other, unknown));
        Files.delete(unknown);
        Files.delete(other);
        Files.delete(deeper);
        awaitUnknown(0, List.of());
    }

    @Test
    void whatComesAndGoesIsNotCounted() throws IOException {
        ingest.write("a.jsonl", "one\n");
        ingest.write("a.jsonl.tmp", "");
        ingest.write("state.db-wal", "");
        ingest.write(".what.bin.swp", "");
        Files.createSymbolicLink(ingest.file(".#a.jsonl"), Path.of("ada@host.4711:1780000000"));
        ingest.start();
        ingest.settle();
        assertThat(heard.counts().orElseThrow().unknown()).isZero();
        assertThat(heard.problems()).isEmpty();
    }

    @Test
    void ofVeryManyAFewAreNamed() throws IOException {
        for (int i = 0; i < 100; i++) {
            Path in = Files.createDirectories(ingest.file("d" + (100 + i)));
            Files.writeString(in.resolve("what.bin"), "");
        }
        ingest.write("a.jsonl", "one\n");
        ingest.start();
        await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).untilAsserted(() -> {
            assertThat(heard.counts().map(FileCounts::unknown)).contains(100);
            assertThat(heard.counts().orElseThrow().unknownNamed())
                    .hasSize(5)
                    .allMatch(named -> named.endsWith("what.bin"));
        });
    }
}
