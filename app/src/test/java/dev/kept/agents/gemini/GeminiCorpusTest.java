package dev.kept.agents.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.EventHeader;
import dev.kept.provider.Corpus;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Readings;
import dev.kept.provider.RecordAccount;
import dev.kept.provider.SecondReading;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds JSON lines of Gemini against a second reading: those written by hand, and every real file there is (system
 * property {@code kept.corpus}, or the archive beside the repository). Documents of before 0.39 are read by {@code
 * GeminiDocumentsTest}.
 */
class GeminiCorpusTest {
    private static final Readings READINGS = new Readings(new GeminiProvider());
    private static final Path WRITTEN = Path.of("src/test/resources/provider/gemini/0.61");

    private static final List<Path> FILES = new ArrayList<>();

    @BeforeAll
    static void findFiles(@TempDir Path scratch) throws IOException, InterruptedException {
        FILES.addAll(List.of(WRITTEN.resolve("session.jsonl"), WRITTEN.resolve("two-sessions.jsonl")));
        FILES.addAll(Corpus.lines("gemini", scratch));
    }

    @Test
    void everyRecordOfARealFileIsAnEventOrHasARuleAndNoneIsRaw() throws IOException {
        RecordAccount account = new RecordAccount();
        for (Path file : FILES.subList(2, FILES.size())) {
            List<DecodedRecord> readings = READINGS.of(source(), Files.readAllBytes(file));
            assertThat(Readings.events(readings)).as(file.toString()).noneMatch(ProviderRaw.class::isInstance);
            readings.forEach(account::add);
        }
        account.print(FILES.size() - 2);
        assertThat(account.raw()).isZero();
    }

    @Test
    void aSlowOracleAgreesOnWhatPeopleSaidAndToolsDidAndTokensCost() throws IOException {
        List<String> disagreements = new ArrayList<>();
        TreeSet<String> judged = new TreeSet<>();
        int said = 0;
        int found = 0;
        for (Path file : FILES) {
            GeminiOracle oracle = GeminiOracle.ofLines(Files.readString(file));
            List<ConversationEvent> events = Readings.events(READINGS.of(source(), Files.readAllBytes(file)));
            List<String> byParser = SecondReading.said(events);
            said += oracle.said().size();
            found += byParser.size();
            for (String text : GeminiOracle.toJudge(byParser)) {
                judged.add(text.lines().findFirst().orElse(""));
            }
            SecondReading.compare(disagreements, file, "said", byParser, oracle.said());
            SecondReading.compare(disagreements, file, "answers", lastWordings(events), oracle.answers());
            SecondReading.compare(disagreements, file, "calls", SecondReading.calls(events), oracle.calls());
            SecondReading.compare(disagreements, file, "results", SecondReading.results(events), oracle.results());
            SecondReading.compare(
                    disagreements,
                    file,
                    "used",
                    List.of(SecondReading.used(events).toString()),
                    List.of(oracle.used().toString()));
        }
        long onlyParser = count(disagreements, "said only parser");
        long onlyOracle = count(disagreements, "said only oracle");
        System.out.printf(
                Locale.ROOT,
                "%d texts by people in %d files; precision %.3f, recall %.3f; %d disagreements%n",
                said,
                FILES.size(),
                found == 0 ? 1.0 : 1.0 - (double) onlyParser / found,
                said == 0 ? 1.0 : 1.0 - (double) onlyOracle / said,
                disagreements.size());
        judged.forEach(line -> System.out.println("  by a person? " + line));
        disagreements.forEach(System.out::println);
        assertThat(disagreements).isEmpty();
    }

    /** The oracle knows the last wording of an answer alone. */
    private static List<String> lastWordings(List<ConversationEvent> events) {
        List<String> ids =
                events.stream().map(event -> event.header().eventId()).toList();
        return events.stream()
                .filter(AssistantMessage.class::isInstance)
                .filter(event -> !ids.contains(event.header().eventId() + "~2"))
                .map(event -> ((AssistantMessage) event).text())
                .toList();
    }

    private static long count(List<String> disagreements, String kind) {
        return disagreements.stream().filter(line -> line.contains(kind)).count();
    }

    private static SourceKind.Session source() {
        return new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE);
    }
}
