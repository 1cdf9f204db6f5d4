package dev.kept.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.provider.SourceKind;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TapeCheckTest {
    private static final String ID = "1aaa0000-0000-4000-8000-000000000001";

    @TempDir
    private Path temporary;

    private Tapes tapes;
    private Path source;

    @BeforeEach
    void aTapeOfTwoRecords() throws IOException {
        tapes = new Tapes(temporary);
        source = tapes.source(ID);
        tapes.append(source, Tapes.typed(ID, 0, "one") + Tapes.typed(ID, 1, "two"));
    }

    private TapeCheck.Result check() throws IOException {
        return new TapeCheck()
                .check(tapes.archive().tapes().getFirst(), _ -> {})
                .orElseThrow();
    }

    private TapeCheck.Result check(String id) throws IOException {
        return new TapeCheck().check(tape(id), _ -> {}).orElseThrow();
    }

    private void write(String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(source.getParent()));
        Files.writeString(source, text);
    }

    @Test
    void aTapeIsWellWithoutItsSourceAndWithOneThatWentOn() throws Exception {
        assertThat(check()).isEqualTo(new TapeCheck.Result(2, 0, Optional.empty(), new SourceState.Gone()));
        write(Tapes.typed(ID, 0, "one") + Tapes.typed(ID, 1, "two") + "more");
        assertThat(check().trouble()).isEmpty();
    }

    @Test
    void damageToASealedTapeIsToldWithItsFileAndPlaceAndOtherTapesAreRead() throws Exception {
        String other = "1bbb0000-0000-4000-8000-000000000002";
        tapes.append(tapes.source(other), Tapes.typed(other, 0, "three"));
        Path sealed = tapes.seal(source);
        assertThat(check(ID)).isEqualTo(new TapeCheck.Result(2, 0, Optional.empty(), new SourceState.Gone()));
        byte[] bytes = Files.readAllBytes(sealed);
        bytes[20] ^= 1;
        Files.write(sealed, bytes);
        assertThat(check(ID).trouble())
                .hasValueSatisfying(what -> assertThat(what).contains(sealed + ": the bytes from 0 to ", "damaged"));
        assertThat(check(other).trouble()).isEmpty();
        // A list of sessions has the others, and tells of this one.
        var archive = tapes.archive();
        assertThat(archive.sessions(SessionArchive.Progress.NONE))
                .extracting(session -> session.key().sessionId())
                .containsExactly(other);
        assertThat(archive.damaged()).extracting(SessionArchive.Damage::folder).containsExactly(sealed.getParent());
    }

    @Test
    void aFlippedByteOfAPlainTapeIsToldWithItsFileAndPlaceWhetherItsSourceIsThereOrNot() throws Exception {
        String id = "1ccc0000-0000-4000-8000-000000000003";
        String text = Tapes.typed(id, 0, "three").repeat(1000);
        Path plain = tapes.append(tapes.source(id), text).resolve("0001.jsonl");
        assertThat(check(id)).isEqualTo(new TapeCheck.Result(1000, 0, Optional.empty(), new SourceState.Gone()));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // Inside a text: the record stays whole, and no parser can tell.
        int at = text.indexOf("three", 140_000);
        bytes[at] ^= 2;
        Files.write(plain, bytes);
        String told = ": the bytes from 131072 to 196608 are damaged: they differ from those that were written";
        assertThat(check(id).trouble())
                .hasValueSatisfying(what -> assertThat(what).contains("0001.jsonl" + told));
        Files.createDirectories(Objects.requireNonNull(tapes.source(id).getParent()));
        Files.writeString(tapes.source(id), text);
        assertThat(check(id).trouble())
                .hasValueSatisfying(what -> assertThat(what).contains("0001.jsonl" + told));
        // A list of sessions has it all the same.
        var archive = tapes.archive();
        assertThat(archive.sessions(SessionArchive.Progress.NONE))
                .extracting(session -> session.key().sessionId())
                .contains(id);
        assertThat(archive.damaged()).isEmpty();
    }

    private StoredTape tape(String id) throws IOException {
        return tapes.archive().tapes().stream()
                .filter(tape -> tape.manifest().sourceId().startsWith(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSourceThatChangedSinceIsNoTroubleOfItsTapeAndIsToldWithThePlace() throws Exception {
        write(Tapes.typed(ID, 0, "one") + Tapes.typed(ID, 1, "TWO"));
        int at = Tapes.typed(ID, 0, "one").length() + Tapes.typed(ID, 1, "two").indexOf("two");
        assertThat(check())
                .isEqualTo(new TapeCheck.Result(
                        2, 0, Optional.empty(), new SourceState.Changed("from byte " + at + " on")));
        write(Tapes.typed(ID, 0, "one"));
        assertThat(check().trouble()).isEmpty();
        assertThat(check().source())
                .isEqualTo(new SourceState.Changed(
                        "from byte " + Tapes.typed(ID, 0, "one").length() + " on"));
    }

    @Test
    void aSourceThatDiffersAndWasNotChangedSinceIsTold() throws Exception {
        write(Tapes.typed(ID, 0, "one") + Tapes.typed(ID, 1, "TWO"));
        Path plain = tapes.archive().tapes().getFirst().folder().resolve("0001.jsonl");
        Files.setLastModifiedTime(plain, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(check().trouble()).isEmpty();
        assertThat(check().source()).isInstanceOf(SourceState.Different.class);
    }

    @Test
    void whatIsNoFileIsNotComparedAndWhatCannotBeReadIsNoTroubleOfTheTape() throws Exception {
        Files.createDirectories(source);
        assertThat(check().source()).isEqualTo(new SourceState.Gone());
        Files.delete(source);
        Files.createSymbolicLink(source, source);
        assertThat(check().source()).isEqualTo(new SourceState.Gone());
        Files.delete(source);
        Process pipe = new ProcessBuilder("mkfifo", source.toString()).start();
        assertThat(pipe.waitFor()).isZero();
        assertThat(check().source()).isEqualTo(new SourceState.Gone());
    }

    @Test
    void aPackedSourceIsComparedUnpackedAndOneThatIsBrokenIsNoTroubleOfTheTape() throws Exception {
        String text = Tapes.typed(ID, 0, "one").repeat(20_000);
        Path packed = source.resolveSibling("1eee0000-0000-4000-8000-000000000004.jsonl.zst");
        Files.createDirectories(Objects.requireNonNull(packed.getParent()));
        byte[] bytes = Zstd.compress(text.getBytes(StandardCharsets.UTF_8));
        Files.write(packed, bytes);
        tapes.append(packed, text);
        SourceComparison comparison = new SourceComparison();
        StoredTape tape = packedTape(packed);
        assertThat(comparison.compare(tape, _ -> {})).isEqualTo(new SourceState.Same());
        Files.write(packed, Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(comparison.compare(tape, _ -> {})).isInstanceOf(SourceState.Unreadable.class);
        Files.write(packed, Zstd.compress((text.substring(0, 70_000) + "x").getBytes(StandardCharsets.UTF_8)));
        assertThat(comparison.compare(tape, _ -> {})).isEqualTo(new SourceState.Changed("from byte 70000 on"));
        Files.write(packed, window(text, 27));
        assertThat(comparison.compare(tape, _ -> {}))
                .isInstanceOfSatisfying(
                        SourceState.Unreadable.class,
                        state -> assertThat(state.why()).contains("memory"));
    }

    /** Text packed for a reader that holds so many bytes, a power of two. */
    private static byte[] window(String text, int log) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(packed)) {
            out.setLong(log);
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private StoredTape packedTape(Path packed) throws IOException {
        Path folder = new TapeLibrary(tapes.home().tapes()).folder("claude", TapeLibrary.sourceId(packed));
        TapeManifest manifest = TapeManifest.read(folder);
        return new StoredTape(
                new ClaudeProvider(), new SourceKind.Session(Optional.of(ID), "main"), folder, manifest, 0);
    }

    @Test
    void aTapeThatIsForgottenMeanwhileIsPassedOver() throws Exception {
        StoredTape tape = tapes.archive().tapes().getFirst();
        for (String name : List.of("0001.jsonl", "source.json")) {
            Files.delete(tape.folder().resolve(name));
        }
        assertThat(new TapeCheck().check(tape, _ -> {})).isEmpty();
    }

    @Test
    void aGenerationWhoseParentLostItsEndIsToldAsDamaged() throws Exception {
        tapes.rewrite(source, Tapes.typed(ID, 0, "one").length(), "x\n");
        assertThat(check().trouble()).isEmpty();
        StoredTape tape = tapes.archive().tapes().getFirst();
        try (FileChannel first = FileChannel.open(tape.folder().resolve("0001.jsonl"), StandardOpenOption.WRITE)) {
            first.truncate(10);
        }
        assertThat(check().trouble()).contains("generation 1 has lost bytes at its end");
    }

    @Test
    void whatIsNotUnderstoodIsCounted() throws Exception {
        tapes.append(source, "no json\n");
        assertThat(check()).isEqualTo(new TapeCheck.Result(3, 1, Optional.empty(), new SourceState.Gone()));
    }
}
