package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.ingest.watch.ChangedPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More folders below a root than memory has room for. */
@Timeout(60)
class FoldersLimitTest {
    private static final int MOST = 40;
    private static final int FOLDERS = 100;

    @TempDir
    private Path folder;

    private IngestFixture ingest;

    @BeforeEach
    void emptyFolders() throws IOException {
        ingest = IngestFixture.ofAtMost(MOST, folder);
        for (int i = 0; i < FOLDERS; i++) {
            Files.createDirectory(ingest.sessions().resolve("folder-" + i));
        }
    }

    @AfterEach
    void close() throws IOException {
        ingest.close();
    }

    @Test
    void halfOfTheRoomIsForFoldersWithoutSessionsAndTheOthersAreCounted() throws IOException {
        ingest.follow("a.jsonl", "{}\n");
        ingest.listener().awaitProblem("folders.limit", Path.of("folders"));
        assertThat(ingest.listener().problems())
                .filteredOn(problem -> problem.code().equals("folders.limit"))
                .first()
                .satisfies(problem -> assertThat(problem.message())
                        .startsWith(
                                "81 folders without sessions are not watched: the memory ceiling has room for 20."));
    }

    @Test
    void sessionsAreFoundInEveryFolderAtTheStartAndInASweep() throws IOException {
        Path there = ingest.sessions().resolve("folder-99/there.jsonl");
        Files.writeString(there, "{\"n\":1}\n");
        ingest.start().settle();
        ingest.listener().awaitText(there, "{\"n\":1}\n");
        for (int i = 0; i < FOLDERS; i += 10) {
            Path later = ingest.sessions().resolve("folder-" + i + "/later-" + i + ".jsonl");
            Files.writeString(later, "{\"n\":" + i + "}\n");
            ingest.sweep();
            ingest.listener().awaitText(later, "{\"n\":" + i + "}\n");
        }
    }

    @Test
    void aFolderThatIsMadeWhileTheDaemonRunsIsWatched() throws IOException {
        ingest.follow("a.jsonl", "{}\n");
        Path fresh = ingest.sessions().resolve("made/first.jsonl");
        Files.createDirectory(ingest.sessions().resolve("made"));
        ingest.appear(fresh, "{\"n\":7}\n");
        ingest.listener().awaitText(fresh, "{\"n\":7}\n");
    }

    @Test
    void whenTooManyPathsAreTouchedEverythingIsLookedAt() throws Exception {
        ingest = IngestFixture.ofAtMost(MOST, folder);
        ChangedPaths touched = new ChangedPaths();
        for (int i = 0; i < ChangedPaths.MOST; i++) {
            touched.touch(Path.of("f" + i));
        }
        assertThat(touched.poll(0).sweep()).isFalse();
        for (int i = 0; i < 2 * ChangedPaths.MOST; i++) {
            touched.touch(Path.of("f" + i));
        }
        ChangedPaths.Batch batch = touched.poll(0);
        assertThat(batch.paths()).hasSize(ChangedPaths.MOST);
        assertThat(batch.sweep()).isTrue();
        ingest.start();
    }
}
