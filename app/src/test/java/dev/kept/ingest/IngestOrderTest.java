package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestOrderTest {
    private static final int LARGE = 60_000_000;

    @TempDir
    private Path folder;

    @Test
    void theLatestSourceIsImportedFirst() throws IOException {
        try (IngestFixture ingest = new IngestFixture(folder)) {
            Path old = ingest.write("a.jsonl", "old\n");
            Path newest = ingest.write("b.jsonl", "newest\n");
            Path older = ingest.write("c.jsonl", "older\n");
            Files.setLastModifiedTime(old, FileTime.fromMillis(2_000_000));
            Files.setLastModifiedTime(older, FileTime.fromMillis(1_000_000));
            ingest.start();
            ingest.listener().awaitText(older, "older\n");
            assertThat(ingest.listener().order()).containsExactly(newest, old, older);
        }
    }

    @Test
    void whatIsTouchedGoesBeforeALargeBacklogAlsoAfterASweep() throws IOException {
        try (IngestFixture ingest = new IngestFixture(folder)) {
            Path live = ingest.write("live.jsonl", "one\n");
            Files.write(ingest.file("large1.jsonl"), new byte[LARGE]);
            Path large = Files.write(ingest.file("large2.jsonl"), new byte[LARGE]);
            Files.setLastModifiedTime(large, FileTime.fromMillis(1_000_000));
            Files.setLastModifiedTime(live, FileTime.fromMillis(System.currentTimeMillis() + 60_000));
            ingest.start();
            RecordingListener heard = ingest.listener();
            await().atMost(Duration.ofSeconds(60)).until(() -> heard.order().size() > 3);
            ingest.sweep();
            IngestFixture.append(live, "two\n");
            heard.awaitText(live, "one\ntwo\n");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> heard.counts().orElseThrow().bytesToParse() == 0
                            && heard.order().contains(large));
            List<Path> order = heard.order();
            assertThat(order.lastIndexOf(live)).isLessThan(order.lastIndexOf(large));
        }
    }
}
