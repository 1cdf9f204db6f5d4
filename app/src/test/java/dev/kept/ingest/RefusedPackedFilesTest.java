package dev.kept.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.kept.tape.TapeReader;
import dev.kept.tape.packed.PackedNote;
import dev.kept.tape.packed.UnpackLimits;
import dev.kept.testing.ZstdFrames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packed files that are not unpacked: they are kept as they are, cost nothing after that, and harm no other source. */
class RefusedPackedFilesTest {
    private static final UnpackLimits SMALL = new UnpackLimits(1L << 20, 200);

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Each test begins with limits of its own.
    private IngestFixture ingest;

    private IngestFixture begin(UnpackLimits limits, long minFreeBytes) throws IOException {
        ingest = IngestFixture.unpacking(limits, minFreeBytes, folder);
        return ingest;
    }

    @AfterEach
    void close() throws IOException {
        ingest.close();
    }

    private Path appear(String name, byte[] bytes) throws IOException {
        Path whole = Files.write(folder.resolve("whole"), bytes);
        return Files.move(whole, ingest.file(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private byte[] packedBytes(Path file, int generation) throws IOException {
        try (TapeReader reader = TapeReader.open(PackedNote.folder(ingest.lastingTapeFolder(file)))) {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(reader.length(generation)) + 1);
            while (reader.read(generation, all.position(), all) > 0) {
                // Until the generation ends.
            }
            return Arrays.copyOf(all.array(), all.position());
        }
    }

    /** All files of the tapes with when they were last written. */
    private Map<Path, FileTime> files() throws IOException {
        Map<Path, FileTime> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(ingest.tapes())) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                files.put(each, Files.getLastModifiedTime(each));
            }
        }
        return files;
    }

    private long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (Path each : files().keySet()) {
            bytes += Files.size(each);
        }
        return bytes;
    }

    @Test
    void whatIsRefusedIsKeptAsItIsAndSaidAndAllOthersGoOn() throws IOException {
        begin(SMALL, 0).start();
        byte[] window = new ZstdFrames().text(27, "hello\n").toBytes();
        byte[] bomb = new ZstdFrames().blanks(80_000).toBytes();
        byte[] dictionary = new ZstdFrames().withDictionary("x").toBytes();
        Map<String, byte[]> refused = Map.of("window", window, "expansion", bomb, "dictionary", dictionary);
        for (Map.Entry<String, byte[]> each : refused.entrySet()) {
            Path file = appear("lasting-" + each.getKey() + ".jsonl.zst", each.getValue());
            ingest.listener().awaitProblem("packed." + each.getKey(), file);
        }
        Path plain = ingest.write("plain.jsonl", "one\n");
        Path packed = appear("lasting-good.jsonl.zst", Zstd.compress("two\n".getBytes(UTF_8)));
        ingest.listener().awaitText(plain, "one\n");
        ingest.listener().awaitText(packed, "two\n");
        ingest.settle();
        for (Map.Entry<String, byte[]> each : refused.entrySet()) {
            Path file = ingest.file("lasting-" + each.getKey() + ".jsonl.zst");
            assertThat(packedBytes(file, 1)).isEqualTo(each.getValue());
            assertThat(ingest.tapeTexts(file)).containsExactly("");
            assertThat(ingest.listener().text(file)).isEmpty();
            assertThat(ingest.listener().present(file)).isTrue();
        }
        assertThat(bytesOnDisk()).isLessThan(bomb.length + 100_000L);
    }

    @Test
    void aRefusedFileCostsNothingUntilItChangesAndIsSaidAgainWithEachSweepAndAfterARestart() throws IOException {
        begin(SMALL, 0);
        Path file = appear("lasting-a.jsonl.zst", new ZstdFrames().blanks(50).toBytes());
        ingest.start();
        ingest.listener().awaitProblem("packed.expansion", file);
        ingest.settle();
        Map<Path, FileTime> before = files();
        // Whoever read it again would write its note again.
        for (int i = 0; i < 2; i++) {
            int told = ingest.listener().problems().size();
            ingest.settle();
            assertThat(ingest.listener().problems()).hasSizeGreaterThan(told);
            assertThat(files()).isEqualTo(before);
            ingest.restart();
            ingest.listener().awaitProblem("packed.expansion", file);
            ingest.settle();
            assertThat(files()).isEqualTo(before);
        }
    }

    @Test
    void withHigherLimitsItIsReadAndWithAnotherFileInItsPlaceToo() throws IOException {
        begin(SMALL, 0);
        byte[] large = Zstd.compress("line\n".repeat(400_000).getBytes(UTF_8));
        Path file = appear("lasting-a.jsonl.zst", large);
        Path other = appear("lasting-b.jsonl.zst", large);
        ingest.start();
        ingest.listener().awaitProblem("packed.expansion", file);
        ingest.listener().awaitProblem("packed.expansion", other);
        ingest.settle();
        appear("lasting-b.jsonl.zst", Zstd.compress("short\n".getBytes(UTF_8)));
        ingest.listener().awaitText(other, "short\n");
        ingest.close();

        begin(UnpackLimits.STANDARD, 0).start();
        ingest.listener().awaitText(file, "line\n".repeat(400_000));
        ingest.settle();
        assertThat(PackedNote.read(ingest.lastingTapeFolder(file))).isEmpty();
        assertThat(PackedNote.read(ingest.lastingTapeFolder(other))).isEmpty();
        assertThat(packedBytes(other, 1)).as("what stood there before").isEqualTo(large);
        assertThat(ingest.listener().problems()).isEmpty();
    }

    @Test
    void nothingThatWasOnTapeSuffersFromARefusedFileInItsPlace() throws IOException {
        begin(SMALL, 0);
        Path plain = ingest.follow("lasting-a.jsonl", "one\ntwo\n");
        byte[] bomb = new ZstdFrames().text(10, "one\n").blanks(80_000).toBytes();
        Path packed = appear("lasting-a.jsonl.zst", bomb);
        Files.delete(plain);
        ingest.listener().awaitProblem("packed.expansion", packed);
        ingest.settle();
        assertThat(ingest.tapeTexts(packed)).containsExactly("one\ntwo\n");
        assertThat(packedBytes(packed, 1)).isEqualTo(bomb);
        // It comes back unpacked, as its agent does it.
        appear("lasting-a.jsonl", "one\ntwo\nthree\n".getBytes(UTF_8));
        Files.delete(packed);
        ingest.settle();
        assertThat(ingest.tapeTexts(plain)).containsExactly("one\ntwo\nthree\n");
    }

    @Test
    void ofADamagedFileWhatComesBeforeIsReadAndItsBytesAreKept() throws IOException {
        begin(UnpackLimits.STANDARD, 0).start();
        byte[] damaged = new ZstdFrames().text(20, "whole\n").plain(9, 9, 9, 9).toBytes();
        Path file = appear("lasting-a.jsonl.zst", damaged);
        ingest.listener().awaitProblem("packed.broken", file);
        ingest.settle();
        assertThat(ingest.tapeTexts(file)).containsExactly("whole\n");
        assertThat(packedBytes(file, 1)).isEqualTo(damaged);
        Map<Path, FileTime> before = files();
        ingest.restart();
        ingest.listener().awaitProblem("packed.broken", file);
        ingest.settle();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void whatTheDiskHasNoRoomForIsNotBegunAndOthersGoOn() throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        // The most that may be written is 256 MiB, give or take what others on this disk do.
        begin(new UnpackLimits(8L << 40, 1_000_000), free - (256L << 20)).start();
        byte[] large = new ZstdFrames().blanks(20 * 1024).toBytes();
        Path file = appear("lasting-a.jsonl.zst", large);
        ingest.listener().awaitProblem("packed.room", file);
        Path plain = ingest.write("plain.jsonl", "one\n");
        ingest.listener().awaitText(plain, "one\n");
        assertThat(ingest.tapeTexts(file)).containsExactly("");
        assertThat(packedBytes(file, 1)).isEqualTo(large);
    }
}
