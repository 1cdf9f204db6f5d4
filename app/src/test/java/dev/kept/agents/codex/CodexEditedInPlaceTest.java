package dev.kept.agents.codex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Readings;
import dev.kept.provider.SecondReading;
import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.testing.CodexRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rollout without item ids out of which somebody takes a secret, while Kept follows it. */
class CodexEditedInPlaceTest {
    private static final CodexProvider PROVIDER = new CodexProvider();
    private static final String SECRET = "token-of-seven-seas";

    private static CodexRecords thread() {
        return CodexRecords.thread("t1", "\"cli_version\":\"0.150.0\",\"originator\":\"codex-tui\",\"source\":\"cli\"");
    }

    private static CodexRecords turn(CodexRecords records, String id, String prompt, String answer) {
        return records.event("{\"type\":\"task_started\",\"turn_id\":\"" + id + "\"}")
                .item("user", prompt)
                .prompt(prompt)
                .item("{\"type\":\"function_call\",\"name\":\"shell\",\"arguments\":\"{}\",\"call_id\":\"call_0\"}")
                .item("{\"type\":\"function_call_output\",\"call_id\":\"call_0\",\"output\":\"" + answer + "\"}")
                .answer(answer)
                .event("{\"type\":\"task_complete\",\"turn_id\":\"" + id + "\",\"last_agent_message\":\"" + answer
                        + "\"}");
    }

    private static List<ConversationEvent> read(SourceDecoder reading, String text) {
        List<ConversationEvent> events = new ArrayList<>();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        reading.accept(bytes, 0, bytes.length, record -> events.addAll(record.events()));
        return events;
    }

    private static SourceDecoder restarted(SourceDecoder reading) throws IOException {
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        reading.save(new StateWriter(state));
        return SourceDecoder.restore(
                PROVIDER,
                Readings.MAIN,
                reading.generation(),
                reading.resumeOffset(),
                new StateReader(state.toByteArray()));
    }

    @Test
    void aTextThatIsEditedIsNeitherANewTurnNorANewOrderAndWhatComesThenIs() throws IOException {
        CodexRecords records = thread();
        turn(records, "a", "one", "first");
        turn(records, "b", "keep " + SECRET + "\n\n::capture notes/x.md", "second " + SECRET);
        String original = records.text();
        SourceDecoder reading = new SourceDecoder(PROVIDER, Readings.MAIN);
        assertThat(read(reading, original)).hasSize(8);

        reading.beginGeneration(2, _ -> {});
        reading = restarted(reading);
        String edited = original.replace(SECRET, "[REDACTED]");
        assertThat(read(reading, edited.substring(0, edited.length() / 2))).isEmpty();
        reading = restarted(reading);
        assertThat(read(reading, edited.substring((int) reading.offset()))).isEmpty();

        reading.beginGeneration(3, _ -> {});
        String again = edited.replace("[REDACTED]", "***");
        turn(records, "c", "three", "third");
        String grown = again + records.text().substring(original.length());
        List<ConversationEvent> fresh = read(reading, grown);
        assertThat(SecondReading.said(fresh)).containsExactly("three");
        assertThat(SecondReading.answers(fresh)).containsExactly("third");
        assertThat(fresh).hasSize(4);
    }

    @Test
    void anEditOfThePromptThatAThreadWithoutTurnIdsHangsOnIsNoNewTurnEither() {
        String original = CodexRecords.thread("t1", "\"cli_version\":\"0.50.0\"")
                .prompt("the key is " + SECRET)
                .item("{\"type\":\"function_call\",\"name\":\"shell\",\"arguments\":\"{}\",\"call_id\":\"call_0\"}")
                .answer("noted")
                .text();
        SourceDecoder reading = new SourceDecoder(PROVIDER, Readings.MAIN);
        assertThat(read(reading, original)).hasSize(3);
        reading.beginGeneration(2, _ -> {});
        assertThat(read(reading, original.replace(SECRET, "?"))).isEmpty();
    }

    @Test
    void theRuleOfAnEditedRecordSaysSo() {
        String original = thread().prompt("the key is " + SECRET).text();
        SourceDecoder reading = new SourceDecoder(PROVIDER, Readings.MAIN);
        read(reading, original);
        reading.beginGeneration(2, _ -> {});
        List<DecodedRecord> readings = new ArrayList<>();
        byte[] bytes = original.replace(SECRET, "?").getBytes(StandardCharsets.UTF_8);
        reading.accept(bytes, 0, bytes.length, readings::add);
        assertThat(readings.getLast().rule()).contains(SourceDecoder.EDITED);
    }

    @Test
    void aRecordThatIsTakenOutMovesNothingIntoAnothersPlace() {
        CodexRecords records =
                thread().prompt("one").answer("first").prompt("two").answer("second");
        SourceDecoder reading = new SourceDecoder(PROVIDER, Readings.MAIN);
        assertThat(read(reading, records.text())).hasSize(4);
        reading.beginGeneration(2, _ -> {});
        String shorter = records.prompt("three")
                .text()
                .lines()
                .filter(line -> !line.contains("first"))
                .map(line -> line + "\n")
                .reduce("", String::concat);
        assertThat(SecondReading.said(read(reading, shorter))).containsExactly("three");
    }

    @Test
    void whatIsNewInTheSameSecondIsNew() {
        CodexRecords records = thread().at(5).prompt("one").prompt("two");
        SourceDecoder reading = new SourceDecoder(PROVIDER, Readings.MAIN);
        assertThat(read(reading, records.text())).hasSize(2);
        reading.beginGeneration(2, _ -> {});
        String grown = records.prompt("three").text().replace("one", "1");
        assertThat(SecondReading.said(read(reading, grown))).containsExactly("three");
    }

    @Test
    void theSameFileReadTwiceInOneGenerationTellsEqualPlacesTwice() {
        CodexRecords records =
                thread().at(5).prompt("one").at(6).answer("a").at(5).prompt("two");
        assertThat(new Readings(PROVIDER).eventsOnce(Readings.MAIN, records.bytes()))
                .hasSize(3);
    }
}
