package dev.kept.agents.copilot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Golden;
import dev.kept.provider.Readings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopilotGoldenTest {
    private static final Path FIXTURES = Path.of("src/test/resources/provider/copilot");
    private static final Readings READINGS = new Readings(new CopilotProvider());

    @ParameterizedTest
    @ValueSource(strings = {"1.0.66", "1.0.102"})
    void sessionsOfEachEraBecomeTheirGoldenEvents(String era) throws IOException {
        Path fixture = FIXTURES.resolve(era).resolve("session.jsonl");
        Golden.check(fixture, READINGS.of(Readings.MAIN, Files.readAllBytes(fixture)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.66", "1.0.102"})
    void aFileReadInPiecesOrWithRestartsIsTheFileReadWhole(String era) throws IOException {
        byte[] bytes = Files.readAllBytes(FIXTURES.resolve(era).resolve("session.jsonl"));
        List<DecodedRecord> whole = READINGS.of(Readings.MAIN, bytes);
        Random random = new Random(11);
        for (int round = 0; round < 30; round++) {
            int[] cuts = random.ints(4, 1, bytes.length).sorted().toArray();
            assertThat(READINGS.of(Readings.MAIN, bytes, cuts)).isEqualTo(whole);
            assertThat(READINGS.eventsWithRestarts(Readings.MAIN, bytes, cuts)).isEqualTo(Readings.events(whole));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.66", "1.0.102"})
    void noBytesMakeTheParserThrow(String era) throws IOException {
        byte[] bytes = Files.readAllBytes(FIXTURES.resolve(era).resolve("session.jsonl"));
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            byte[] noisy = bytes.clone();
            for (int i = random.nextInt(60); i >= 0; i--) {
                noisy[random.nextInt(noisy.length)] = (byte) "{}[]\":,x0\n".charAt(random.nextInt(10));
            }
            assertThat(READINGS.of(Readings.MAIN, noisy)).isNotEmpty();
        }
    }
}
