package dev.kept.recording.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.journal.JournalEntry.ChunkDone;
import dev.kept.recording.journal.JournalEntry.CommandDecided;
import dev.kept.recording.journal.JournalEntry.DestinationSet;
import dev.kept.recording.journal.JournalEntry.RecordingBounded;
import dev.kept.recording.journal.JournalEntry.RecordingContinued;
import dev.kept.recording.journal.JournalEntry.RecordingEnded;
import dev.kept.recording.journal.JournalEntry.RecordingStarted;
import dev.kept.recording.journal.JournalEntry.SourceLeft;
import dev.kept.text.SafeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFilesTest {
    private static final SessionKey SESSION = new SessionKey("claude", "a/../strange id é");
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final RecordingPlan PLAN = new RecordingPlan(
            "recording-1",
            SESSION,
            RecordingPlan.Purpose.RECORDING,
            Path.of("/notes/über.md"),
            "source",
            TapePosition.START,
            "title",
            Optional.of(AT),
            AT);
    private static final RecordingProgress PROGRESS = new RecordingProgress(
            3,
            new Mark(
                    new TapePosition(1, 77, 2),
                    "{\"a\":1}",
                    9,
                    List.of(
                            new Mark.Nested("a1", new TapePosition(1, 5, 1), "{\"b\":2}", false, false, true),
                            new Mark.Nested("a2", new TapePosition(1, 9, 1), "", true, true, false)),
                    java.util.Map.of("a2", new TapePosition(Integer.MAX_VALUE, 0, 0))),
            "key",
            4711,
            AT);
    private static final List<JournalEntry> ALL = List.of(
            new CommandDecided(
                    "id/0#1",
                    "capture",
                    CommandDecided.Outcome.DONE,
                    "to “über.md”",
                    "source",
                    new TapePosition(1, 5, 0),
                    AT),
            new DestinationSet(Path.of("/notes/über.md")),
            new RecordingStarted(PLAN),
            new RecordingBounded("recording-1", new TapePosition(2, 9, 1)),
            new SourceLeft("source", new TapePosition(1, 8, 1)),
            new RecordingContinued("recording-1", "recording-0"),
            new ChunkDone("recording-1", PROGRESS),
            new RecordingEnded("recording-1"));

    @TempDir
    private Path folder;

    private JournalFiles journals;

    @BeforeEach
    void makeJournals() {
        journals = new JournalFiles(folder);
    }

    private Path file() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(path -> path.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<JournalEntry> read() throws IOException {
        List<JournalFiles.StoredJournal> all = journals.readAll();
        assertThat(all).hasSize(1);
        assertThat(all.getFirst().session()).isEqualTo(SESSION);
        return all.getFirst().entries();
    }

    @Test
    void everyKindOfEntryIsReadBackAsItWasWrittenAloneOrTogether() throws IOException {
        journals.append(SESSION, ALL, true);
        for (JournalEntry entry : ALL) {
            journals.append(SESSION, List.of(entry), false);
        }
        assertThat(read().subList(0, ALL.size())).isEqualTo(ALL);
        assertThat(read().subList(ALL.size(), 2 * ALL.size())).isEqualTo(ALL);
    }

    @Test
    void whereverACrashCutsTheLastLineOffAllOfItOrNothingCountsAndTheNextEntryIsRead() throws IOException {
        journals.append(SESSION, ALL.subList(3, 4), true);
        long before = Files.size(file());
        journals.append(SESSION, ALL.subList(0, 3), true);
        byte[] whole = Files.readAllBytes(file());
        for (int length = (int) before; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            List<JournalEntry> counted = length == whole.length - 1 ? ALL.subList(0, 3) : List.of();
            assertThat(read()).as("cut at %d", length).hasSize(1 + counted.size());
            journals.append(SESSION, ALL.subList(5, 6), true);
            assertThat(read()).hasSize(2 + counted.size()).endsWith(ALL.get(5)).startsWith(ALL.get(3));
        }
    }

    @Test
    void entriesOfALaterVersionAndNonsenseArePassedOver() throws IOException {
        journals.append(SESSION, ALL.subList(1, 2), true);
        Files.writeString(file(), """
                {"entry":"from-the-future","x":1}
                {"entry":"done"}
                nonsense

                []
                {"entry":"all","of":[{"entry":"from-the-future"},{"entry":"ended","recordingId":"r"}]}
                """, StandardOpenOption.APPEND);
        assertThat(read()).containsExactly(ALL.get(1), new RecordingEnded("r"));
        Files.writeString(folder.resolve("stray"), "not a folder");
        assertThat(read()).hasSize(2);
    }

    @Test
    void anIntentThatACrashCutOffIsNoneAndTheOneBeforeStaysReadable() throws IOException {
        assertThat(journals.lastIntent(PLAN)).isEmpty();
        journals.append(SESSION, ALL, true);
        journals.write(PLAN, intent(4));
        assertThat(journals.lastIntent(PLAN)).hasValueSatisfying(read -> {
            assertThat(read.payload()).isEqualTo(intent(4).payload());
            assertThat(read.base()).isEqualTo(100);
            assertThat(read.before()).isEqualTo(PROGRESS);
            assertThat(read.after().chunk()).isEqualTo(4);
        });
        journals.write(PLAN, intent(5));
        Path newest = newestIntent();
        byte[] whole = Files.readAllBytes(newest);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(newest, Arrays.copyOf(whole, length));
            assertThat(journals.lastIntent(PLAN))
                    .hasValueSatisfying(read -> assertThat(read.after().chunk()).isEqualTo(4));
        }
        Files.write(newest, whole);
        assertThat(journals.lastIntent(PLAN).orElseThrow().after().chunk()).isEqualTo(5);
        journals.forgetIntents(PLAN);
        assertThat(journals.lastIntent(PLAN)).isEmpty();
        assertThat(journals.readAll()).hasSize(1);
    }

    @Test
    void anIntentThatIsHalfWrittenOverAnEarlierOneOfTheSameTextIsNone() throws IOException {
        journals.append(SESSION, ALL, true);
        journals.write(PLAN, closing(5));
        byte[] earlier = Files.readAllBytes(newestIntent());
        journals.write(PLAN, closing(7));
        byte[] later = Files.readAllBytes(newestIntent());
        assertThat(later).hasSameSizeAs(earlier);
        for (int written = 0; written <= later.length; written++) {
            byte[] mixed = earlier.clone();
            System.arraycopy(later, 0, mixed, 0, written);
            Files.write(newestIntent(), mixed);
            Optional<WriteIntent> read = journals.lastIntent(PLAN);
            if (Arrays.equals(mixed, earlier) || Arrays.equals(mixed, later)) {
                assertThat(read).as("%d bytes", written).isPresent();
            } else {
                assertThat(read).as("%d bytes", written).isEmpty();
            }
        }
    }

    /** The end of a fold: the same few bytes after each. */
    private static WriteIntent closing(long chunk) {
        RecordingProgress before = new RecordingProgress(chunk - 1, PROGRESS.mark(), "key", 100 + chunk, AT);
        return new WriteIntent(
                "</details>\n".getBytes(StandardCharsets.UTF_8),
                100 + chunk,
                "key",
                before,
                before.onwards(PROGRESS.mark(), AT));
    }

    private Path newestIntent() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(path -> path.toString().endsWith(".1.intent"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static WriteIntent intent(long chunk) {
        RecordingProgress after =
                new RecordingProgress(chunk, Mark.at(new TapePosition(1, 99, 0), "{}"), "key", 100, AT);
        return new WriteIntent(("Päyload " + chunk).getBytes(StandardCharsets.UTF_8), 100, "key", PROGRESS, after);
    }

    /** Ids come out of session files. */
    @Test
    void whateverTheIdOfASessionItsJournalLiesInItsPlaceAndIsFoundUnderIt() throws IOException {
        List<String> ids = List.of("azAZ09-_", "../up", "a.b", "`{@[/:", "%0041", "%zz", "ü", "%");
        for (String id : ids) {
            journals.append(new SessionKey("claude", id), ALL, true);
        }
        assertThat(journals.readAll())
                .extracting(journal -> journal.session().sessionId())
                .containsExactlyInAnyOrderElementsOf(
                        ids.stream().map(SafeId::of).toList());
        try (var files = Files.list(folder.resolve("claude"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .hasSize(ids.size())
                    .contains("azAZ09-_.jsonl", "a%002eb.jsonl", SafeId.of("../up") + ".jsonl");
        }
    }

    @Test
    void aJournalThatWasNamedAfterTheAgentsOwnIdIsReadFirstAndGoesWithItsSession() throws IOException {
        SessionKey session = new SessionKey("codex", "$(id) é");
        JournalEntry later = new DestinationSet(Path.of("/notes/later.md"));
        journals.append(session, List.of(later), true);
        Path now = folder.resolve("codex/" + session.sessionId() + ".jsonl");
        assertThat(now).exists();
        JournalEntry earlier = new DestinationSet(Path.of("/notes/earlier.md"));
        Path before = folder.resolve("codex/%0024%0028id%0029%0020%00e9.jsonl");
        Files.writeString(before, JournalCodec.write(List.of(earlier)) + "\n");
        Path intent = Files.writeString(folder.resolve("codex/%0024%0028id%0029%0020%00e9.r.0.intent"), "");
        Path other = Files.writeString(folder.resolve("codex/other.jsonl"), "");

        assertThat(journals.readAll().stream().filter(stored -> stored.session().equals(session)))
                .singleElement()
                .satisfies(stored -> assertThat(stored.entries()).containsExactly(earlier, later));

        journals.delete(session);
        assertThat(now).doesNotExist();
        assertThat(before).doesNotExist();
        assertThat(intent).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void anEntryWhosePathIsNoneIsPassedOver() {
        assertThat(JournalCodec.read("{\"entry\":\"destination\",\"path\":\"/a\\u0000b\"}"))
                .isEmpty();
    }
}
