package dev.kept.agents.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.EventHeader;
import dev.kept.model.TokenUsage;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Readings;
import dev.kept.provider.SecondReading;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GeminiParserTest {
    private static final Path FIXTURE = Path.of("src/test/resources/provider/gemini/0.61/session.jsonl");
    private static final SourceKind.Session MAIN = new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE);
    private static final Readings READINGS = new Readings(new GeminiProvider());

    @Test
    void theWholeHistoryAgainSaysNothing() throws IOException {
        String text = Files.readString(FIXTURE);
        List<String> once = ids(READINGS.of(MAIN, text.getBytes(StandardCharsets.UTF_8)));
        assertThat(once).doesNotHaveDuplicates();
        StringBuilder history = new StringBuilder("{\"$set\":{\"messages\":[");
        text.lines()
                .filter(line -> line.startsWith("{\"id\"") && !line.contains("three lamps"))
                .forEach(line -> history.append(line).append(','));
        history.setLength(history.length() - 1);
        String again = text + history + "]}}\n";
        List<DecodedRecord> readings = READINGS.of(MAIN, again.getBytes(StandardCharsets.UTF_8));
        // The history has the wording of before: that is one more, and nobody's.
        assertThat(ids(readings).subList(once.size(), ids(readings).size())).containsExactly("g4/0~3");
    }

    @Test
    void aMessageThatComesAgainTellsOnlyWhatIsNewInIt() {
        String answer = "{\"id\":\"g\",\"type\":\"gemini\",\"content\":\"Yes.\"%s}\n";
        String calls = ",\"toolCalls\":[{\"id\":\"c\",\"name\":\"t\",\"args\":{},\"status\":\"%s\"}]";
        String text = String.format(answer, "")
                + String.format(answer, String.format(calls, "executing"))
                + String.format(answer, String.format(calls, "success"))
                + String.format(answer, String.format(calls, "success") + ",\"tokens\":{\"input\":3,\"output\":1}");
        assertThat(ids(READINGS.of(MAIN, text.getBytes(StandardCharsets.UTF_8))))
                .containsExactly("g/0", "g/c", "c/result", "g/usage");
    }

    @Test
    void messagesWithoutAnIdThatSayTheSameStayTwoAndALongerWordingIsARevision() {
        String unnamed = "{\"type\":\"user\",\"content\":\"Yes.\"}\n";
        assertThat(ids(READINGS.of(MAIN, (unnamed + unnamed).getBytes(StandardCharsets.UTF_8))))
                .hasSize(2)
                .doesNotHaveDuplicates();
        String named = "{\"id\":\"g\",\"type\":\"gemini\",\"content\":\"%s\"}\n";
        String records =
                String.format(named, "Lamp") + String.format(named, "Lamp 2.") + String.format(named, "Lamp 2.");
        assertThat(ids(READINGS.of(MAIN, records.getBytes(StandardCharsets.UTF_8))))
                .containsExactly("g/0", "g/0~2");
    }

    @Test
    void aResultThatTheModelWasNotGivenIsWhatWasShownOfIt() {
        String answer =
                "{\"id\":\"g\",\"type\":\"gemini\",\"content\":\"\",\"toolCalls\":[{\"id\":\"c\",\"name\":\"t\","
                        + "\"args\":{},\"status\":\"cancelled\"%s}]}\n";
        assertThat(result(String.format(answer, ""))).isEmpty();
        assertThat(result(String.format(answer, ",\"result\":null,\"resultDisplay\":\"no lamp\"")))
                .isEqualTo("no lamp");
        assertThat(result(String.format(
                        answer,
                        ",\"resultDisplay\":[[{\"text\":\"lamp \"},{\"text\":\"1\"}],[{\"text\":\"lamp 2\"}]]")))
                .isEqualTo("lamp 1\nlamp 2");
        assertThat(result(String.format(answer, ",\"resultDisplay\":{\"fileName\":\"lamps\"}")))
                .isEqualTo("{\"fileName\":\"lamps\"}");
        assertThat(result(String.format(answer, ",\"result\":[],\"resultDisplay\":\"shown\"")))
                .isEmpty();
    }

    private static String result(String records) {
        return ((ToolResult) READINGS.eventsOf(records).getLast()).text();
    }

    @Test
    void tokensCountOnce() {
        String answer = "{\"id\":\"g\",\"type\":\"gemini\",\"content\":\"Yes.\",\"tokens\":"
                + "{\"input\":100,\"output\":7,\"cached\":60,\"thoughts\":3,\"tool\":5,\"total\":115}}\n";
        List<ConversationEvent> events = READINGS.eventsOf(answer + answer);
        assertThat(SecondReading.used(events)).isEqualTo(new TokenUsage(45, 0, 60, 10));
    }

    @Test
    void aFileReadInPiecesOrWithRestartsIsTheFileReadWhole() throws IOException {
        byte[] bytes = Files.readAllBytes(FIXTURE);
        List<DecodedRecord> whole = READINGS.of(MAIN, bytes);
        Random random = new Random(3);
        for (int round = 0; round < 40; round++) {
            int[] cuts = random.ints(5, 1, bytes.length).sorted().toArray();
            assertThat(READINGS.of(MAIN, bytes, cuts)).isEqualTo(whole);
            assertThat(READINGS.eventsWithRestarts(MAIN, bytes, cuts)).isEqualTo(Readings.events(whole));
        }
    }

    @Test
    void noBytesMakeTheParserThrow() throws IOException {
        byte[] bytes = Files.readAllBytes(FIXTURE);
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            byte[] noisy = bytes.clone();
            for (int i = random.nextInt(60); i >= 0; i--) {
                noisy[random.nextInt(noisy.length)] = (byte) "{}[]\":,x0\n".charAt(random.nextInt(10));
            }
            assertThat(READINGS.of(MAIN, noisy)).isNotEmpty();
        }
    }

    @Test
    void whatIsNotKnownIsRawAndOnlyThat() throws IOException {
        List<ConversationEvent> events = Readings.events(READINGS.of(MAIN, Files.readAllBytes(FIXTURE)));
        assertThat(events.stream().filter(ProviderRaw.class::isInstance).map(event -> ((ProviderRaw) event).reason()))
                .containsExactly("unknown metadata", "unknown message");
    }

    private static List<String> ids(List<DecodedRecord> readings) {
        return Readings.events(readings).stream()
                .map(event -> event.header().eventId())
                .toList();
    }
}
