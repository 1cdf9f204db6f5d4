package dev.kept.agents.gemini;

import dev.kept.model.EventHeader;
import dev.kept.provider.Golden;
import dev.kept.provider.Readings;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiGoldenTest {
    private static final Path FIXTURES = Path.of("src/test/resources/provider/gemini");

    @ParameterizedTest
    @CsvSource({"0.61/session.jsonl, main", "0.61/two-sessions.jsonl, main", "0.61/subagent.jsonl, helper-1"})
    void aSessionOfEachKindBecomesItsGoldenEvents(String name, String line) throws IOException {
        Path fixture = FIXTURES.resolve(name);
        Optional<String> session = line.equals(EventHeader.MAIN_LINE)
                ? Optional.empty()
                : Optional.of("11111111-aaaa-4bbb-8ccc-000000000001");
        Golden.check(
                fixture,
                new Readings(new GeminiProvider())
                        .of(new SourceKind.Session(session, line), Files.readAllBytes(fixture)));
    }
}
