package dev.kept.agents.codex;

import dev.kept.model.EventHeader;
import dev.kept.provider.Golden;
import dev.kept.provider.Readings;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hand-written rollouts of each era against their golden events. */
class CodexGoldenTest {
    private static final Readings READINGS = new Readings(new CodexProvider());
    private static final SourceKind.Session UNNAMED = new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "legacy/session",
                "0.36.0/session",
                "0.36.0/resumed",
                "0.58.0/session",
                "0.121.0/session",
                "0.142.4/session",
                "0.142.4/agent",
                "0.169.0/session",
                "0.169.0/exec-fork",
                "0.169.0/back"
            })
    void aRolloutBecomesItsGoldenEvents(String name) throws IOException {
        Path fixture = Path.of("src/test/resources/provider/codex", name + ".jsonl");
        Golden.check(fixture, READINGS.of(UNNAMED, Files.readAllBytes(fixture)));
    }
}
