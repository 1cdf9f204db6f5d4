package dev.kept.agents.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.EventHeader;
import dev.kept.provider.Golden;
import dev.kept.provider.Readings;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hand-written files of each era become their golden events. */
class ClaudeGoldenTest {
    private static final Path FIXTURES = Path.of("src/test/resources/provider/claude");
    private static final Optional<String> SESSION = Optional.of("5e551000-0000-4000-8000-000000000001");
    private static final SourceKind.Session MAIN = new SourceKind.Session(SESSION, EventHeader.MAIN_LINE);

    @ParameterizedTest
    @ValueSource(strings = {"1.0.98", "2.0.5", "2.1.30", "2.1.130", "2.1.219", "2.1.330"})
    void mainFilesOfEachEraBecomeTheirGoldenEvents(String era) throws IOException {
        check(FIXTURES.resolve(era).resolve("session.jsonl"), MAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1.330"})
    void subagentFilesBecomeEventsOfTheirLine(String era) throws IOException {
        check(FIXTURES.resolve(era).resolve("agent.jsonl"), new SourceKind.Session(SESSION, "a0123456789abcdef"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.98", "2.0.5", "2.1.30", "2.1.130", "2.1.219", "2.1.330"})
    void aRestartAfterAnyRecordChangesNothing(String era) throws IOException {
        Readings readings = new Readings(new ClaudeProvider());
        byte[] bytes = Files.readAllBytes(FIXTURES.resolve(era).resolve("session.jsonl"));
        int[] everyEnd =
                IntStream.range(0, bytes.length).filter(i -> bytes[i] == '\n').toArray();
        assertThat(readings.eventsWithRestarts(MAIN, bytes, everyEnd)).isEqualTo(readings.eventsOnce(MAIN, bytes));
    }

    private static void check(Path fixture, SourceKind.Session source) throws IOException {
        Golden.check(fixture, new Readings(new ClaudeProvider()).of(source, Files.readAllBytes(fixture)));
    }
}
