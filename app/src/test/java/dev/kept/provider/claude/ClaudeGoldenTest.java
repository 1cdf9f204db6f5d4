package dev.kept.provider.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.provider.EventJson;
import dev.kept.provider.RecordReading;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hand-written files of each era against their golden events. {@code -Dkept.golden.write=true} writes the golden files anew;
 * read the difference before you commit it.
 */
class ClaudeGoldenTest {
    private static final Path FIXTURES = Path.of("src/test/resources/provider/claude");

    @ParameterizedTest
    @ValueSource(strings = {"1.0.98", "2.0.5", "2.1.30", "2.1.130", "2.1.219", "2.1.330"})
    void mainFilesOfEachEraBecomeTheirGoldenEvents(String era) throws IOException {
        check(FIXTURES.resolve(era).resolve("session.jsonl"), Readings.MAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1.330"})
    void subagentFilesBecomeEventsOfTheirLine(String era) throws IOException {
        check(
                FIXTURES.resolve(era).resolve("agent.jsonl"),
                new SourceKind.Session(Optional.of("session"), "a0123456789abcdef"));
    }

    private static void check(Path fixture, SourceKind.Session source) throws IOException {
        Path golden = fixture.resolveSibling(fixture.getFileName().toString().replace(".jsonl", ".golden.jsonl"));
        String told = tell(Readings.of(source, Files.readAllBytes(fixture)));
        if (Boolean.getBoolean("kept.golden.write")) {
            Files.writeString(golden, told, StandardCharsets.UTF_8);
        }
        assertThat(told).isEqualTo(Files.readString(golden, StandardCharsets.UTF_8));
    }

    /** One line for each event, or for the rule where there is none; facts below their record. */
    private static String tell(List<RecordReading> readings) {
        List<String> lines = new ArrayList<>();
        for (RecordReading reading : readings) {
            reading.rule().ifPresent(rule -> lines.add("// " + reading.recordType() + ": nothing, " + rule));
            for (ConversationEvent event : reading.events()) {
                lines.add(EventJson.line(event));
            }
            reading.facts().forEach(fact -> lines.add("// " + fact));
        }
        return String.join("\n", lines) + "\n";
    }
}
