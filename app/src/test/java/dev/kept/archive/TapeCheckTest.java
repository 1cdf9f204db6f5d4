package dev.kept.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
        return new TapeCheck().check(tapes.archive().tapes().getFirst(), _ -> {});
    }

    private void write(String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(source.getParent()));
        Files.writeString(source, text);
    }

    @Test
    void aTapeIsWellWithoutItsSourceAndWithOneThatWentOn() throws Exception {
        assertThat(check()).isEqualTo(new TapeCheck.Result(2, 0, Optional.empty()));
        write(Tapes.typed(ID, 0, "one") + Tapes.typed(ID, 1, "two") + "more");
        assertThat(check().trouble()).isEmpty();
    }

    @Test
    void damageToASealedTapeIsToldWithItsFileAndPlaceAndOtherTapesAreRead() throws Exception {
        String other = "1bbb0000-0000-4000-8000-000000000002";
        tapes.append(tapes.source(other), Tapes.typed(other, 0, "three"));
        Path sealed = tapes.seal(source);
        assertThat(new TapeCheck().check(tape(ID), _ -> {})).isEqualTo(new TapeCheck.Result(2, 0, Optional.empty()));
        byte[] bytes = Files.readAllBytes(sealed);
        bytes[20] ^= 1;
        Files.write(sealed, bytes);
        assertThat(new TapeCheck().check(tape(ID), _ -> {}).trouble())
                .hasValueSatisfying(what -> assertThat(what).contains(sealed + ": the bytes from 0 to ", "damaged"));
        assertThat(new TapeCheck().check(tape(other), _ -> {}).trouble()).isEmpty();
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
        assertThat(new TapeCheck().check(tape(id), _ -> {})).isEqualTo(new TapeCheck.Result(1000, 0, Optional.empty()));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // Inside a text: the record stays whole, and no parser can tell.
        int at = text.indexOf("three", 140_000);
        bytes[at] ^= 2;
        Files.write(plain, bytes);
        String told = ": the bytes from 131072 to 196608 are damaged: they are not those that were written there";
        assertThat(new TapeCheck().check(tape(id), _ -> {}).trouble())
                .hasValueSatisfying(what -> assertThat(what).contains("0001.jsonl" + told));
        Files.createDirectories(Objects.requireNonNull(tapes.source(id).getParent()));
        Files.writeString(tapes.source(id), text);
        assertThat(new TapeCheck().check(tape(id), _ -> {}).trouble())
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
                .filter(tape -> tape.card().sourceId().startsWith(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anotherSourceIsToldWithThePlace() throws Exception {
        write(Tapes.typed(ID, 0, "one") + Tapes.typed(ID, 1, "TWO"));
        int at = Tapes.typed(ID, 0, "one").length() + Tapes.typed(ID, 1, "two").indexOf("two");
        assertThat(check().trouble())
                .hasValueSatisfying(what -> assertThat(what).contains("from byte " + at + " on"));
        write(Tapes.typed(ID, 0, "one"));
        assertThat(check().trouble()).isPresent();
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
        assertThat(check()).isEqualTo(new TapeCheck.Result(3, 1, Optional.empty()));
    }
}
