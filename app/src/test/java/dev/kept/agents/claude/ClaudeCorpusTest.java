package dev.kept.agents.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.model.TokenUsage;
import dev.kept.provider.Corpus;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.EventJson;
import dev.kept.provider.Readings;
import dev.kept.provider.RecordAccount;
import dev.kept.provider.SecondReading;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads every real session file there is: a folder of unpacked files (system property {@code kept.corpus}) or the
 * archive beside the repository. Where neither is, says so and tests nothing.
 */
class ClaudeCorpusTest {
    private static final Readings READINGS = new Readings(new ClaudeProvider());

    private static List<Path> files = List.of();

    @BeforeAll
    static void findFiles(@TempDir Path scratch) throws IOException, InterruptedException {
        files = Corpus.lines("claude", scratch);
    }

    @Test
    void everyRecordIsAnEventOrHasARuleAndNoneIsRaw() throws IOException {
        RecordAccount account = new RecordAccount();
        int repeated = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            List<DecodedRecord> readings = READINGS.of(source(file), bytes);
            SlowOracle oracle = new SlowOracle(bytes);
            assertThat(readings).as(file.toString()).hasSize(oracle.size());
            repeated += oracle.repeatedUuids().size();
            readings.forEach(account::add);
        }
        account.print(files.size());
        System.out.printf("%d uuids stand twice in a file%n", repeated);
        assertThat(account.raw()).isZero();
    }

    @Test
    void readingTwiceGivesTheSameEventsAndEveryEventItsOwnId() throws IOException {
        int repeatedIds = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            List<ConversationEvent> once = Readings.events(READINGS.of(source(file), bytes));
            assertThat(Readings.events(READINGS.of(source(file), bytes))).isEqualTo(once);
            Set<String> ids = new HashSet<>();
            Set<String> uuids = new SlowOracle(bytes).repeatedUuids();
            for (ConversationEvent event : once) {
                String id = event.header().eventId();
                if (!ids.add(id)) {
                    repeatedIds++;
                    assertThat(uuids).as(file + " " + id).contains(id.substring(0, id.indexOf('/')));
                }
            }
        }
        System.out.printf("%d event ids stand twice, all of records whose uuid does%n", repeatedIds);
    }

    @Test
    void aFileReadInPiecesIsTheFileReadWhole() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < files.size(); i += 17) {
            byte[] bytes = Files.readAllBytes(files.get(i));
            int[] cuts = random.ints(40, 0, bytes.length).sorted().toArray();
            List<DecodedRecord> whole = READINGS.of(source(files.get(i)), bytes);
            List<DecodedRecord> pieces = READINGS.of(source(files.get(i)), bytes, cuts);
            assertThat(jsonOf(pieces)).as(files.get(i).toString()).isEqualTo(jsonOf(whole));
        }
    }

    @Test
    void aParserThatIsSavedAndRestoredGoesOnAsIfNothingHadHappened() throws IOException {
        Random random = new Random(11);
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            int[] cuts = random.ints(12, 0, bytes.length).sorted().toArray();
            List<ConversationEvent> whole = READINGS.eventsOnce(source(file), bytes);
            List<ConversationEvent> restarted = READINGS.eventsWithRestarts(source(file), bytes, cuts);
            assertThat(restarted.stream().map(EventJson::line))
                    .as(file.toString())
                    .isEqualTo(whole.stream().map(EventJson::line).toList());
        }
    }

    private static List<String> jsonOf(List<DecodedRecord> readings) {
        return Readings.events(readings).stream().map(EventJson::line).toList();
    }

    @Test
    void aSlowOracleAgreesOnWhatPeopleSaidAndToolsDidAndTokensCost() throws IOException {
        List<String> disagreements = new ArrayList<>();
        Set<String> judged = new TreeSet<>();
        int said = 0;
        int found = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            SlowOracle oracle = new SlowOracle(bytes);
            List<ConversationEvent> events = Readings.events(READINGS.of(source(file), bytes));
            List<String> byOracle = oracle.said();
            List<String> byParser = SecondReading.said(events);
            said += byOracle.size();
            found += byParser.size();
            for (String text : SlowOracle.toJudge(byParser)) {
                judged.add(text.lines().findFirst().orElse(""));
            }
            SecondReading.compare(disagreements, file, "said", byParser, byOracle);
            SecondReading.compare(disagreements, file, "calls", SecondReading.calls(events), oracle.calls());
            SecondReading.compare(disagreements, file, "results", SecondReading.results(events), oracle.results());
            SecondReading.compare(disagreements, file, "answers", SecondReading.answers(events), oracle.answers());
            SecondReading.compare(
                    disagreements,
                    file,
                    "used",
                    List.of(sums(SecondReading.used(events)).toString()),
                    List.of(oracle.used().toString()));
        }
        long onlyParser = count(disagreements, "said only parser");
        long onlyOracle = count(disagreements, "said only oracle");
        System.out.printf(
                Locale.ROOT,
                "%d texts by people in %d files; precision %.3f, recall %.3f; %d disagreements%n",
                said,
                files.size(),
                found == 0 ? 1.0 : 1.0 - (double) onlyParser / found,
                said == 0 ? 1.0 : 1.0 - (double) onlyOracle / said,
                disagreements.size());
        judged.forEach(line -> System.out.println("  by a person? " + line));
        disagreements.forEach(System.out::println);
        assertThat(disagreements).isEmpty();
    }

    private static long count(List<String> disagreements, String kind) {
        return disagreements.stream().filter(line -> line.contains(kind)).count();
    }

    private static List<Long> sums(TokenUsage usage) {
        return List.of(usage.input(), usage.cacheCreation(), usage.cacheRead(), usage.output());
    }

    private static SourceKind.Session source(Path file) {
        String name = file.getFileName().toString();
        return new SourceKind.Session(
                Optional.of(name.substring(0, name.length() - ".jsonl".length())), EventHeader.MAIN_LINE);
    }
}
