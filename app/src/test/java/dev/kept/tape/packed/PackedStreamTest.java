package dev.kept.tape.packed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.kept.tape.packed.PackedFileException.Reason;
import dev.kept.testing.Generator;
import dev.kept.testing.ZstdFrames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedStreamTest {
    private static final UnpackLimits SMALL = new UnpackLimits(1L << 20, 200);

    @TempDir
    private Path folder;

    private byte[] unpack(byte[] packed, UnpackLimits limits) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Path file = Files.write(folder.resolve("a.zst"), packed);
        byte[] block = new byte[10_000];
        try (PackedStream stream = PackedStream.open(file, limits)) {
            for (int got = stream.read(block); got >= 0; got = stream.read(block)) {
                all.write(block, 0, got);
            }
        }
        return all.toByteArray();
    }

    private void assertRefused(byte[] packed, UnpackLimits limits, Reason reason) {
        assertThatThrownBy(() -> unpack(packed, limits))
                .isInstanceOfSatisfying(
                        PackedFileException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    /** The gate alone: what is refused here never reaches the library, which so takes no memory for it. */
    private static void assertRefusedBeforeTheLibrarySeesIt(byte[] packed, Reason reason) {
        FrameGate gate = new FrameGate(new ByteArrayInputStream(packed), SMALL.mostBytes());
        assertThatThrownBy(gate::readAllBytes)
                .isInstanceOfSatisfying(
                        PackedFileException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 19, 22})
    void whatZstdPacksIsUnpackedAtEveryLevel(int level) throws IOException {
        byte[] text = new Generator(level).text(300).repeat(2_000).getBytes(UTF_8);
        ByteArrayOutputStream streamed = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(streamed, Math.min(19, level))) {
            out.setChecksum(true);
            out.write(text);
        }
        assertThat(unpack(Zstd.compress(text, level), UnpackLimits.STANDARD)).isEqualTo(text);
        assertThat(unpack(streamed.toByteArray(), UnpackLimits.STANDARD)).isEqualTo(text);
    }

    @Test
    void framesThatFollowEachOtherAndSuchAsAreSkippedAreOneContent() throws IOException {
        byte[] packed = new ZstdFrames()
                .skipped(5)
                .text(10, "one\n")
                .skipped(3_000_000)
                .oneSegment(4, "two\n")
                .text(23, "three\n")
                .toBytes();
        assertThat(unpack(packed, SMALL)).asString(UTF_8).isEqualTo("one\ntwo\nthree\n");
        assertThat(unpack(new byte[0], SMALL)).isEmpty();
    }

    @Test
    void aFrameWithALargeWindowIsRefusedWhereverItStandsBeforeTheLibrarySeesIt() {
        for (int log : new int[] {24, 27, 31, 41}) {
            assertRefusedBeforeTheLibrarySeesIt(new ZstdFrames().text(log, "x").toBytes(), Reason.WINDOW);
            assertRefusedBeforeTheLibrarySeesIt(
                    new ZstdFrames().text(10, "x").skipped(3).text(log, "x").toBytes(), Reason.WINDOW);
        }
        for (long told : new long[] {(8L << 20) + 1, 128L << 20, Long.MAX_VALUE, -1}) {
            assertRefusedBeforeTheLibrarySeesIt(
                    new ZstdFrames().oneSegment(told, "x").toBytes(), Reason.WINDOW);
        }
    }

    @Test
    void theHeaderOfARefusedFrameIsNotLetThrough() throws IOException {
        byte[] first = new ZstdFrames().text(10, "first").toBytes();
        FrameGate gate = new FrameGate(
                new ByteArrayInputStream(
                        new ZstdFrames().text(10, "first").text(27, "x").toBytes()),
                SMALL.mostBytes());
        byte[] through = new byte[1_000];
        assertThat(gate.read(through, 0, through.length)).isEqualTo(first.length);
        assertThatThrownBy(() -> gate.read(through, 0, through.length)).isInstanceOf(PackedFileException.class);
    }

    @Test
    void whatUnpacksToMoreThanTheMostIsRefused() throws IOException {
        byte[] bomb = new ZstdFrames().blanks(9).toBytes();
        assertRefused(bomb, SMALL, Reason.EXPANSION);
        assertRefusedBeforeTheLibrarySeesIt(bomb, Reason.EXPANSION);
        // Many small frames, each allowed by itself.
        ZstdFrames many = new ZstdFrames();
        for (int i = 0; i < 9; i++) {
            many.blanks(1);
        }
        assertRefused(many.toBytes(), SMALL, Reason.EXPANSION);
        // Blocks that are packed: their headers do not tell what they hold.
        assertRefused(Zstd.compress(new byte[2 << 20]), SMALL, Reason.EXPANSION);
        ByteArrayOutputStream untold = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(untold)) {
            out.write("ab ".repeat(1 << 20).getBytes(UTF_8));
        }
        assertRefused(untold.toByteArray(), SMALL, Reason.EXPANSION);
        assertThat(unpack(new ZstdFrames().blanks(8).toBytes(), SMALL)).hasSize(1 << 20);
    }

    @Test
    void theMostFollowsTheLengthOfTheFileAboveAFloorAndBelowAnAbsoluteLimit() {
        UnpackLimits limits = new UnpackLimits(8L << 30, 200);
        assertThat(limits.most(10)).isEqualTo(64L << 20);
        assertThat(limits.most(1L << 20)).isEqualTo(200L << 20);
        assertThat(limits.most(1L << 30)).isEqualTo(8L << 30);
        assertThat(limits.most(Long.MAX_VALUE)).isEqualTo(8L << 30);
        assertThat(new UnpackLimits(1000, 1).most(10)).isEqualTo(1000);
    }

    @Test
    void aDictionaryAndWhatIsNoFrameIsSaid() {
        assertRefused(new ZstdFrames().withDictionary("x").toBytes(), SMALL, Reason.DICTIONARY);
        assertRefused("{\"type\":\"x\"}\n".getBytes(UTF_8), SMALL, Reason.BROKEN);
        assertRefused(new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0}, SMALL, Reason.BROKEN);
        assertRefused(new byte[] {0x28}, SMALL, Reason.BROKEN);
        assertRefused(new ZstdFrames().text(10, "x").plain(1, 2, 3, 4, 5).toBytes(), SMALL, Reason.BROKEN);
        // An earlier format of zstd, which the library may still read.
        assertRefused(new ZstdFrames().plain(0x27, 0xB5, 0x2F, 0xFD, 0, 0, 0).toBytes(), SMALL, Reason.BROKEN);
    }

    @Test
    void whereverAFileIsCutOffWhatComesBeforeIsReadAndTheRestIsSaidToBeMissing() throws IOException {
        byte[] text = new Generator(7).text(100).repeat(30).getBytes(UTF_8);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(new ZstdFrames().text(20, "before\n").toBytes());
        whole.writeBytes(Zstd.compress(text));
        for (int cut = 1; cut < whole.size(); cut++) {
            byte[] packed = Arrays.copyOf(whole.toByteArray(), cut);
            Path file = Files.write(folder.resolve("cut.zst"), packed);
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            byte[] block = new byte[500];
            boolean said = false;
            try (PackedStream stream = PackedStream.open(file, SMALL)) {
                for (int got = stream.read(block); got >= 0; got = stream.read(block)) {
                    read.write(block, 0, got);
                }
            } catch (PackedFileException e) {
                said = e.reason() == Reason.BROKEN;
            }
            int first = new ZstdFrames().text(20, "before\n").toBytes().length;
            assertThat(said).as("cut at " + cut).isEqualTo(cut != first);
            assertThat(read.toString(UTF_8)).isEqualTo(cut >= first ? "before\n" : read.toString(UTF_8));
        }
    }

    @Test
    void bytesThatYieldNothingAreReadASliceAtATime() throws IOException {
        ZstdFrames frames = new ZstdFrames();
        for (int i = 0; i < 400_000; i++) {
            frames.text(10, "");
        }
        Path file =
                Files.write(folder.resolve("empty.zst"), frames.text(10, "end").toBytes());
        byte[] block = new byte[100];
        int pauses = 0;
        try (PackedStream stream = PackedStream.open(file, SMALL)) {
            int got = stream.read(block);
            while (got == 0) {
                pauses++;
                got = stream.read(block);
            }
            assertThat(new String(block, 0, got, UTF_8)).isEqualTo("end");
            assertThat(stream.read(block)).isEqualTo(-1);
        }
        assertThat(pauses).isBetween(2, 5);
    }
}
