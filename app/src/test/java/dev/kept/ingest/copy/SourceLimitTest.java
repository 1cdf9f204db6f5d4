package dev.kept.ingest.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kept.ingest.IngestFixture;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More session files than memory has room for. */
@Timeout(60)
class SourceLimitTest {
    private static final int MOST = 40;
    private static final int FILES = 60;

    @TempDir
    private Path folder;

    private IngestFixture ingest;

    @BeforeEach
    void moreFilesThanMayBeFollowed() throws IOException {
        ingest = IngestFixture.ofAtMost(MOST, folder);
        for (int i = 0; i < FILES; i++) {
            Files.setLastModifiedTime(ingest.write(i + ".jsonl", "{\"n\":" + i + "}\n"), age(i));
        }
    }

    @AfterEach
    void close() throws IOException {
        ingest.close();
    }

    @Test
    void theLatestAreFollowedAndTheOthersAreSaidToBeLeftAside() throws IOException {
        ingest.start().settle();
        assertThat(ingest.listener().order()).hasSize(38);
        ingest.listener().awaitText(ingest.file("0.jsonl"), "{\"n\":0}\n");
        ingest.listener().awaitText(ingest.file("37.jsonl"), "{\"n\":37}\n");
        assertThat(ingest.listener().problems()).anySatisfy(problem -> {
            assertThat(problem.code()).isEqualTo("sources.limit");
            assertThat(problem.message()).startsWith("22 session files");
        });
    }

    @Test
    void whatIsLeftAsideIsCopiedAndCopiedOnWithTheNextStart() throws IOException {
        ingest.start().settle();
        awaitTapes(FILES);
        for (int i = 0; i < FILES; i++) {
            assertThat(ingest.tape(ingest.file(i + ".jsonl"))).containsExactly(("{\"n\":" + i + "}\n").getBytes(UTF_8));
        }
        ingest.stop();
        Path old = ingest.file("58.jsonl");
        Path rewritten = ingest.file("57.jsonl");
        IngestFixture.append(old, "{}\n");
        Files.writeString(rewritten, "{}\n");
        // Older than everything else that is there, so that it is left aside again.
        Files.setLastModifiedTime(old, age(100));
        Files.setLastModifiedTime(rewritten, age(100));
        ingest.restart();
        ingest.settle();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(ingest.tape(old)).containsExactly(Files.readAllBytes(old)));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(ingest.tape(rewritten))
                        .containsExactly("{\"n\":57}\n".getBytes(UTF_8), Files.readAllBytes(rewritten)));
        assertThat(ingest.listener().order()).doesNotContain(old, rewritten).hasSize(38);
    }

    @Test
    void oneThatGrowsAndOneThatIsNewAreFollowed() throws IOException {
        ingest.start().settle();
        Path old = ingest.file("59.jsonl");
        IngestFixture.append(old, "{\"n\":\"again\"}\n");
        ingest.listener().awaitText(old, "{\"n\":59}\n{\"n\":\"again\"}\n");
        Path fresh = ingest.write("new.jsonl", "{\"n\":\"new\"}\n");
        ingest.listener().awaitText(fresh, "{\"n\":\"new\"}\n");
        ingest.settle();
        assertThat(ingest.listener().order()).hasSize(40);
        awaitTapes(FILES + 1);
    }

    @Test
    void aRestartTakesUpTheLatestTapesAndTheLatestFiles() throws IOException {
        ingest.start().settle();
        ingest.stop();
        List<String> grown = List.of("55.jsonl", "56.jsonl");
        for (String name : grown) {
            IngestFixture.append(ingest.file(name), "{\"n\":\"more\"}\n");
        }
        ingest.restart();
        ingest.settle();
        for (String name : grown) {
            ingest.listener().awaitText(ingest.file(name), Files.readString(ingest.file(name)));
        }
        assertThat(ingest.listener().order()).hasSize(38);
        awaitTapes(FILES);
    }

    @Test
    void aTapeThatCannotBeReadKeepsNoOtherFileFromBeingCopied() throws IOException {
        ingest.start().settle();
        awaitTapes(FILES);
        ingest.stop();
        Path damaged = ingest.file("45.jsonl");
        Path fine = ingest.file("58.jsonl");
        for (Path file : List.of(damaged, fine)) {
            IngestFixture.append(file, "{}\n");
            Files.setLastModifiedTime(file, age(100));
        }
        Files.writeString(
                new TapeLibrary(ingest.tapes())
                        .folder("test", TapeLibrary.sourceId(damaged))
                        .resolve("source.json"),
                "{");
        ingest.restart();
        ingest.settle();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(ingest.tape(fine)).containsExactly(Files.readAllBytes(fine)));
        ingest.listener().awaitProblem("source.unreadable", Path.of("sessions"));
    }

    private void awaitTapes(int count) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(ingest.tapeCount()).isEqualTo(count));
    }

    private static FileTime age(int days) {
        return FileTime.from(IngestFixture.NOW.minus(Duration.ofDays(days + 1L)));
    }
}
