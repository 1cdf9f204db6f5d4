package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.ingest.UnkeptSources.Unkept;
import dev.kept.ingest.admission.AdmissionRules;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the disk tells of sources that are not kept, whatever ingest believes. Ingest is stopped: it keeps nothing more.
 */
class UnkeptSourcesTest {
    @TempDir
    private Path folder;

    private IngestFixture ingest;
    private Instant now = Instant.now();

    @BeforeEach
    void fixture() throws IOException {
        ingest = new IngestFixture(folder);
    }

    @AfterEach
    void close() throws IOException {
        ingest.close();
    }

    private UnkeptSources sources(AdmissionRules rules) {
        return new UnkeptSources(ingest.roots(), ingest.tapes(), rules, now.minus(Duration.ofHours(1)));
    }

    private static List<Path> paths(List<Unkept> unkept) {
        return unkept.stream().map(Unkept::path).toList();
    }

    /** Ingest had nothing left to do just now. */
    private List<Path> look(UnkeptSources sources) {
        return paths(sources.check(now, Optional.of(now), true));
    }

    private void changed(Path file, Duration ago) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(now.minus(ago)));
    }

    private void tapeRests(Path file) throws IOException {
        try (Stream<Path> parts = Files.list(ingest.tapeFolder(file))) {
            for (Path part : parts.toList()) {
                Files.setLastModifiedTime(part, FileTime.from(now.minus(Duration.ofMinutes(20))));
            }
        }
    }

    @Test
    void whatIsOnTapeIsKeptAndWhatIsNotIsToldOnceItIsLate() throws Exception {
        Path grown = ingest.follow("kept.jsonl", "one\n");
        ingest.stop();
        UnkeptSources sources = sources(AdmissionRules.EVERYTHING);
        changed(grown, Duration.ofMinutes(5));
        assertThat(look(sources)).isEmpty();

        IngestFixture.append(grown, "two\n");
        tapeRests(grown);
        changed(grown, Duration.ofSeconds(20));
        assertThat(look(sources)).isEmpty();
        changed(grown, Duration.ofSeconds(40));
        assertThat(sources(AdmissionRules.EVERYTHING).check(now, Optional.of(now), true))
                .containsExactly(new Unkept(
                        grown, 4, Instant.ofEpochMilli(now.minusSeconds(40).toEpochMilli())));
    }

    @Test
    void aFileThatIsWrittenAllTheTimeIsToldTooOnceItWasSeenBehindForSoLong() throws Exception {
        Path file = ingest.follow("live.jsonl", "one\n");
        ingest.stop();
        UnkeptSources sources = sources(AdmissionRules.EVERYTHING);
        IngestFixture.append(file, "two\n");
        tapeRests(file);
        changed(file, Duration.ZERO);
        assertThat(look(sources)).isEmpty();
        now = now.plusSeconds(40);
        IngestFixture.append(file, "three\n");
        changed(file, Duration.ZERO);
        assertThat(look(sources)).containsExactly(file);
    }

    @Test
    void aFileThatHasNoTapeIsTold() throws Exception {
        ingest.follow("first.jsonl", "one\n");
        ingest.stop();
        Path other = ingest.write("other.jsonl", "one\n");
        changed(other, Duration.ofMinutes(1));
        assertThat(look(sources(AdmissionRules.EVERYTHING))).containsExactly(other);
    }

    @Test
    void whatNobodyWantsKeptIsNotMissed() throws Exception {
        ingest.follow("first.jsonl", "one\n");
        ingest.stop();
        Path empty = ingest.write("empty.jsonl", "");
        changed(empty, Duration.ofMinutes(1));
        changed(ingest.write("no-session.txt", "one\n"), Duration.ofMinutes(1));
        Files.createSymbolicLink(ingest.file("link.jsonl"), empty);
        Path old = ingest.write("old.jsonl", "one\n");
        changed(old, Duration.ofDays(2));
        assertThat(look(sources(AdmissionRules.EVERYTHING))).isEmpty();

        Path excluded = ingest.write("excluded.jsonl", "one\n");
        changed(excluded, Duration.ofMinutes(1));
        AdmissionRules rules = new AdmissionRules(
                Optional.empty(),
                List.of(FileSystems.getDefault().getPathMatcher("glob:" + excluded)),
                0,
                Integer.MAX_VALUE,
                Optional.empty());
        assertThat(look(sources(rules))).isEmpty();
    }

    @Test
    void whileIngestHasMuchToDoNothingIsMissedUnlessThatLastsForLong() throws Exception {
        ingest.follow("first.jsonl", "one\n");
        ingest.stop();
        Path file = ingest.write("other.jsonl", "one\n");
        changed(file, Duration.ofMinutes(2));
        UnkeptSources sources = sources(AdmissionRules.EVERYTHING);
        assertThat(sources.check(now, Optional.empty(), true)).isEmpty();
        assertThat(sources.check(now, Optional.of(now.minus(Duration.ofMinutes(3))), true))
                .isEmpty();
        now = now.plus(Duration.ofMinutes(9));
        assertThat(paths(sources.check(now, Optional.empty(), true))).containsExactly(file);
    }

    @Test
    void whereNobodyReportsChangesTheSweepIsWaitedFor() throws Exception {
        ingest.follow("first.jsonl", "one\n");
        ingest.stop();
        Path file = ingest.write("other.jsonl", "one\n");
        changed(file, Duration.ofMinutes(1));
        UnkeptSources sources = sources(AdmissionRules.EVERYTHING);
        assertThat(sources.check(now, Optional.of(now), false)).isEmpty();
        now = now.plus(Duration.ofMinutes(2));
        assertThat(paths(sources.check(now, Optional.of(now), false))).containsExactly(file);
    }

    @Test
    void whatWasSealedOrRewrittenIsComparedInTheEnd() throws Exception {
        Path file = ingest.follow("a.jsonl", "one\n");
        Files.writeString(file, "two, which is longer\n");
        ingest.listener().awaitText(file, "two, which is longer\n");
        ingest.seal();
        ingest.stop();
        changed(file, Duration.ofMinutes(1));
        assertThat(look(sources(AdmissionRules.EVERYTHING))).isEmpty();
        IngestFixture.append(file, "three\n");
        tapeRests(file);
        changed(file, Duration.ofMinutes(1));
        assertThat(look(sources(AdmissionRules.EVERYTHING))).containsExactly(file);
    }

    private static String document(int records) {
        String inner = IntStream.range(0, records)
                .mapToObj(i -> "{\"id\":\"m" + i + "\",\"n\":" + i + "}")
                .collect(Collectors.joining(","));
        return "{\"messages\":[" + inner + "]}";
    }

    @Test
    void aDocumentThatIsLongerOrShorterThanItsNewestVersionIsTold() throws Exception {
        ingest.start();
        Path file = ingest.write("a.json", document(2));
        ingest.settle();
        ingest.stop();
        for (int records : new int[] {3, 1}) {
            ingest.write("a.json", document(records));
            tapeRests(file);
            changed(file, Duration.ofSeconds(20));
            assertThat(look(sources(AdmissionRules.EVERYTHING))).isEmpty();
            changed(file, Duration.ofMinutes(1));
            assertThat(sources(AdmissionRules.EVERYTHING).check(now, Optional.of(now), true))
                    .containsExactly(new Unkept(
                            file, 0, Instant.ofEpochMilli(now.minusSeconds(60).toEpochMilli())));
        }
        ingest.restart();
        ingest.settle();
        ingest.stop();
        assertThat(look(sources(AdmissionRules.EVERYTHING))).isEmpty();
    }

    @Test
    void theTapeOfADocumentThatIsOnlyTouchedIsReadOnce() throws Exception {
        ingest.start();
        Path file = ingest.write("a.json", document(2));
        ingest.settle();
        ingest.stop();
        UnkeptSources sources = sources(AdmissionRules.EVERYTHING);
        tapeRests(file);
        changed(file, Duration.ofMinutes(1));
        assertThat(look(sources)).isEmpty();

        // With the same length, so that it is not read again: as damaged as it is it would not tell the version.
        Path tape = ingest.tapeFolder(file).resolve("0001.jsonl");
        Files.writeString(tape, " ".repeat(Math.toIntExact(Files.size(tape))));
        tapeRests(file);
        assertThat(look(sources)).isEmpty();
        assertThat(look(sources)).isEmpty();
        changed(file, Duration.ofMinutes(2));
        assertThat(look(sources)).containsExactly(file);
    }
}
