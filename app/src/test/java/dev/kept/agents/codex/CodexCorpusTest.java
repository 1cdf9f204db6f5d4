package dev.kept.agents.codex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads every real rollout there is, as {@code ClaudeCorpusTest} does. */
class CodexCorpusTest {
    private static final Readings READINGS = new Readings(new CodexProvider());

    private static List<Path> files = List.of();

    @BeforeAll
    static void findFiles(@TempDir Path scratch) throws IOException, InterruptedException {
        files = Corpus.lines("codex", scratch);
    }

    @Test
    void everyRecordIsAnEventOrHasARuleAndNoneIsRaw() throws IOException {
        RecordAccount account = new RecordAccount();
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            List<DecodedRecord> readings = READINGS.of(source(file), bytes);
            assertThat(readings).as(file.toString()).hasSize(new CodexOracle(bytes).size());
            readings.forEach(account::add);
        }
        account.print(files.size());
        assertThat(account.raw()).isZero();
    }

    @Test
    void readingTwiceGivesTheSameEventsAndEveryEventItsOwnId() throws IOException {
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            List<ConversationEvent> once = Readings.events(READINGS.of(source(file), bytes));
            assertThat(Readings.events(READINGS.of(source(file), bytes))).isEqualTo(once);
            Set<String> ids = new HashSet<>();
            for (ConversationEvent event : once) {
                assertThat(ids.add(event.header().eventId()))
                        .as(event.toString())
                        .isTrue();
            }
        }
    }

    @Test
    void aFileReadInPiecesIsTheFileReadWhole() throws IOException {
        Random random = new Random(7);
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            int[] cuts = random.ints(40, 0, bytes.length).sorted().toArray();
            List<DecodedRecord> whole = READINGS.of(source(file), bytes);
            List<DecodedRecord> pieces = READINGS.of(source(file), bytes, cuts);
            assertThat(jsonOf(pieces)).as(file.toString()).isEqualTo(jsonOf(whole));
            assertThat(READINGS.eventsWithRestarts(source(file), bytes, cuts))
                    .as(file + ", its reader restored after each piece")
                    .isEqualTo(READINGS.eventsOnce(source(file), bytes));
        }
    }

    @Test
    void whatTheBeginningOfAFileSaysIsTheBeginningOfWhatItSays() throws IOException {
        Random random = new Random(11);
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            List<String> whole = jsonOf(READINGS.of(source(file), bytes));
            for (int i = 0; i < 6; i++) {
                int end = random.nextInt(bytes.length);
                while (end > 0 && bytes[end - 1] != '\n') {
                    end--;
                }
                List<String> beginning = jsonOf(READINGS.of(source(file), Arrays.copyOf(bytes, end)));
                assertThat(beginning).isEqualTo(whole.subList(0, beginning.size()));
            }
        }
    }

    private static List<String> jsonOf(List<DecodedRecord> readings) {
        return Readings.events(readings).stream().map(EventJson::line).toList();
    }

    @Test
    void aSlowOracleAgreesOnWhatPeopleSaidAndToolsDidAndTokensCost() throws IOException {
        List<String> disagreements = new ArrayList<>();
        int said = 0;
        int failed = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            CodexOracle oracle = new CodexOracle(bytes);
            List<ConversationEvent> events = Readings.events(READINGS.of(source(file), bytes));
            said += oracle.said().size();
            failed += (int) oracle.results().stream()
                    .filter(result -> result.endsWith(" failed"))
                    .count();
            SecondReading.compare(disagreements, file, "said", SecondReading.said(events), oracle.said());
            SecondReading.compare(disagreements, file, "calls", SecondReading.calls(events), oracle.calls());
            SecondReading.compare(disagreements, file, "results", SecondReading.results(events), oracle.results());
            SecondReading.compare(disagreements, file, "answers", SecondReading.answers(events), oracle.answers());
            SecondReading.compare(
                    disagreements,
                    file,
                    "used",
                    List.of(SecondReading.used(events).toString()),
                    List.of(oracle.used().toString()));
        }
        System.out.printf(
                "%d texts by people and %d failed tools in %d files; %d disagreements%n",
                said, failed, files.size(), disagreements.size());
        disagreements.forEach(System.out::println);
        assertThat(disagreements).isEmpty();
    }

    @Test
    void whatCountsAsAPersonsIsWhatPeopleSaidToTheLetterAndWhatLooksOddIsShown() throws IOException {
        int parser = 0;
        int oracle = 0;
        int agreed = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            List<String> authored = SecondReading.said(Readings.events(READINGS.of(source(file), bytes)));
            List<String> left = new ArrayList<>(new CodexOracle(bytes).said());
            parser += authored.size();
            oracle += left.size();
            for (String text : authored) {
                agreed += left.remove(text) ? 1 : 0;
                if (CodexOracle.isToBeJudged(text)) {
                    System.out.println("TO BE JUDGED " + file.getFileName() + ": "
                            + text.substring(0, Math.min(160, text.length())).replace('\n', '|'));
                }
            }
        }
        System.out.printf(
                "%d texts by people: precision %d/%d, recall %d/%d%n", agreed, agreed, parser, agreed, oracle);
        assertThat(agreed).isEqualTo(parser).isEqualTo(oracle);
    }

    private static SourceKind.Session source(Path file) {
        String name = file.getFileName().toString();
        return new SourceKind.Session(
                Optional.of(name.substring(0, name.length() - ".jsonl".length())), EventHeader.MAIN_LINE);
    }
}
