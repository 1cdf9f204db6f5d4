package dev.kept.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.kept.testing.Generator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that their agent archives, packs, unpacks and brings back: one source, one tape, each byte once. */
class MovedSourcesTest {
    private static final String TEXT = "one\ntwo\nthree\n";

    @TempDir
    private Path folder;

    private IngestFixture ingest;
    private Path plain;
    private Path packed;
    private Path archived;
    private Path archivedPacked;

    @BeforeEach
    void fixture() throws IOException {
        ingest = new IngestFixture(folder);
        plain = ingest.file("lasting-a.jsonl");
        packed = ingest.file("lasting-a.jsonl.zst");
        archived = ingest.archive().resolve("lasting-a.jsonl");
        archivedPacked = ingest.archive().resolve("lasting-a.jsonl.zst");
    }

    @AfterEach
    void close() throws IOException {
        ingest.close();
    }

    /** As the agent does it: to a temporary file, which gets its name when it is whole; then the plain one goes. */
    private void pack(Path from, Path to) throws IOException {
        Path whole = folder.resolve("whole.zst");
        try (OutputStream out = new ZstdOutputStreamNoFinalizer(Files.newOutputStream(whole), 3)) {
            Files.copy(from, out);
        }
        Files.move(whole, to, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(from);
    }

    /** As the agent does it: to a temporary file, linked to its name; then the packed one goes. */
    private void unpack(Path from, Path to) throws IOException {
        Path whole = folder.resolve("whole.plain");
        try (InputStream in = new ZstdInputStreamNoFinalizer(Files.newInputStream(from))) {
            Files.copy(in, whole);
        }
        Files.createLink(to, whole);
        Files.delete(whole);
        Files.delete(from);
    }

    private void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** One tape with that text in one generation; handed on once; there, or not. */
    private void assertOneTape(Path place, String text, boolean present) throws IOException {
        ingest.settle();
        assertThat(ingest.tapeTexts(plain)).containsExactly(text);
        assertThat(ingest.tapeCount()).isEqualTo(1);
        assertThat(Files.exists(place)).isEqualTo(present);
        // Whatever the place: they are one source.
        Path heardOf = Stream.of(plain, packed, archived, archivedPacked)
                .filter(ingest.listener()::heardOf)
                .findFirst()
                .orElseThrow();
        assertThat(ingest.listener().text(heardOf)).isEqualTo(text);
        assertThat(ingest.listener().rewrites(heardOf)).isEmpty();
        assertThat(ingest.listener().present(heardOf)).isEqualTo(present);
        assertThat(ingest.listener().problems()).isEmpty();
    }

    /** The worker runs, and the plain file is one tape. */
    private void followPlain() throws IOException {
        Files.writeString(plain, TEXT);
        ingest.start();
        assertOneTape(plain, TEXT, true);
    }

    @Test
    void anArchivedFileIsTheSameSourceAndComesBack() throws IOException {
        followPlain();
        move(plain, archived);
        assertOneTape(archived, TEXT, true);
        move(archived, plain);
        IngestFixture.append(plain, "four\n");
        assertOneTape(plain, TEXT + "four\n", true);
    }

    @Test
    void aPackedFileIsTheSameSourceAndIsUnpackedAgain() throws IOException {
        followPlain();
        pack(plain, packed);
        assertOneTape(packed, TEXT, true);
        move(packed, archivedPacked);
        assertOneTape(archivedPacked, TEXT, true);
        unpack(archivedPacked, plain);
        IngestFixture.append(plain, "four\n");
        assertOneTape(plain, TEXT + "four\n", true);
    }

    @Test
    void allThatHappensWhileNobodyLooksIsFound() throws IOException {
        followPlain();
        ingest.stop();
        IngestFixture.append(plain, "written while the daemon was away\n");
        move(plain, archived);
        pack(archived, archivedPacked);
        ingest.restart();
        String all = TEXT + "written while the daemon was away\n";
        assertOneTape(archivedPacked, all, true);
        ingest.restart();
        assertOneTape(archivedPacked, all, true);
    }

    @Test
    void aFileThatIsMetPackedIsReadWhole() throws IOException {
        String large = new Generator(5).text(200).repeat(9_000) + "\nthe end\n";
        Files.writeString(plain, large);
        pack(plain, packed);
        ingest.start();
        assertOneTape(packed, large, true);
        unpack(packed, plain);
        assertOneTape(plain, large, true);
    }

    @Test
    void ofTwoThePlainOneIsFollowed() throws IOException {
        Files.writeString(plain, TEXT);
        pack(plain, packed);
        Files.writeString(plain, TEXT + "four\n");
        ingest.start();
        assertOneTape(plain, TEXT + "four\n", true);
        Files.delete(plain);
        ingest.settle();
        // The packed one is older: it is a rewrite, and what was on tape stays.
        assertThat(ingest.tapeTexts(plain)).containsExactly(TEXT + "four\n", TEXT);
        assertThat(ingest.listener().present(plain)).isTrue();
    }

    @Test
    void aFileThatIsGoneForGoodIsSaidToBeGone() throws IOException {
        followPlain();
        pack(plain, packed);
        assertOneTape(packed, TEXT, true);
        Files.delete(packed);
        assertOneTape(packed, TEXT, false);
    }

    @Test
    void aPackedFileThatIsCutOffIsReportedAndTheTapeKeepsWhatItHas() throws IOException {
        followPlain();
        byte[] whole = Zstd.compress(TEXT.getBytes(UTF_8));
        Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(whole, whole.length - 4));
        move(folder.resolve("cut"), packed);
        Files.delete(plain);
        ingest.settle();
        assertThat(ingest.tapeTexts(plain)).containsExactly(TEXT);
        assertThat(ingest.listener().problems())
                .extracting(RecordingListener.Problem::code)
                .contains("packed.broken");
        Files.write(folder.resolve("whole"), whole);
        move(folder.resolve("whole"), packed);
        ingest.settle();
        assertThat(ingest.tapeTexts(plain)).containsExactly(TEXT);
        assertThat(ingest.listener().present(plain)).isTrue();
    }
}
