package dev.kept.provider.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.model.TokenUsage;
import dev.kept.provider.EventJson;
import dev.kept.provider.RecordReading;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads every real session file there is: a folder of unpacked files (system property {@code kept.corpus}) or the archive
 * beside the repository. Where neither is, says so and tests nothing.
 */
class ClaudeCorpusTest {
    private static List<Path> files = List.of();

    @BeforeAll
    static void findFiles(@TempDir Path scratch) throws IOException, InterruptedException {
        Optional<Path> found = Corpus.unpacked(scratch);
        if (found.isEmpty()) {
            return;
        }
        Path root = found.get();
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(file -> file.toString().endsWith(".jsonl"))
                    .filter(file -> file.toString().contains("claude/"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyRecordIsAnEventOrHasARuleOrIsRaw() throws IOException {
        Map<String, Integer> account = new TreeMap<>();
        int records = 0;
        int withEvents = 0;
        int byRule = 0;
        int raw = 0;
        int repeated = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            List<RecordReading> readings = Readings.of(source(file), bytes);
            SlowOracle oracle = new SlowOracle(bytes);
            assertThat(readings).as(file.toString()).hasSize(oracle.size());
            repeated += oracle.repeatedUuids().size();
            for (RecordReading reading : readings) {
                records++;
                boolean anyRaw = reading.events().stream().anyMatch(ProviderRaw.class::isInstance);
                if (reading.rule().isPresent()) {
                    byRule++;
                } else if (anyRaw) {
                    raw++;
                } else {
                    withEvents++;
                }
                String what = reading.rule().map(rule -> "nothing: " + rule).orElse(anyRaw ? "raw" : "events");
                account.merge(String.format("%-38s %s", reading.recordType(), what), 1, Integer::sum);
            }
        }
        account.forEach((what, count) -> System.out.printf("%7d  %s%n", count, what));
        System.out.printf(
                "%d files, %d records = %d with events + %d mapped to nothing + %d raw; %d uuids stand twice in a file%n",
                files.size(), records, withEvents, byRule, raw, repeated);
        assertThat(records).isEqualTo(withEvents + byRule + raw);
    }

    @Test
    void readingTwiceGivesTheSameEventsAndEveryEventItsOwnId() throws IOException {
        int repeatedIds = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            List<ConversationEvent> once = Readings.events(Readings.of(source(file), bytes));
            assertThat(Readings.events(Readings.of(source(file), bytes))).isEqualTo(once);
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
            List<RecordReading> whole = Readings.of(source(files.get(i)), bytes);
            List<RecordReading> pieces = Readings.of(source(files.get(i)), bytes, cuts);
            assertThat(jsonOf(pieces)).as(files.get(i).toString()).isEqualTo(jsonOf(whole));
        }
    }

    private static List<String> jsonOf(List<RecordReading> readings) {
        return Readings.events(readings).stream().map(EventJson::line).toList();
    }

    @Test
    void aSlowOracleAgreesOnWhatPeopleSaidAndToolsDidAndTokensCost() throws IOException {
        List<String> disagreements = new ArrayList<>();
        int said = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            SlowOracle oracle = new SlowOracle(bytes);
            List<ConversationEvent> events = Readings.events(Readings.of(source(file), bytes));
            said += oracle.said().size();
            compare(disagreements, file, "said", said(events), oracle.said());
            compare(disagreements, file, "calls", calls(events), oracle.calls());
            compare(disagreements, file, "results", results(events), oracle.results());
            compare(disagreements, file, "answers", answers(events), oracle.answers());
            compare(
                    disagreements,
                    file,
                    "used",
                    List.of(used(events).toString()),
                    List.of(oracle.used().toString()));
        }
        System.out.printf(
                "%d texts by people in %d files; %d disagreements%n", said, files.size(), disagreements.size());
        disagreements.forEach(System.out::println);
        assertThat(disagreements).isEmpty();
    }

    private static void compare(
            List<String> disagreements, Path file, String what, List<String> parser, List<String> oracle) {
        List<String> onlyParser = new ArrayList<>(parser);
        oracle.forEach(onlyParser::remove);
        List<String> onlyOracle = new ArrayList<>(oracle);
        parser.forEach(onlyOracle::remove);
        onlyParser.forEach(text -> disagreements.add(file.getFileName() + " " + what + " only parser: " + brief(text)));
        onlyOracle.forEach(text -> disagreements.add(file.getFileName() + " " + what + " only oracle: " + brief(text)));
    }

    private static String brief(String text) {
        return text.substring(0, Math.min(120, text.length())).replace('\n', '|');
    }

    private static List<String> said(List<ConversationEvent> events) {
        return events.stream()
                .filter(event -> event.header().authorship().authored())
                .map(event -> ((UserMessage) event).text())
                .toList();
    }

    private static List<String> calls(List<ConversationEvent> events) {
        return events.stream()
                .filter(ToolCall.class::isInstance)
                .map(event -> ((ToolCall) event).callId())
                .toList();
    }

    private static List<String> results(List<ConversationEvent> events) {
        return events.stream()
                .filter(ToolResult.class::isInstance)
                .map(event -> (ToolResult) event)
                .map(result -> result.callId() + (result.error() ? " failed" : ""))
                .toList();
    }

    private static List<String> answers(List<ConversationEvent> events) {
        return events.stream()
                .filter(AssistantMessage.class::isInstance)
                .map(event -> ((AssistantMessage) event).text())
                .toList();
    }

    private static TokenUsage used(List<ConversationEvent> events) {
        TokenUsage sum = TokenUsage.NONE;
        for (ConversationEvent event : events) {
            sum = switch (event) {
                case AssistantMessage message -> sum.plus(message.call().usage());
                case AssistantThinking thinking -> sum.plus(thinking.call().usage());
                case ToolCall call -> sum.plus(call.call().usage());
                case ConversationEvent _ -> sum;
            };
        }
        return sum;
    }

    private static SourceKind.Session source(Path file) {
        String name = file.getFileName().toString();
        return new SourceKind.Session(
                Optional.of(name.substring(0, name.length() - ".jsonl".length())), EventHeader.MAIN_LINE);
    }
}
