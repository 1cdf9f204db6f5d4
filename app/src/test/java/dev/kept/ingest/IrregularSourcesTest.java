package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.ingest.source.IngestListener;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no readable regular file is reported, and keeps nothing else from being followed. */
class IrregularSourcesTest {
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

    private Path fifo(String name) throws IOException, InterruptedException {
        Path path = ingest.file(name);
        Process made = new ProcessBuilder("mkfifo", path.toString()).start();
        assertThat(made.waitFor(10, TimeUnit.SECONDS) && made.exitValue() == 0).isTrue();
        return path;
    }

    @Test
    void linksAndPipesAreReportedAndNotFollowed() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret.jsonl"), "secret\n");
        Path link = Files.createSymbolicLink(ingest.file("link.jsonl"), secret);
        Path linked = Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(linked.resolve("x.jsonl"), "secret\n");
        Files.createSymbolicLink(ingest.file("directory"), linked);
        Path pipe = fifo("pipe.jsonl");
        ingest.follow("z.jsonl", "one\n");
        // Links are told together, by the first of those that one remedy helps.
        heard.awaitProblem("link.notFollowed", ingest.file("directory"));
        heard.awaitProblem("source.irregular", pipe);
        Path late = fifo("late.jsonl");
        heard.awaitProblem("source.irregular", late);
        assertThat(heard.heardOf(link)).isFalse();
        assertThat(heard.heardOf(pipe)).isFalse();
        assertThat(heard.heardOf(ingest.file("directory").resolve("x.jsonl"))).isFalse();
    }

    @Test
    void aDirectoryThatReadsLikeASessionFileIsADirectory() throws IOException {
        Path directory = Files.createDirectories(ingest.file("d.jsonl"));
        Path file = Files.writeString(directory.resolve("a.jsonl"), "one\n");
        ingest.start();
        heard.awaitText(file, "one\n");
        assertThat(heard.heardOf(directory)).isFalse();
    }

    @Test
    void aSourceThatBecomesALinkIsReportedAndFollowedAgainWhenItIsAFile() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.jsonl"), "secret and longer\n");
        Path file = ingest.write("a.jsonl", "one\n");
        Path other = ingest.write("b.jsonl", "other\n");
        ingest.start();
        heard.awaitText(file, "one\n");
        Files.delete(file);
        Files.createSymbolicLink(file, secret);
        heard.awaitProblem("link.notFollowed", file);
        heard.awaitPresent(file, false);
        IngestFixture.append(other, "goes on\n");
        heard.awaitText(other, "other\ngoes on\n");
        assertThat(ingest.tapeTexts(file)).containsExactly("one\n");
        Files.delete(file);
        ingest.appear(file, "one\ntwo\n");
        heard.awaitText(file, "one\ntwo\n");
        heard.awaitPresent(file, true);
        assertThat(ingest.tapeTexts(file)).containsExactly("one\ntwo\n");
    }

    @Test
    void aSourceThatBecomesADirectoryIsReportedAndFollowedAgainWhenItIsAFile() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\n");
        Files.delete(file);
        Files.createDirectory(file);
        heard.awaitProblem("source.unreadable", file);
        Files.delete(file);
        ingest.appear(file, "one\ntwo\n");
        heard.awaitText(file, "one\ntwo\n");
    }

    @Test
    void aDamagedTapeIsReportedAndLeftAloneAndTheOthersGoOn() throws IOException {
        Path file = ingest.write("a.jsonl", "one\n");
        Path other = ingest.write("b.jsonl", "two\n");
        ingest.start();
        heard.awaitText(file, "one\n");
        heard.awaitText(other, "two\n");
        ingest.stop();
        Path tape = new TapeLibrary(ingest.tapes()).folder("test", TapeLibrary.sourceId(file));
        Files.writeString(tape.resolve(TapeManifest.FILE_NAME), "{");
        ingest.restart();
        heard = ingest.listener();
        heard.awaitProblem("tape.damaged", tape);
        IngestFixture.append(other, "three\n");
        heard.awaitText(other, "two\nthree\n");
        assertThat(tape.resolve("0001.jsonl")).hasContent("one\n");
    }

    @Test
    void aTapeThatLostItsEndIsReportedAndNotReadForEver() throws IOException {
        Path file = ingest.follow("a.jsonl", "one\ntwo\n");
        ingest.settle();
        Path tape = new TapeLibrary(ingest.tapes()).folder("test", TapeLibrary.sourceId(file));
        Files.writeString(tape.resolve("0001.jsonl"), "one\n");
        IngestFixture.append(file, "three\n");
        ingest.settle();
        assertThat(heard.problems()).hasSizeLessThan(20);
    }

    @Test
    void filesAreCountedByWhatTheyAre() throws IOException {
        ingest.write("a.jsonl", "one\n");
        ingest.write("b.jsonl", "one\ntwo\n");
        ingest.write("note.txt", "");
        Path unknown = ingest.write("what.bin", "");
        ingest.start();
        ingest.settle();
        IngestListener.FileCounts counts = heard.counts().orElseThrow();
        assertThat(counts).isEqualTo(new IngestListener.FileCounts("test", 3, 2, 1, List.of(unknown), 12, 0, 0, 0));
    }
}
