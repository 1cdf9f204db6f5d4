package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sources whose tapes are sealed while the worker runs. */
@Timeout(120)
class SealedSourcesTest {
    private static final String FIRST = text("first", 30_000);

    @TempDir
    private Path folder;

    private IngestFixture ingest;

    @BeforeEach
    void makeWorker() throws IOException {
        ingest = new IngestFixture(folder);
    }

    @AfterEach
    void endWorker() throws IOException {
        ingest.close();
    }

    private static String text(String word, int lines) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append(word).append(' ').append(i).append(" and more of the same\n");
        }
        return text.toString();
    }

    /** A file that was followed, has rested, and of which the tape is sealed. */
    private Path sealed(String text) throws IOException {
        Path file = ingest.follow("a.jsonl", text);
        ingest.settle();
        ingest.seal();
        return file;
    }

    private List<String> files(Path source) throws IOException {
        try (Stream<Path> files = Files.list(ingest.tapeFolder(source))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.contains(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatIsNotAsItWasWrittenStaysPlainIsSaidAndKeepsTheRestOfItsTapeFromNothing() throws IOException {
        Path file = ingest.follow("a.jsonl", FIRST);
        String rewritten = FIRST.substring(0, 300_000) + text("rewritten", 9_000);
        Files.writeString(file, rewritten);
        ingest.listener().awaitText(file, rewritten);
        ingest.settle();
        Path plain = ingest.tapeFolder(file).resolve("0001.jsonl");
        byte[] bytes = Files.readAllBytes(plain);
        bytes[700_000] ^= 1;
        Files.write(plain, bytes);
        ingest.seal();
        assertThat(files(file)).containsExactly("0001.jsonl", "0002.jsonl.zst");
        assertThat(Files.readAllBytes(plain)).isEqualTo(bytes);
        assertThat(ingest.sealing().segments()).isEqualTo(1);
        assertThat(ingest.sealing().failed()).isEqualTo(1);
        assertThat(ingest.listener().problems())
                .singleElement()
                .asString()
                .contains("tape.altered", "0001.jsonl: the bytes from 655360 to 720896 are damaged");
    }

    @Test
    void aSealedSourceGrowsIsRewrittenAndIsSealedAgain() throws IOException {
        Path file = sealed(FIRST);
        assertThat(files(file)).containsExactly("0001.jsonl.zst");
        assertThat(ingest.sealing().segments()).isEqualTo(1);
        assertThat(ingest.sealing().bytes()).isEqualTo(FIRST.length());
        assertThat(ingest.sealing().packedBytes()).isLessThan(FIRST.length() / 4);

        IngestFixture.append(file, "grown\n");
        ingest.listener().awaitText(file, FIRST + "grown\n");
        ingest.settle();
        assertThat(files(file)).hasSize(2).anyMatch(name -> name.endsWith(".jsonl"));
        String rewritten = FIRST.substring(0, 700_000) + "rewritten\n";
        Files.writeString(file, rewritten);
        ingest.listener().awaitText(file, rewritten);
        ingest.settle();
        ingest.seal();
        assertThat(files(file)).allMatch(name -> name.endsWith(".zst"));
        assertThat(ingest.tapeTexts(file).getFirst()).isEqualTo(FIRST + "grown\n");
        assertThat(ingest.tapeTexts(file).getLast()).isEqualTo(rewritten);
        ingest.assertHandedOnIsTape(file);
        assertThat(ingest.listener().problems()).isEmpty();
    }

    @Test
    void aRestartFollowsASealedSourceWithoutUnpackingAnything() throws IOException {
        Path file = sealed(FIRST);
        ingest.stop();
        spoil(file);
        ingest.restart();
        // That what was handed on once is handed on again is all that reads the tape.
        ingest.settle();
        assertThat(ingest.listener().problems())
                .noneMatch(problem -> problem.code().startsWith("source"));
        assertThat(files(file)).containsExactly("0001.jsonl.zst");
    }

    /** Makes the packed bytes unreadable, and leaves the table at the end as it is. */
    private void spoil(Path source) throws IOException {
        Path sealed = ingest.tapeFolder(source).resolve("0001.jsonl.zst");
        byte[] bytes = Files.readAllBytes(sealed);
        for (int i = 40; i < bytes.length - 1_000; i += 50) {
            bytes[i] ^= 0x55;
        }
        var times = Files.getLastModifiedTime(sealed);
        Files.write(sealed, bytes);
        Files.setLastModifiedTime(sealed, times);
    }

    @Test
    void whereASealedTapeIsDamagedASourceThatGrowsIsKeptAnew() throws IOException {
        Path file = sealed(FIRST);
        spoil(file);
        IngestFixture.append(file, "grown\n");
        ingest.settle();
        // The newest generation is the source again, byte for byte, from the first damaged one on.
        assertThat(files(file)).contains("0002.jsonl");
        assertThat(Files.readString(ingest.tapeFolder(file).resolve("0002.jsonl")))
                .isEqualTo(FIRST + "grown\n");
    }

    @Test
    void whatIsNotHandedOnYetOrHasNotRestedStaysPlain() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\n");
        ingest.settle();
        ingest.sealOnlyOlderThan(java.time.Duration.ZERO);
        assertThat(files(file))
                .as("by the worker's clock the file is of the future")
                .containsExactly("0001.jsonl");
        // An older generation never changes: its time does not matter.
        Files.writeString(file, "other\n");
        ingest.listener().awaitText(file, "other\n");
        ingest.settle();
        ingest.sealOnlyOlderThan(java.time.Duration.ZERO);
        assertThat(files(file)).contains("0001.jsonl.zst", "0002.jsonl");
    }

    @Test
    void withoutRoomOnTheDiskASealingThatWasAskedForEndsAndIsSaidToHaveFailed() throws IOException {
        try (IngestFixture full = IngestFixture.onAFullDisk(Files.createDirectories(folder.resolve("full")))) {
            full.write("a.jsonl", "one\n");
            full.start();
            full.seal();
            assertThat(full.sealing().failed()).isEqualTo(1);
            assertThat(full.sealing().segments()).isZero();
        }
    }
}
