package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestWorkerTest {
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

    @Test
    void whatIsThereAtTheStartAndWhatGrowsIsHandedOnInOrder() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\n");
        StringBuilder all = new StringBuilder("one\n");
        for (int i = 0; i < 50; i++) {
            IngestFixture.append(file, "line " + i + "\n");
            all.append("line ").append(i).append('\n');
        }
        heard.awaitText(file, all.toString());
        assertThat(ingest.tapeTexts(file)).containsExactly(all.toString());
        assertThat(heard.problems()).isEmpty();
    }

    @Test
    void partialLinesAreKeptAsTheyAre() throws IOException {
        Path file = ingest.follow("a.jsonl", "{\"a\":");
        IngestFixture.append(file, "1}\n");
        heard.awaitText(file, "{\"a\":1}\n");
        assertThat(ingest.tapeTexts(file)).containsExactly("{\"a\":1}\n");
    }

    @Test
    void anEmptyFileIsFoundAndItsFirstBytesFollow() throws IOException {
        Path file = ingest.write("a.jsonl", "");
        ingest.start();
        heard.awaitPresent(file, true);
        IngestFixture.append(file, "one\n");
        heard.awaitText(file, "one\n");
        assertThat(ingest.tapeTexts(file)).containsExactly("one\n");
    }

    @Test
    void aFileOfManyBuffersIsKeptWhole() throws IOException {
        Path file = ingest.follow("a.jsonl", "0123456789\n".repeat(1_200_000));
        ingest.assertHandedOnIsTape(file);
    }

    @Test
    void aTruncatedFileStartsAGenerationThatSharesItsBeginning() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\ntwo\nthree\n");
        Files.writeString(file, "one\n");
        heard.awaitText(file, "one\n");
        IngestFixture.append(file, "2\n");
        heard.awaitText(file, "one\n2\n");
        assertThat(ingest.tapeTexts(file).getFirst()).isEqualTo("one\ntwo\nthree\n");
        assertThat(ingest.tapeTexts(file).getLast()).isEqualTo("one\n2\n");
        ingest.assertHandedOnIsTape(file);
    }

    @Test
    void aRewriteOfTheSameSizeIsNoticedInTheMiddleOfTheFileToo() throws IOException {
        String before = "a".repeat(400_000);
        Path file = ingest.follow("a.jsonl", before);
        String after = "a".repeat(100) + "b" + "a".repeat(399_899);
        rewriteInPlace(file, after);
        heard.awaitText(file, after);
        assertThat(ingest.tapeTexts(file)).containsExactly(before, after);
        assertThat(heard.rewrites(file)).containsExactly("its bytes changed in place");
    }

    private static void rewriteInPlace(Path file, String text) throws IOException {
        // Without the truncation that Files.writeString begins with: the size is the same at every moment.
        try (java.io.RandomAccessFile open = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            open.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void aFileThatOnlyItsTimesChangedOfIsNotRewritten() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        ingest.settle();
        assertThat(ingest.tapeTexts(file)).containsExactly("one\n");
        IngestFixture.append(file, "two\n");
        heard.awaitText(file, "one\ntwo\n");
        assertThat(heard.rewrites(file)).isEmpty();
    }

    @Test
    void aRewriteThatMadeTheFileLongerStartsAGeneration() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\n");
        rewriteInPlace(file, "ONE and more\n");
        heard.awaitText(file, "ONE and more\n");
        assertThat(ingest.tapeTexts(file)).containsExactly("one\n", "ONE and more\n");
        ingest.assertHandedOnIsTape(file);
    }

    @Test
    void aChangeAtTheBeginningOfAFileThatGrewIsNoticedWhenItsTailIsTheSame() throws IOException {
        String tail = "t".repeat(1_000) + "\n";
        Path file = ingest.follow("a.jsonl", "first\n" + tail);
        rewriteInPlace(file, "FIRST\n" + tail + "more\n");
        heard.awaitText(file, "FIRST\n" + tail + "more\n");
        assertThat(ingest.tapeTexts(file)).hasSize(2);
    }

    @Test
    void aChangeInTheMiddleOfAFileThatGrewInTheSameStepIsFoundAndTheTapeIsNoMixture() throws IOException {
        String before = "a".repeat(400_000) + "\n";
        Path file = ingest.follow("a.jsonl", before);
        String after = "a".repeat(70_000) + "b" + "a".repeat(329_999) + "\ngrown\n";
        rewriteInPlace(file, after);
        heard.awaitText(file, after);
        assertThat(ingest.tapeTexts(file).getFirst()).startsWith(before);
        assertThat(ingest.tapeTexts(file).getLast()).isEqualTo(after);
        assertThat(heard.rewrites(file)).containsExactly("its bytes changed in place");
    }

    @Test
    void aChangeInALastBlockWithoutAChecksumIsFoundWhenTheFileGrewInTheSameStep() throws IOException {
        String before = "a".repeat(30_000) + "\n";
        Path file = ingest.follow("a.jsonl", before);
        String after = "a".repeat(20_000) + "b" + "a".repeat(9_999) + "\ngrown\n";
        rewriteInPlace(file, after);
        heard.awaitText(file, after);
        assertThat(ingest.tapeTexts(file).getLast()).isEqualTo(after);
    }

    @Test
    void aFileThatGrewAndChangedWhileNoWorkerRanIsFound() throws IOException {
        Path file = ingest.follow("a.jsonl", "a".repeat(200_000) + "\n");
        ingest.stop();
        String after = "a".repeat(120_000) + "b" + "a".repeat(79_999) + "\ngrown\n";
        rewriteInPlace(file, after);
        ingest.restart();
        ingest.listener().awaitText(file, after);
        assertThat(ingest.tapeTexts(file).getLast()).isEqualTo(after);
    }

    @Test
    void aFileThatReplacedPartsOfItselfAgainAndAgainWhileItGrewIsOnTapeAsItIs() throws IOException {
        Path file = ingest.follow("a.jsonl", "line 0 ".repeat(20_000) + "\n");
        String text = Files.readString(file);
        for (int i = 1; i <= 3; i++) {
            text = text.replaceFirst("line 0 ", "LINE " + i + " ") + "grown " + i + "\n";
            rewriteInPlace(file, text);
            heard.awaitText(file, text);
        }
        assertThat(ingest.tapeTexts(file).getLast()).isEqualTo(text);
    }

    @Test
    void aFileReplacedByOneWithTheSameBeginningGoesOn() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\n");
        Path next = Files.writeString(folder.resolve("next"), "one\ntwo\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        heard.awaitText(file, "one\ntwo\n");
        assertThat(ingest.tapeTexts(file)).containsExactly("one\ntwo\n");
        IngestFixture.append(file, "three\n");
        heard.awaitText(file, "one\ntwo\nthree\n");
        assertThat(heard.rewrites(file)).isEmpty();
    }

    @Test
    void aFileReplacedByAnotherStartsAGeneration() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\ntwo\n");
        Path next = Files.writeString(folder.resolve("next"), "one\n2\nthree\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        heard.awaitText(file, "one\n2\nthree\n");
        assertThat(ingest.tapeTexts(file)).containsExactly("one\ntwo\n", "one\n2\nthree\n");
        assertThat(heard.rewrites(file)).containsExactly("another file stands in its place");
        ingest.assertHandedOnIsTape(file);
    }

    /** Of two files that hold the same command, the older one's counts: a fork must not become the older one. */
    @Test
    void aFileThatIsReplacedIsAsOldAsItWas() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\n");
        ingest.stop();
        Path next = Files.writeString(folder.resolve("next"), "one\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        ingest.restart();
        ingest.settle();
        // The fixture's clock stands long before the file system's.
        assertThat(ingest.listener().createdAt(file)).isEqualTo(IngestFixture.NOW);
    }

    @Test
    void aDeletedFileStaysOnTapeAndIsFollowedAgainWhenItIsBack() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\n");
        Files.delete(file);
        heard.awaitPresent(file, false);
        assertThat(ingest.tapeTexts(file)).containsExactly("one\n");
        Files.writeString(file, "other\nbytes\n");
        heard.awaitPresent(file, true);
        heard.awaitText(file, "other\nbytes\n");
        assertThat(ingest.tapeTexts(file).getFirst()).isEqualTo("one\n");
        ingest.assertHandedOnIsTape(file);
    }

    @Test
    void aFileThatComesBackWithItsFolderIsFollowedAgain() throws IOException {
        Path folder = Files.createDirectories(ingest.sessions().resolve("p"));
        Path file = ingest.follow("p/a.jsonl", "one\n");
        Path aside = Files.createDirectories(ingest.archive().resolve("aside"));
        Files.writeString(aside.resolve("a.jsonl"), "one\ntwo\n");
        Files.delete(file);
        Files.delete(folder);
        heard.awaitPresent(file, false);
        Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
        heard.awaitPresent(file, true);
        heard.awaitText(file, "one\ntwo\n");
        ingest.assertHandedOnIsTape(file);
    }

    @Test
    void aRootMadeAfterTheStartIsFollowed() throws IOException {
        ingest.start();
        heard.awaitIdle(0);
        Path file = ingest.write("a.jsonl", "one\n");
        heard.awaitText(file, "one\n");
        IngestFixture.append(file, "two\n");
        heard.awaitText(file, "one\ntwo\n");
    }

    @Test
    void newDirectoriesAtAnyDepthAreFollowed() throws IOException {
        ingest.sessions();
        ingest.start();
        heard.awaitIdle(0);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            // The file appears while its directory is being registered, or before that, or after it.
            Path deep = Files.createDirectories(ingest.sessions().resolve("p" + i + "/sub/agents"));
            files.add(Files.writeString(deep.resolve("a.jsonl"), "one " + i + "\n"));
            files.add(Files.writeString(ingest.sessions().resolve("p" + i + "/b.jsonl"), "two " + i + "\n"));
        }
        for (Path file : files) {
            heard.awaitText(file, Files.readString(file));
        }
    }

    @Test
    void aDirectoryThatIsDeletedAndMadeAgainIsFollowedAgain() throws IOException {
        Path file = Files.writeString(
                Files.createDirectories(ingest.sessions().resolve("p")).resolve("a.jsonl"), "one\n");
        ingest.start();
        heard.awaitText(file, "one\n");
        Files.delete(file);
        Files.delete(file.getParent());
        heard.awaitPresent(file, false);
        Files.createDirectories(file.getParent());
        Path other = Files.writeString(file.resolveSibling("b.jsonl"), "two\n");
        heard.awaitText(other, "two\n");
        IngestFixture.append(other, "three\n");
        heard.awaitText(other, "two\nthree\n");
    }

    @Test
    void aDirectoryThatIsRenamedIsFollowedUnderItsNewName() throws IOException {
        Path old = Files.createDirectories(ingest.sessions().resolve("old"));
        Path file = Files.writeString(old.resolve("a.jsonl"), "one\n");
        ingest.start();
        heard.awaitText(file, "one\n");
        Path renamed = Files.move(old, old.resolveSibling("new"));
        heard.awaitText(renamed.resolve("a.jsonl"), "one\n");
        long idles = heard.idles();
        Path later = Files.writeString(renamed.resolve("b.jsonl"), "two\n");
        heard.awaitText(later, "two\n");
        assertThat(heard.idles()).isLessThan(idles + 50);
    }

    @Test
    void aNewWorkerHandsOnEveryTapeOnceAndThenGoesOn() throws IOException {
        Path file = ingest.write("a.jsonl", "one\n");
        Path rewritten = ingest.write("b.jsonl", "old content\n");
        Path deleted = ingest.write("c.jsonl", "gone\n");
        ingest.start();
        heard.awaitText(file, "one\n");
        heard.awaitText(rewritten, "old content\n");
        heard.awaitText(deleted, "gone\n");
        Files.writeString(rewritten, "new\n");
        heard.awaitText(rewritten, "new\n");
        ingest.stop();
        IngestFixture.append(file, "while it was down\n");
        Files.delete(deleted);
        ingest.restart();
        heard = ingest.listener();
        heard.awaitText(file, "one\nwhile it was down\n");
        heard.awaitText(rewritten, "new\n");
        heard.awaitText(deleted, "gone\n");
        heard.awaitPresent(deleted, false);
        IngestFixture.append(file, "after\n");
        heard.awaitText(file, "one\nwhile it was down\nafter\n");
        ingest.assertHandedOnIsTape(file);
        ingest.assertHandedOnIsTape(rewritten);
        ingest.assertHandedOnIsTape(deleted);
    }

    @Test
    void aRewriteOfTheSameSizeWhileNoWorkerRanIsNoticed() throws IOException {
        String before = "a".repeat(50_000);
        Path file = ingest.follow("a.jsonl", before);
        ingest.stop();
        String after = "a".repeat(10_000) + "b" + "a".repeat(39_999);
        rewriteInPlace(file, after);
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 5_000));
        ingest.restart();
        ingest.listener().awaitText(file, after);
        assertThat(ingest.tapeTexts(file)).containsExactly(before, after);
    }

    @Test
    void aSweepFindsWhatWasNotReported() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\n");
        ingest.settle();
        IngestFixture.append(file, "two\n");
        ingest.sweep();
        heard.awaitText(file, "one\ntwo\n");
    }
}
