package dev.kept.tape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStream;
import dev.kept.testing.Generator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealingTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Path SOURCE = Path.of("/home/a/projects/s.jsonl");
    private static final int FRAME = Sealing.FRAME_BYTES;

    @TempDir
    private Path folder;

    private Tape tape(String name, byte[] content) throws IOException {
        Tape tape = Tape.create(folder.resolve(name), "claude", name, SOURCE, SOURCE, "key", NOW);
        tape.append(ByteBuffer.wrap(content));
        tape.force();
        return tape;
    }

    /** Text that packs well, with a few bytes between that do not. */
    private static byte[] lines(int length, int seed) {
        Generator random = new Generator(seed);
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            text.append("{\"type\":\"user\",\"uuid\":\"")
                    .append(random.below(1 << 30))
                    .append("\"}\n");
        }
        return text.substring(0, length).getBytes(UTF_8);
    }

    private static void seal(Tape tape) throws IOException {
        for (Segment segment : tape.sealable()) {
            try (Sealing sealing = Sealing.of(segment)) {
                while (!sealing.step()) {
                    // Slice by slice.
                }
                tape.seal(sealing);
            }
        }
    }

    private static byte[] read(Path tape, int generation) throws IOException {
        try (TapeReader reader = TapeReader.open(tape)) {
            return read(reader, generation);
        }
    }

    private static byte[] read(TapeReader reader, int generation) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(reader.length(generation)) + 1);
        while (reader.read(generation, all.position(), all) > 0) {
            // Until the generation ends.
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    private List<String> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> !file.equals(TapeManifest.FILE_NAME))
                    .sorted()
                    .toList();
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    @Test
    void aSealedTapeIsOneFileThatOthersCanUnpackAndOnlyItsOwnerCanRead() throws IOException {
        byte[] content = lines(3 * FRAME + 77, 1);
        try (Tape tape = tape("t", content)) {
            FileTime appended = FileTime.from(Instant.parse("2025-05-06T07:08:09Z"));
            Files.setLastModifiedTime(folder.resolve("t/0001.jsonl"), appended);
            seal(tape);
            assertThat(tape.lastAppended()).isEqualTo(appended);
            assertThat(tape.length()).isEqualTo(content.length);
        }
        assertThat(files("t")).containsExactly("0001.jsonl.zst");
        Path sealed = folder.resolve("t/0001.jsonl.zst");
        assertThat(Files.size(sealed)).isLessThan(content.length / 2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sealed)))
                .isEqualTo("rw-------");
        try (InputStream unpacked = new ZstdInputStream(Files.newInputStream(sealed)).setContinuous(true)) {
            assertThat(unpacked.readAllBytes()).isEqualTo(content);
        }
        assertThat(read(folder.resolve("t"), 1)).isEqualTo(content);
        try (Tape again = Tape.open(folder.resolve("t"))) {
            assertThat(again.length()).isEqualTo(content.length);
        }
    }

    @Test
    void aSourceThatGrowsAgainGoesOnInAnotherFileThatIsSealedByItself() throws IOException {
        byte[] content = lines(FRAME + 5, 2);
        try (Tape tape = tape("t", content);
                TapeReader before = TapeReader.open(folder.resolve("t"))) {
            assertThat(read(before, 1)).isEqualTo(content);
            seal(tape);
            byte[] sealed = Files.readAllBytes(folder.resolve("t/0001.jsonl.zst"));
            for (int i = 0; i < 3; i++) {
                byte[] more = lines(1000 + i, 3 + i);
                tape.append(ByteBuffer.wrap(more));
                tape.force();
                content = join(content, more);
                assertThat(read(before, 1)).isEqualTo(content);
                assertThat(read(folder.resolve("t"), 1)).isEqualTo(content);
                seal(tape);
                assertThat(read(before, 1)).isEqualTo(content);
            }
            assertThat(Files.readAllBytes(folder.resolve("t/0001.jsonl.zst"))).isEqualTo(sealed);
        }
        assertThat(files("t"))
                .containsExactlyInAnyOrder(
                        "0001.jsonl.zst",
                        "0001.next-000000000262149.jsonl.zst",
                        "0001.next-000000000263149.jsonl.zst",
                        "0001.next-000000000264150.jsonl.zst");
        assertThat(read(folder.resolve("t"), 1)).isEqualTo(content);
    }

    @Test
    void aReadFromTheMiddleUnpacksOneFrameAndTheLastBytesNone() throws IOException {
        byte[] content = lines(40 * FRAME, 4);
        try (Tape tape = tape("t", content)) {
            seal(tape);
            Path sealed = folder.resolve("t/0001.jsonl.zst");
            // All frames but one made unreadable: whoever touches another one fails.
            byte[] good = Files.readAllBytes(sealed);
            int third = ByteBuffer.wrap(good)
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                            .getInt(tableAt(good, 40))
                    * 20;
            assertThat(tape.end(256)).isEqualTo(Arrays.copyOfRange(content, content.length - 256, content.length));
            Files.write(sealed, spoiled(good, 0, third / 2));
            assertThat(tape.end(256)).isEqualTo(Arrays.copyOfRange(content, content.length - 256, content.length));
            ByteBuffer into = ByteBuffer.allocate(64);
            try (TapeReader reader = tape.reader()) {
                assertThat(reader.read(1, 39L * FRAME + 1000, into)).isEqualTo(64);
                assertThat(into.array()).isEqualTo(Arrays.copyOfRange(content, 39 * FRAME + 1000, 39 * FRAME + 1064));
                assertThat(reader.heldBytes()).isBetween((long) FRAME, FRAME + 2000L);
                assertThatThrownBy(() -> reader.read(1, 100, into.clear()))
                        .isInstanceOf(DamagedTapeException.class)
                        .hasMessageContaining("0001.jsonl.zst")
                        .hasMessageContaining("from 0 to " + FRAME);
                // The rest is readable still.
                assertThat(reader.read(1, 39L * FRAME + 1000, into.clear())).isEqualTo(64);
            }
        }
    }

    private static int tableAt(byte[] file, int frames) {
        return file.length - SealedFile.FOOTER_BYTES - SealedFile.ENTRY_BYTES * frames;
    }

    private static byte[] spoiled(byte[] good, int from, int to) {
        byte[] bad = good.clone();
        for (int i = from; i < to; i++) {
            bad[i] ^= 0x55;
        }
        return bad;
    }

    @Test
    void anyFlippedBitIsFoundAndNoOtherFrameSuffers() throws IOException {
        byte[] content = lines(4 * FRAME + 123, 5);
        try (Tape tape = tape("t", content)) {
            seal(tape);
        }
        Path sealed = folder.resolve("t/0001.jsonl.zst");
        byte[] good = Files.readAllBytes(sealed);
        Generator.forSeeds(200, random -> {
            try {
                byte[] bad = good.clone();
                int at = random.oneIn(3) ? good.length - 1 - random.below(400) : random.below(good.length);
                bad[at] ^= (byte) (1 << random.below(8));
                Files.write(sealed, bad);
                int damagedFrames = 0;
                try (SealedFile file = SealedFile.open(sealed)) {
                    assertThat(file.length()).isEqualTo(content.length);
                    for (int frame = 0; frame < 5; frame++) {
                        int from = frame * FRAME;
                        ByteBuffer into = ByteBuffer.allocate(Math.min(FRAME, content.length - from));
                        try {
                            file.read(from, into);
                            assertThat(into.array())
                                    .isEqualTo(Arrays.copyOfRange(content, from, from + into.capacity()));
                        } catch (DamagedTapeException found) {
                            damagedFrames++;
                        }
                    }
                    assertThat(damagedFrames).isLessThanOrEqualTo(1);
                    // The note and the table are checked when the file is opened: what opened has its damage in a
                    // frame.
                    assertThat(damagedFrames == 1 || isInNoteHead(at, good)).isTrue();
                } catch (DamagedTapeException atOpening) {
                    assertThat(atOpening).hasMessageContaining(sealed.toString());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The length in the note's head says the same as the table; that zstd's own tools skip it is all it is for. */
    private static boolean isInNoteHead(int at, byte[] file) {
        int note = tableAt(file, 5) - SealedFile.HEADER_BYTES - SealedFile.END_BYTES - SealedFile.NOTE_FIXED_BYTES - 8;
        return at >= note + 4 && at < note + 8;
    }

    @Test
    void aFileThatIsCutOffAnywhereIsDamaged() throws IOException {
        try (Tape tape = tape("t", lines(FRAME + 123, 6))) {
            seal(tape);
        }
        Path sealed = folder.resolve("t/0001.jsonl.zst");
        byte[] good = Files.readAllBytes(sealed);
        for (int length = 0; length < good.length; length += length < good.length - 500 ? 997 : 1) {
            Files.write(sealed, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Tape.open(folder.resolve("t")))
                    .isInstanceOf(DamagedTapeException.class)
                    .hasMessageContaining(sealed.toString());
        }
    }

    @Test
    void whatGrewWhileItWasSealedStaysPlain() throws IOException {
        byte[] content = lines(1000, 7);
        try (Tape tape = tape("t", content);
                Sealing sealing = Sealing.of(tape.sealable().getFirst())) {
            while (!sealing.step()) {
                // Slice by slice.
            }
            tape.append(ByteBuffer.wrap(content));
            tape.force();
            assertThat(tape.seal(sealing)).isFalse();
            assertThat(tape.length()).isEqualTo(2000);
        }
        assertThat(files("t")).containsExactly("0001.jsonl");
        assertThat(read(folder.resolve("t"), 1)).isEqualTo(join(content, content));
    }

    @Test
    void whatIsReadBackOtherwiseThanItWasPackedIsNotPublished() throws IOException {
        byte[] content = lines(2 * FRAME, 8);
        try (Tape tape = tape("t", content);
                Sealing sealing = Sealing.of(tape.sealable().getFirst())) {
            sealing.step();
            sealing.step();
            sealing.step();
            Path packed = folder.resolve("t/0001.jsonl.zst.new");
            byte[] bad = Files.readAllBytes(packed);
            bad[bad.length / 2] ^= 1;
            Files.write(packed, bad);
            assertThatThrownBy(() -> {
                        while (!sealing.step()) {
                            // Slice by slice.
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> tape.seal(sealing)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(files("t")).containsExactly("0001.jsonl", "sums-0001");
        assertThat(read(folder.resolve("t"), 1)).isEqualTo(content);
    }

    @Test
    void aDamagedBlockIsNotSealedAsIfItWereTheAgentsWords() throws IOException {
        byte[] content = lines(3 * FRAME + 5, 13);
        int flipped = 2 * FRAME + 3 * SumFile.BLOCK_BYTES - 1;
        Path plain = folder.resolve("t/0001.jsonl");
        try (Tape tape = tape("t", content)) {
            byte[] bad = content.clone();
            bad[flipped] ^= 4;
            Files.write(plain, bad);
            assertThatThrownBy(() -> seal(tape))
                    .isInstanceOf(DamagedTapeException.class)
                    .hasMessageContaining(
                            plain + ": the bytes from " + (flipped + 1 - SumFile.BLOCK_BYTES) + " to " + (flipped + 1));
            assertThat(files("t")).containsExactly("0001.jsonl", "sums-0001");
            assertThat(Files.readAllBytes(plain)).isEqualTo(bad);
            Files.write(plain, content);
            seal(tape);
        }
        assertThat(files("t")).containsExactly("0001.jsonl.zst");
    }

    private static final class Crash extends IOException {
        private static final long serialVersionUID = 1;
    }

    /**
     * Whatever it was at when everything stopped, all bytes are there, more can be added, and the next attempt ends it.
     */
    @Test
    void aCrashBeforeAnyStepLosesNothing() throws IOException {
        byte[] content = lines(3 * FRAME + 9, 9);
        byte[] more = lines(500, 10);
        List<Sealing.Step> met = new ArrayList<>();
        for (int crashAt = 0; ; crashAt++) {
            String name = "t" + crashAt;
            Path at = folder.resolve(name);
            int last = crashAt;
            List<Sealing.Step> steps = new ArrayList<>();
            boolean crashed = false;
            // Neither is closed in order: what a closing would tidy away is left behind by a crash.
            Tape tape = tape(name, content);
            Sealing sealing = Sealing.of(tape.sealable().getFirst(), step -> {
                if (steps.size() == last) {
                    throw new Crash();
                }
                steps.add(step);
            });
            try {
                while (!sealing.step()) {
                    // Slice by slice.
                }
                tape.seal(sealing);
            } catch (Crash stopped) {
                crashed = true;
            }
            byte[] temporary = Files.exists(at.resolve("0001.jsonl.zst.new"))
                    ? Files.readAllBytes(at.resolve("0001.jsonl.zst.new"))
                    : new byte[0];
            sealing.close();
            tape.close();
            if (temporary.length > 0) {
                // What a power cut leaves of a file that was not forced yet may be anything.
                Files.write(at.resolve("0001.jsonl.zst.new"), Arrays.copyOf(temporary, temporary.length / 2));
            }
            assertThat(read(at, 1)).as("before step %d of %s", crashAt, steps).isEqualTo(content);
            try (Tape again = Tape.open(at)) {
                assertThat(again.length()).isEqualTo(content.length);
                again.append(ByteBuffer.wrap(more));
                again.force();
                assertThat(read(at, 1)).isEqualTo(join(content, more));
                seal(again);
                assertThat(again.sealable()).isEmpty();
            }
            assertThat(read(at, 1)).isEqualTo(join(content, more));
            assertThat(files(name)).allMatch(file -> file.endsWith(".zst"));
            if (!crashed) {
                met.addAll(steps);
                break;
            }
        }
        assertThat(met)
                .endsWith(
                        Sealing.Step.RENAME,
                        Sealing.Step.FORCE_FOLDER,
                        Sealing.Step.REMOVE_SUMS,
                        Sealing.Step.REMOVE,
                        Sealing.Step.FORCE_FOLDER_AGAIN);
        assertThat(met.subList(0, met.indexOf(Sealing.Step.RENAME)))
                .contains(Sealing.Step.CREATE, Sealing.Step.WRITE, Sealing.Step.FORCE, Sealing.Step.CHECK);
        assertThat(met.lastIndexOf(Sealing.Step.WRITE)).isLessThan(met.lastIndexOf(Sealing.Step.FORCE));
        assertThat(met.lastIndexOf(Sealing.Step.FORCE)).isLessThan(met.indexOf(Sealing.Step.CHECK));
    }

    @Test
    void anEmptyGenerationHasNothingToSeal() throws IOException {
        try (Tape tape = tape("t", new byte[0])) {
            assertThat(tape.sealable()).isEmpty();
            tape.append(ByteBuffer.wrap(new byte[] {1}));
            assertThat(tape.sealable()).as("not durable yet").isEmpty();
            tape.force();
            tape.beginGeneration(1, "rewritten", NOW);
            assertThat(tape.sealable()).hasSize(1);
            seal(tape);
            assertThat(read(folder.resolve("t"), 1)).containsExactly(1);
            assertThat(read(folder.resolve("t"), 2)).containsExactly(1);
            tape.append(ByteBuffer.wrap(new byte[] {2}));
            assertThat(read(folder.resolve("t"), 2)).containsExactly(1, 2);
        }
    }

    @Test
    void aGenerationSharesBytesThatAreSealed() throws IOException {
        byte[] content = lines(2 * FRAME + 50, 11);
        try (Tape tape = tape("t", content)) {
            seal(tape);
            tape.beginGeneration(FRAME + 10, "rewritten", NOW);
            byte[] more = lines(100, 12);
            tape.append(ByteBuffer.wrap(more));
            tape.force();
            seal(tape);
            assertThat(read(folder.resolve("t"), 2)).isEqualTo(join(Arrays.copyOf(content, FRAME + 10), more));
            assertThat(read(folder.resolve("t"), 1)).isEqualTo(content);
        }
    }
}
