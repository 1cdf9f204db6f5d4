package dev.kept.agents.copilot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.provider.Corpus;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Readings;
import dev.kept.provider.RecordAccount;
import dev.kept.provider.SecondReading;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopilotCorpusTest {
    private static final Readings READINGS = new Readings(new CopilotProvider());

    @TempDir
    static Path scratch;

    @Test
    void aSlowOracleAgreesOnWhatPeopleSaidAndToolsDidAndTokensCost() throws Exception {
        List<Path> all = Corpus.lines("copilot", scratch);
        List<String> disagreements = new ArrayList<>();
        List<String> judged = new ArrayList<>();
        RecordAccount account = new RecordAccount();
        int said = 0;
        int found = 0;
        for (Path file : all) {
            byte[] bytes = Files.readAllBytes(file);
            CopilotOracle oracle = new CopilotOracle(new String(bytes, StandardCharsets.UTF_8));
            List<DecodedRecord> readings = READINGS.of(Readings.MAIN, bytes);
            readings.forEach(account::add);
            List<ConversationEvent> events = Readings.events(readings);
            assertThat(readings).as("the account closes").hasSize(oracle.lines());
            assertThat(events).noneMatch(ProviderRaw.class::isInstance);
            assertThat(events.stream().map(event -> event.header().eventId())).doesNotHaveDuplicates();
            assertThat(READINGS.of(Readings.MAIN, bytes)).isEqualTo(readings);
            int[] cuts = {bytes.length / 7, bytes.length / 3, bytes.length - 2};
            assertThat(READINGS.of(Readings.MAIN, bytes, cuts)).isEqualTo(readings);
            assertThat(READINGS.eventsWithRestarts(Readings.MAIN, bytes, cuts)).isEqualTo(events);
            List<String> byParser = SecondReading.said(events);
            said += oracle.said().size();
            found += byParser.size();
            judged.addAll(CopilotOracle.toJudge(byParser));
            SecondReading.compare(disagreements, file, "said", byParser, oracle.said());
            SecondReading.compare(disagreements, file, "answers", SecondReading.answers(events), oracle.answers());
            SecondReading.compare(disagreements, file, "calls", SecondReading.calls(events), oracle.calls());
            SecondReading.compare(disagreements, file, "results", SecondReading.results(events), oracle.results());
            if (!SecondReading.used(events).equals(oracle.used())) {
                disagreements.add(
                        file.getFileName() + " tokens " + SecondReading.used(events) + ", not " + oracle.used());
            }
        }
        account.print(all.size());
        long onlyParser = disagreements.stream()
                .filter(it -> it.contains("said only parser"))
                .count();
        long onlyOracle = disagreements.stream()
                .filter(it -> it.contains("said only oracle"))
                .count();
        System.out.printf(
                Locale.ROOT,
                "%d texts by people in %d files; precision %.3f, recall %.3f; %d disagreements%n",
                said,
                all.size(),
                found == 0 ? 1.0 : 1.0 - (double) onlyParser / found,
                said == 0 ? 1.0 : 1.0 - (double) onlyOracle / said,
                disagreements.size());
        judged.forEach(text ->
                System.out.println("  by a person? " + text.lines().limit(3).toList()));
        assertThat(disagreements).isEmpty();
    }
}
