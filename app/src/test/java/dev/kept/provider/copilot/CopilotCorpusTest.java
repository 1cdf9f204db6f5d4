package dev.kept.provider.copilot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.TokenUsage;
import dev.kept.provider.Corpus;
import dev.kept.provider.Readings;
import dev.kept.provider.RecordReading;
import dev.kept.provider.SecondReading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopilotCorpusTest {
    private static final Readings READINGS = new Readings(new CopilotProvider());

    @TempDir
    static Path scratch;

    @Test
    void realSessionsAreReadAsASecondReadingReadsThem() throws Exception {
        List<Path> all = Corpus.lines("copilot", scratch);
        List<String> disagreements = new ArrayList<>();
        for (Path file : all) {
            byte[] bytes = Files.readAllBytes(file);
            List<RecordReading> readings = READINGS.of(Readings.MAIN, bytes);
            List<ConversationEvent> events = Readings.events(readings);
            List<String> lines = Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
            assertThat(readings).as("the account closes").hasSize(lines.size());
            assertThat(events).noneMatch(ProviderRaw.class::isInstance);
            assertThat(events.stream().map(event -> event.header().eventId())).doesNotHaveDuplicates();
            assertThat(READINGS.of(Readings.MAIN, bytes)).isEqualTo(readings);
            int[] cuts = {bytes.length / 7, bytes.length / 3, bytes.length - 2};
            assertThat(READINGS.of(Readings.MAIN, bytes, cuts)).isEqualTo(readings);
            assertThat(READINGS.eventsWithRestarts(Readings.MAIN, bytes, cuts)).isEqualTo(events);
            compare(disagreements, file, lines, events);
        }
        assertThat(disagreements).isEmpty();
    }

    /** A second, obvious reading: all lines, one question at a time. */
    private static void compare(
            List<String> disagreements, Path file, List<String> lines, List<ConversationEvent> events)
            throws Exception {
        List<String> said = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        Set<String> calls = new LinkedHashSet<>();
        List<String> results = new ArrayList<>();
        long output = 0;
        TokenUsage atTheEnd = TokenUsage.NONE;
        for (String line : lines) {
            JsonObject record = (JsonObject) JsonReader.parse(line);
            JsonObject data = record.object("data").orElseThrow();
            switch (record.stringOr("type", "")) {
                case "user.message" -> said.add(data.stringOr("content", ""));
                case "assistant.message" -> {
                    if (!data.stringOr("content", "").isBlank()) {
                        answers.add(data.stringOr("content", ""));
                    }
                    for (JsonValue request : data.array("toolRequests")) {
                        calls.add(((JsonObject) request).stringOr("toolCallId", ""));
                    }
                    output += data.longOr("outputTokens", 0);
                }
                case "session.shutdown" -> {
                    for (JsonValue model : data.object("modelMetrics")
                            .orElse(JsonObject.EMPTY)
                            .members()
                            .values()) {
                        JsonObject used = ((JsonObject) model).object("usage").orElseThrow();
                        long cached = used.longOr("cacheReadTokens", 0);
                        atTheEnd = atTheEnd.plus(new TokenUsage(
                                used.longOr("inputTokens", 0) - cached, used.longOr("cacheWriteTokens", 0), cached, 0));
                    }
                }
                case "tool.execution_start" -> calls.add(data.stringOr("toolCallId", ""));
                case "tool.execution_complete" ->
                    results.add(data.stringOr("toolCallId", "") + (data.isTrue("success") ? "" : " failed"));
                default -> {}
            }
        }
        SecondReading.compare(disagreements, file, "said", SecondReading.said(events), said);
        SecondReading.compare(disagreements, file, "answers", SecondReading.answers(events), answers);
        SecondReading.compare(disagreements, file, "calls", SecondReading.calls(events), List.copyOf(calls));
        SecondReading.compare(disagreements, file, "results", SecondReading.results(events), results);
        // No corpus session was resumed: all that messages put out is part of what the end sums up.
        TokenUsage used = atTheEnd.plus(new TokenUsage(0, 0, 0, output));
        if (!SecondReading.used(events).equals(used)) {
            disagreements.add(file.getFileName() + " tokens " + SecondReading.used(events) + ", not " + used);
        }
    }
}
