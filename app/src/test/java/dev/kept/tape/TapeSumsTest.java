package dev.kept.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.testing.Generator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage to a plain tape is found where its blocks have sums; an honest tape is never called damaged. */
class TapeSumsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Path SOURCE = Path.of("/home/a/projects/s.jsonl");
    private static final int BLOCK = SumFile.BLOCK_BYTES;

    @TempDir
    private Path folder;

    private int courses;

    /** Seeds may draw the same number. */
    private String fresh() {
        return "t" + courses++;
    }

    private Path at(String name) {
        return folder.resolve(name);
    }

    private Tape create(String name) throws IOException {
        return Tape.create(at(name), "claude", name, SOURCE, SOURCE, "key", NOW);
    }

    /** In pieces as they come from a source that grows. */
    private static void append(Tape tape, byte[] bytes, Generator random) throws IOException {
        int from = 0;
        while (from < bytes.length) {
            int count = Math.min(bytes.length - from, random.between(1, random.oneIn(3) ? 300_000 : 9000));
            ByteBuffer piece = ByteBuffer.wrap(bytes, from, count);
            tape.append(piece);
            assertThat(piece.hasRemaining()).isFalse();
            from += count;
        }
    }

    private static byte[] read(TapeReader reader, int generation) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(reader.length(generation)) + 1);
        while (reader.read(generation, all.position(), all) > 0) {
            // Until the generation ends.
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    private static byte[] checked(Path tape, int generation) throws IOException {
        try (TapeReader reader = TapeReader.checked(tape)) {
            return read(reader, generation);
        }
    }

    private static void flip(Path file, long position, int bit) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) position] ^= (byte) (1 << bit);
        Files.write(file, bytes);
    }

    @Test
    void anyFlippedBitOfAWholeBlockIsFoundWithItsPlaceAndAllOtherBlocksAreRead() {
        Generator.forSeeds(60, random -> {
            try {
                String name = fresh();
                Path file = at(name).resolve("0001.jsonl");
                byte[] bytes = random.bytes(random.between(1, 5) * BLOCK + random.below(BLOCK));
                try (Tape tape = create(name)) {
                    append(tape, bytes, random);
                    tape.force();
                }
                assertThat(checked(at(name), 1)).isEqualTo(bytes);
                int whole = bytes.length / BLOCK;
                int flipped = random.below(whole * BLOCK);
                int damaged = flipped / BLOCK;
                flip(file, flipped, random.below(8));
                try (TapeReader reader = TapeReader.checked(at(name))) {
                    for (int block = 0; block <= whole; block++) {
                        int from = block * BLOCK;
                        ByteBuffer into = ByteBuffer.allocate(Math.min(BLOCK, bytes.length - from));
                        if (block == damaged) {
                            assertThatThrownBy(() -> reader.read(1, from + random.below(BLOCK), into))
                                    .isInstanceOf(DamagedTapeException.class)
                                    .hasMessageContaining(
                                            file + ": the bytes from " + from + " to " + (from + BLOCK) + " are");
                        } else {
                            while (into.hasRemaining() && reader.read(1, from + into.position(), into) > 0) {
                                // Until the block is whole.
                            }
                            assertThat(into.array()).isEqualTo(Arrays.copyOfRange(bytes, from, from + into.capacity()));
                        }
                    }
                }
                // Who does not ask for it gets the bytes as they are.
                try (TapeReader reader = TapeReader.open(at(name))) {
                    assertThat(read(reader, 1)).isEqualTo(Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void sharedBeginningsAndWhatGrewAfterItWasSealedAreCheckedWhereTheyStand() throws IOException {
        Generator random = new Generator(3);
        byte[] first = random.bytes(3 * BLOCK);
        byte[] second = random.bytes(2 * BLOCK);
        byte[] third = random.bytes(2 * BLOCK);
        try (Tape tape = create("t")) {
            append(tape, first, random);
            tape.beginGeneration(2 * BLOCK + 5, "rewritten", NOW);
            append(tape, second, random);
            tape.force();
            seal(tape, "0002.jsonl");
            append(tape, third, random);
            tape.force();
        }
        String grown = "0002.next-%015d".formatted(2 * BLOCK);
        assertThat(at("t")).isDirectoryContaining("glob:**/sums-0001").isDirectoryContaining("glob:**/sums-" + grown);
        byte[] all = checked(at("t"), 2);
        assertThat(all).hasSize(2 * BLOCK + 5 + 4 * BLOCK);
        flip(at("t").resolve(grown + ".jsonl"), BLOCK + 7, 0);
        assertThatThrownBy(() -> checked(at("t"), 2))
                .isInstanceOf(DamagedTapeException.class)
                .hasMessageContaining(grown + ".jsonl: the bytes from " + BLOCK);
        assertThat(checked(at("t"), 1)).isEqualTo(first);
        flip(at("t").resolve("0001.jsonl"), 9, 0);
        assertThatThrownBy(() -> checked(at("t"), 2)).hasMessageContaining("0001.jsonl: the bytes from 0 to " + BLOCK);
    }

    private static void seal(Tape tape, String name) throws IOException {
        for (Segment segment : tape.sealable()) {
            if (segment.file().endsWith(name) || name.isEmpty()) {
                try (Sealing sealing = Sealing.of(segment)) {
                    while (!sealing.step()) {
                        // Slice by slice.
                    }
                    tape.seal(sealing);
                }
            }
        }
    }

    @Test
    void sumsAreTheirOwnersAloneAndATapeOfLessThanABlockHasNone() throws IOException {
        try (Tape tape = create("t")) {
            tape.append(ByteBuffer.wrap(new byte[BLOCK - 1]));
            tape.force();
            assertThat(at("t").resolve("sums-0001")).doesNotExist();
            tape.append(ByteBuffer.wrap(new byte[1]));
        }
        Path sums = at("t").resolve("sums-0001");
        assertThat(sums).hasSize(SumFile.HEADER_BYTES + SumFile.ENTRY_BYTES);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sums)))
                .isEqualTo("rw-------");
    }

    @Test
    void sumsThatACrashLeftBehindAreMadeUpForWhenTheTapeGrows() throws IOException {
        Generator random = new Generator(11);
        byte[] bytes = random.bytes(5 * BLOCK + 100);
        try (Tape tape = create("t")) {
            append(tape, bytes, random);
            tape.force();
        }
        Path sums = at("t").resolve("sums-0001");
        byte[] whole = Files.readAllBytes(sums);
        for (int left = 0; left <= whole.length; left++) {
            Files.write(sums, Arrays.copyOf(whole, left));
            try (Tape tape = Tape.open(at("t"))) {
                tape.append(ByteBuffer.allocate(1));
            }
            assertThat(Files.readAllBytes(sums)).as("%d bytes of it", left).isEqualTo(whole);
        }
        Files.delete(sums);
        try (Tape tape = Tape.open(at("t"))) {
            tape.append(ByteBuffer.allocate(1));
        }
        assertThat(Files.readAllBytes(sums)).isEqualTo(whole);
    }

    @Test
    void sumsOfBytesThatAPowerCutTookAreGoneBeforeOthersStandThere() throws IOException {
        Generator random = new Generator(14);
        try (Tape tape = create("t")) {
            append(tape, random.bytes(4 * BLOCK), random);
            tape.force();
        }
        Path plain = at("t").resolve("0001.jsonl");
        byte[] left = Arrays.copyOf(Files.readAllBytes(plain), 2 * BLOCK - 1);
        Files.write(plain, left);
        assertThat(checked(at("t"), 1)).isEqualTo(left);
        try (Tape tape = Tape.open(at("t"))) {
            tape.append(ByteBuffer.allocate(0));
            assertThat(at("t").resolve("sums-0001")).hasSize(SumFile.HEADER_BYTES + SumFile.ENTRY_BYTES);
        }
    }

    @Test
    void whatIsTakenBackTakesItsSumsAlong() throws IOException {
        Generator random = new Generator(12);
        byte[] bytes = random.bytes(3 * BLOCK);
        try (Tape tape = create("t")) {
            append(tape, bytes, random);
            tape.force();
            tape.cut(2 * BLOCK - 1);
            assertThat(at("t").resolve("sums-0001")).hasSize(SumFile.HEADER_BYTES + SumFile.ENTRY_BYTES);
            append(tape, random.bytes(BLOCK), random);
        }
        assertThat(checked(at("t"), 1)).hasSize(3 * BLOCK - 1);
    }

    @Test
    void whateverBecomesOfTheSumsAnHonestTapeIsReadAndGrows() {
        Generator.forSeeds(80, random -> {
            try {
                String name = fresh();
                byte[] bytes = random.bytes(random.between(1, 4) * BLOCK + random.below(BLOCK));
                try (Tape tape = create(name)) {
                    append(tape, bytes, random);
                    tape.force();
                }
                Path sums = at(name).resolve("sums-0001");
                spoil(sums, random);
                assertThat(checked(at(name), 1)).isEqualTo(bytes);
                byte[] more = random.bytes(2 * BLOCK);
                try (Tape tape = Tape.open(at(name))) {
                    append(tape, more, random);
                    tape.force();
                }
                byte[] all = Arrays.copyOf(bytes, bytes.length + more.length);
                System.arraycopy(more, 0, all, bytes.length, more.length);
                assertThat(checked(at(name), 1)).isEqualTo(all);
                // What was added since is checked, whatever became of the sums before.
                flip(at(name).resolve("0001.jsonl"), (long) all.length / BLOCK * BLOCK - 1, random.below(8));
                assertThatThrownBy(() -> checked(at(name), 1)).isInstanceOf(DamagedTapeException.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void spoil(Path sums, Generator random) throws IOException {
        byte[] good = Files.readAllBytes(sums);
        switch (random.below(7)) {
            case 0 -> Files.delete(sums);
            case 1 -> Files.write(sums, Arrays.copyOf(good, random.below(good.length)));
            case 2 -> {
                byte[] longer = random.bytes(good.length + random.between(1, 100));
                System.arraycopy(good, 0, longer, 0, good.length);
                Files.write(sums, longer);
            }
            case 3 -> flip(sums, random.below(good.length), random.below(8));
            case 4 -> {
                good[4]++;
                Files.write(sums, good);
            }
            case 5 -> {
                // Whole pages that were never written.
                int from = random.below(good.length);
                Arrays.fill(good, from, random.between(from, good.length), (byte) 0);
                Files.write(sums, good);
            }
            default -> Files.write(sums, random.bytes(random.below(100)));
        }
    }

    /**
     * What a power cut may leave of sums that are never forced: any of the states since they were last taken back,
     * block by block; and of the tape what was forced, and any part of the rest.
     */
    private static final class Disk {
        private final Path folder;
        private final List<byte[]> sums = new ArrayList<>();
        private Path plain;
        private long forced;

        Disk(Path folder) throws IOException {
            this.folder = folder;
            this.plain = folder;
            begin();
        }

        /** Another plain segment is the newest now, and all before it was forced. */
        void begin() throws IOException {
            sums.clear();
            sums.add(new byte[0]);
            plain = folder.resolve(Segment.name(
                    TapeManifest.read(folder).newest().number(),
                    Segments.of(folder, TapeManifest.read(folder).newest().number())
                            .sealedLength()));
            forced();
        }

        void forced() throws IOException {
            forced = Files.exists(plain) ? Files.size(plain) : 0;
        }

        /** What stands there now may be on disk, or not. */
        void written() throws IOException {
            Path file = SumFile.of(plain);
            sums.add(Files.exists(file) ? Files.readAllBytes(file) : new byte[0]);
        }

        /** The sums are about to be taken back to so many bytes of the segment, which is forced if it removes any. */
        void cut(long length) throws IOException {
            Path file = SumFile.of(plain);
            byte[] now = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            int keep = SumFile.HEADER_BYTES + (int) (length / BLOCK) * SumFile.ENTRY_BYTES;
            if (now.length > keep) {
                sums.clear();
                sums.add(Arrays.copyOf(now, keep));
            }
            forced = Math.min(forced, length);
        }

        /** Cuts the power; answers how long the segment is now. */
        long powerCut(Generator random) throws IOException {
            long length = 0;
            if (Files.exists(plain)) {
                byte[] bytes = Files.readAllBytes(plain);
                length = forced + random.below((int) (bytes.length - forced) + 1);
                Files.write(plain, Arrays.copyOf(bytes, (int) length));
            }
            byte[] left = random.oneOf(sums).clone();
            for (int at = 0; at < left.length; at += SumFile.ENTRY_BYTES) {
                byte[] from = random.oneOf(sums);
                int count = Math.min(SumFile.ENTRY_BYTES, left.length - at);
                if (at > 0 && from.length >= at + count) {
                    System.arraycopy(from, at, left, at, count);
                }
            }
            if (left.length > 0 || Files.exists(SumFile.of(plain))) {
                Files.write(SumFile.of(plain), left);
            }
            sums.clear();
            sums.add(left);
            forced = length;
            return length;
        }
    }

    @Test
    void noHonestTapeIsCalledDamagedAfterAnyCourseOfAppendsCutsSealsRewritesAndPowerCuts() {
        Generator.forSeeds(40, random -> {
            try {
                course(at(fresh()), random);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void course(Path at, Generator random) throws IOException {
        Tape tape = Tape.create(at, "claude", "x", SOURCE, SOURCE, "key", NOW);
        tape.force();
        Disk disk = new Disk(at);
        List<byte[]> generations = new ArrayList<>(List.of(new byte[0]));
        long plainStart = 0;
        boolean begun = false;
        for (int step = 0; step < 30; step++) {
            byte[] newest = generations.getLast();
            switch (random.below(12)) {
                case 0 -> {
                    int common = random.below(newest.length + 1);
                    tape.beginGeneration(common, "rewritten", NOW);
                    generations.add(Arrays.copyOf(newest, common));
                    plainStart = common;
                    disk.begin();
                    begun = false;
                }
                case 1 -> {
                    tape.close();
                    tape = Tape.open(at);
                    begun = false;
                }
                case 2, 3, 4 -> {
                    tape.close();
                    long length = disk.powerCut(random);
                    generations.set(generations.size() - 1, Arrays.copyOf(newest, (int) (plainStart + length)));
                    tape = Tape.open(at);
                    begun = false;
                }
                case 5 -> {
                    int to = random.between((int) plainStart, newest.length);
                    if (to < newest.length) {
                        disk.cut(to - plainStart);
                        tape.cut(to);
                        disk.written();
                        generations.set(generations.size() - 1, Arrays.copyOf(newest, to));
                        begun = false;
                    }
                }
                case 6 -> {
                    tape.force();
                    disk.forced();
                }
                case 7 -> {
                    tape.force();
                    seal(tape, "");
                    plainStart = newest.length;
                    disk.begin();
                    begun = false;
                }
                default -> {
                    byte[] more = random.bytes(random.below(random.oneIn(2) ? 4 * BLOCK : BLOCK / 2));
                    if (!begun) {
                        disk.cut(newest.length - plainStart);
                        begun = true;
                    }
                    tape.append(ByteBuffer.wrap(more));
                    disk.written();
                    byte[] grown = Arrays.copyOf(newest, newest.length + more.length);
                    System.arraycopy(more, 0, grown, newest.length, more.length);
                    generations.set(generations.size() - 1, grown);
                }
            }
            assertThat(tape.length()).isEqualTo(generations.getLast().length);
            for (int i = 0; i < generations.size(); i++) {
                assertThat(Arrays.mismatch(checked(at, i + 1), generations.get(i)))
                        .isEqualTo(-1);
            }
        }
        tape.close();
    }
}
