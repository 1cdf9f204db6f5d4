package dev.kept.tape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.testing.Generator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TapeTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Path SOURCE = Path.of("/home/a/projects/s.jsonl");

    @TempDir
    private Path folder;

    private Tape create(String name) throws IOException {
        Tape tape = Tape.create(folder.resolve(name), "claude", name, SOURCE, Path.of("/home/a"), "key", NOW);
        tape.publish();
        return tape;
    }

    private static void append(Tape tape, String text) throws IOException {
        tape.append(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private static byte[] readAll(TapeReader reader, int generation) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(reader.length(generation)) + 10);
        while (reader.read(generation, all.position(), all) > 0) {
            // Until the generation ends.
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    private static String text(TapeReader reader, int generation) throws IOException {
        return new String(readAll(reader, generation), UTF_8);
    }

    @Test
    void whatWasAppendedIsReadBackAndGoesOnAfterReopening() throws IOException {
        try (Tape tape = create("t")) {
            append(tape, "one\n");
            tape.force();
        }
        try (Tape tape = Tape.open(folder.resolve("t"))) {
            assertThat(tape.length()).isEqualTo(4);
            append(tape, "two\n");
            assertThat(tape.length()).isEqualTo(8);
        }
        assertThat(folder.resolve("t/0001.jsonl")).hasContent("one\ntwo\n");
    }

    @Test
    void aTapeWithoutBytesHasNoFileAndLengthZero() throws IOException {
        create("t").close();
        try (Tape tape = Tape.open(folder.resolve("t"));
                TapeReader reader = TapeReader.open(folder.resolve("t"))) {
            assertThat(tape.length()).isZero();
            assertThat(reader.length(1)).isZero();
            assertThat(reader.read(1, 0, ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(tape.read(1, 0, ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        assertThat(folder.resolve("t/0001.jsonl")).doesNotExist();
    }

    @Test
    void generationsShareTheirBeginningAndOldOnesStay() throws IOException {
        try (Tape tape = create("t")) {
            append(tape, "aaaabbbb");
            tape.beginGeneration(4, "its bytes changed in place", NOW);
            append(tape, "cc");
            tape.beginGeneration(5, "the file became shorter", NOW);
            append(tape, "dd");
            tape.beginGeneration(2, "again", NOW);
            try (TapeReader reader = TapeReader.open(folder.resolve("t"))) {
                assertThat(text(reader, 1)).isEqualTo("aaaabbbb");
                assertThat(text(reader, 2)).isEqualTo("aaaacc");
                assertThat(text(reader, 3)).isEqualTo("aaaacdd");
                assertThat(text(reader, 4)).isEqualTo("aa");
            }
            append(tape, "e");
        }
        try (Tape tape = Tape.open(folder.resolve("t"));
                TapeReader reader = TapeReader.open(folder.resolve("t"))) {
            assertThat(tape.generation()).isEqualTo(4);
            assertThat(tape.length()).isEqualTo(3);
            assertThat(text(reader, 4)).isEqualTo("aae");
            assertThat(tape.manifest().generation(3).why()).isEqualTo("the file became shorter");
        }
        assertThat(folder.resolve("t/0003.jsonl")).hasContent("dd");
    }

    @Test
    void anyCourseOfAppendsSealsRewritesAndReopeningsKeepsEveryGeneration() {
        Generator.forSeeds(60, random -> {
            try {
                Path at = folder.resolve("seed" + random.number());
                Tape tape = Tape.create(at, "claude", "x", SOURCE, SOURCE, "key", NOW);
                tape.force();
                List<byte[]> generations = new ArrayList<>(List.of(new byte[0]));
                for (int step = 0; step < 30; step++) {
                    byte[] newest = generations.getLast();
                    switch (random.below(7)) {
                        case 5 -> sealAll(tape);
                        case 6 -> sealInVain(tape, random);
                        case 0 -> {
                            int common = random.below(newest.length + 1);
                            tape.beginGeneration(common, "rewritten", NOW);
                            generations.add(Arrays.copyOf(newest, common));
                        }
                        case 1 -> {
                            tape.close();
                            tape = Tape.open(at);
                        }
                        default -> {
                            byte[] more = random.bytes(random.below(50));
                            tape.append(ByteBuffer.wrap(more));
                            byte[] grown = Arrays.copyOf(newest, newest.length + more.length);
                            System.arraycopy(more, 0, grown, newest.length, more.length);
                            generations.set(generations.size() - 1, grown);
                        }
                    }
                    assertThat(tape.length()).isEqualTo(generations.getLast().length);
                    int most = Math.min(generations.getLast().length, 256);
                    assertThat(tape.end(256))
                            .isEqualTo(Arrays.copyOfRange(
                                    generations.getLast(),
                                    generations.getLast().length - most,
                                    generations.getLast().length));
                    int generation = random.between(1, generations.size());
                    byte[] expected = generations.get(generation - 1);
                    int from = random.below(expected.length + 1);
                    ByteBuffer into = ByteBuffer.allocate(20);
                    int got = tape.read(generation, from, into);
                    assertThat(got).isEqualTo(from == expected.length ? -1 : into.position());
                    assertThat(Arrays.copyOf(into.array(), into.position()))
                            .isEqualTo(Arrays.copyOfRange(expected, from, from + into.position()));
                }
                tape.close();
                try (TapeReader reader = TapeReader.open(at)) {
                    for (int i = 0; i < generations.size(); i++) {
                        assertThat(readAll(reader, i + 1)).isEqualTo(generations.get(i));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void sealAll(Tape tape) throws IOException {
        tape.force();
        for (Segment segment : tape.sealable()) {
            try (Sealing sealing = Sealing.of(segment)) {
                while (!sealing.step()) {
                    // Slice by slice.
                }
                tape.seal(sealing);
            }
        }
        assertThat(tape.sealable()).isEmpty();
    }

    /** The source grows while its tape is being sealed. */
    private static void sealInVain(Tape tape, Generator random) throws IOException {
        tape.force();
        List<Segment> plain = tape.sealable();
        if (plain.isEmpty() || tape.length() == 0) {
            return;
        }
        try (Sealing sealing = Sealing.of(plain.getLast())) {
            for (int i = random.below(3); i > 0; i--) {
                sealing.step();
            }
        }
    }

    @Test
    void bytesThatAFailedAppendLeftBehindTheEndAreNotRead() throws IOException {
        try (Tape tape = create("t")) {
            append(tape, "good");
            Files.writeString(folder.resolve("t/0001.jsonl"), "goodgarbage");
            ByteBuffer into = ByteBuffer.allocate(20);
            assertThat(tape.read(1, 0, into)).isEqualTo(4);
            assertThat(into.limit()).isEqualTo(20);
            assertThat(tape.read(1, 4, into)).isEqualTo(-1);
            append(tape, "++");
        }
        assertThat(folder.resolve("t/0001.jsonl")).hasContent("good++rbage");
    }

    @Test
    void readersSeeBytesThatAreAddedLater() throws IOException {
        try (Tape tape = create("t");
                TapeReader reader = TapeReader.open(folder.resolve("t"))) {
            append(tape, "one");
            assertThat(text(reader, 1)).isEqualTo("one");
            append(tape, "two");
            assertThat(text(reader, 1)).isEqualTo("onetwo");
        }
    }

    @Test
    void aSourceThatMovedKeepsItsBytes() throws IOException {
        try (Tape tape = create("t")) {
            append(tape, "one");
            tape.noteMove(Path.of("/elsewhere/s.jsonl"), "key2");
            append(tape, "two");
        }
        try (Tape tape = Tape.open(folder.resolve("t"))) {
            assertThat(tape.manifest().path()).isEqualTo(Path.of("/elsewhere/s.jsonl"));
            assertThat(tape.manifest().fileKey()).isEqualTo("key2");
            assertThat(tape.manifest().firstSeen()).isEqualTo(NOW);
            assertThat(tape.length()).isEqualTo(6);
        }
    }

    @Test
    void aClosedTapeHoldsNoDescriptorAndStaysUsable() throws IOException {
        Tape tape = create("t");
        append(tape, "one");
        assertThat(tape.isOpen()).isTrue();
        tape.close();
        assertThat(tape.isOpen()).isFalse();
        tape.force();
        append(tape, "two");
        assertThat(tape.length()).isEqualTo(6);
        tape.close();
    }

    @Test
    void aDamagedCardNamesItsFile() throws IOException {
        create("t").close();
        Path card = folder.resolve("t").resolve(TapeManifest.FILE_NAME);
        String good = Files.readString(card);
        List<byte[]> damages = new ArrayList<>();
        damages.add(new byte[0]);
        damages.add(new byte[200]);
        damages.add(new byte[] {'{', (byte) 0xFF, '}'});
        damages.add("[]".getBytes(UTF_8));
        damages.add(good.substring(0, good.length() / 2).getBytes(UTF_8));
        damages.add(good.replace("\"number\"", "\"numbr\"").getBytes(UTF_8));
        damages.add(good.replaceAll("\"number\" *: *1", "\"number\": 2").getBytes(UTF_8));
        damages.add(
                good.replaceAll("\"number\" *: *1", "\"number\": 99999999999").getBytes(UTF_8));
        damages.add(good.replaceAll("\"commonPrefixLength\" *: *0", "\"commonPrefixLength\": 7")
                .getBytes(UTF_8));
        damages.add(good.replace("2026", "in the year 2026").getBytes(UTF_8));
        damages.add(good.replace("/home", "\\u0000/home").getBytes(UTF_8));
        damages.add(good.replaceAll("\"format\" *: *1", "\"format\": 2").getBytes(UTF_8));
        for (byte[] damage : damages) {
            assertThat(damage).isNotEqualTo(good.getBytes(UTF_8));
            Files.write(card, damage);
            assertThatThrownBy(() -> Tape.open(folder.resolve("t")))
                    .as(new String(damage, UTF_8))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(card.toString());
        }
        Files.delete(card);
        assertThatThrownBy(() -> Tape.open(folder.resolve("t")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(card.toString());
    }

    // A closed tape opens its file again for the next append.
    @Test
    @SuppressWarnings("try") // Closed and used again: that is what a tape allows.
    void aTapeThatWasNeverForcedIsNotThereAndIsBegunAnew() throws IOException {
        TapeLibrary library = new TapeLibrary(folder);
        Path at = library.folder("claude", "x");
        try (Tape tape = Tape.create(at, "claude", "x", SOURCE, SOURCE, "key", NOW)) {
            tape.append(ByteBuffer.wrap("what nobody read".getBytes(StandardCharsets.UTF_8)));
            tape.close();
            tape.append(ByteBuffer.wrap(" and more".getBytes(StandardCharsets.UTF_8)));
            assertThat(at.resolve("0001.jsonl")).hasContent("what nobody read and more");
        }
        assertThat(library.tapes("claude")).isEmpty();
        try (Tape tape = Tape.create(at, "claude", "x", SOURCE, SOURCE, "key", NOW)) {
            tape.append(ByteBuffer.wrap("anew".getBytes(StandardCharsets.UTF_8)));
            tape.force();
        }
        assertThat(library.tapes("claude")).containsExactly(at);
        assertThat(at.resolve("0001.jsonl")).hasContent("anew");
        try (Tape tape = Tape.open(at)) {
            assertThat(tape.length()).isEqualTo(4);
        }
    }

    @Test
    void theLibraryListsTapesWithACardAndNamesThemAfterTheirSource() throws IOException {
        TapeLibrary library = new TapeLibrary(folder);
        assertThat(library.tapes("claude")).isEmpty();
        Path source = Path.of("/a/b c/Ünder score.v2.jsonl");
        String id = TapeLibrary.sourceId(source);
        assertThat(id).matches("_nder_score-[0-9a-f]{16}");
        assertThat(TapeLibrary.sourceId(Path.of("/a/other/Ünder score.v2.jsonl")))
                .isNotEqualTo(id);
        Tape.create(library.folder("claude", id), "claude", id, source, source, "", NOW)
                .publish();
        Files.createDirectories(folder.resolve("claude/left-by-a-crash"));
        Files.writeString(folder.resolve("claude/a-file"), "");
        assertThat(library.tapes("claude"))
                .containsExactly(folder.resolve("claude").resolve(id));
    }
}
