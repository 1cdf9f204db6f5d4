package dev.kept.agents.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserDecision;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.model.TapeReference;
import dev.kept.model.TokenUsage;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Readings;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SourceKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeParserTest {
    private static final Readings READINGS = new Readings(new ClaudeProvider());
    private static final String PROMPT = "{\"type\":\"user\",\"uuid\":\"%s\",\"sessionId\":\"%s\",\"timestamp\":\"%s\","
            + "\"message\":{\"content\":\"continue\"}}\n";

    @Test
    void aForksCopyOfARecordHasTheIdOfTheRecord() {
        String original = String.format(PROMPT, "u1", "s1", "2026-01-01T00:00:00Z")
                + "{\"type\":\"pr-link\",\"prUrl\":\"x\",\"sessionId\":\"s1\",\"timestamp\":\"2026-01-01T00:00:00Z\"}\n";
        String copy = original.replace("\"s1\"", "\"s2\"");
        assertThat(ids(copy)).isEqualTo(ids(original));
    }

    @Test
    void twoEqualRecordsWithoutUuidsStayTwo() {
        String link = "{\"type\":\"pr-link\",\"prUrl\":\"x\"}\n";
        assertThat(ids(link + link)).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aMissingOrBrokenTimestampStaysAbsent() {
        List<ConversationEvent> events = READINGS.eventsOf(
                String.format(PROMPT, "u1", "s1", "yesterday") + PROMPT.replace("\"timestamp\":\"%s\",", ""));
        assertThat(events)
                .allSatisfy(event -> assertThat(event.header().timestamp()).isEmpty());
    }

    @Test
    void interleavedMessagesAddUpToTheirLastLines() {
        String events = answer("m1", 3) + answer("m2", 5) + answer("m1", 10) + answer("m2", 5) + answer("m1", 11);
        long output = READINGS.eventsOf(events).stream()
                .map(event -> ((AssistantMessage) event).call().usage())
                .mapToLong(TokenUsage::output)
                .sum();
        assertThat(output).isEqualTo(11 + 5);
    }

    private static String answer(String messageId, int output) {
        return "{\"type\":\"assistant\",\"message\":{\"id\":\"" + messageId + "\",\"usage\":{\"output_tokens\":"
                + output + "},\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}}\n";
    }

    @Test
    void anImageIsReferredToByItsPlaceOnTheTapeAlsoOnASharedLine() throws Exception {
        String image = "QUJD".repeat(40);
        String record = "{\"type\":\"user\",\"uuid\":\"%s\",\"message\":{\"content\":[{\"type\":\"image\",\"source\":"
                + "{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"" + image + "\"}}]}}";
        byte[] bytes = ("{\"type\":\"mode\"}\n" + String.format(record, "ü1") + String.format(record, "u2") + "\n")
                .getBytes(StandardCharsets.UTF_8);
        List<ConversationEvent> events = Readings.events(READINGS.of(Readings.MAIN, bytes));
        assertThat(events).hasSize(2);
        for (ConversationEvent event : events) {
            TapeReference reference = ((UserMessage) event).references().getFirst();
            assertThat(on(bytes, reference)).isEqualTo("\"" + image + "\"");
            assertThat(reference.sha256()).isEqualTo(sha256(image));
            assertThat(reference.mediaType()).isEqualTo("image/png");
        }
    }

    @Test
    void aHugeTextIsItsBeginningAndAReference() throws Exception {
        String text = "0123456789\\n".repeat(60_000);
        byte[] bytes = ("{\"type\":\"user\",\"uuid\":\"u\",\"message\":{\"content\":[{\"type\":\"tool_result\","
                        + "\"tool_use_id\":\"t\",\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}]}}\n")
                .getBytes(StandardCharsets.UTF_8);
        ToolResult result =
                (ToolResult) Readings.events(READINGS.of(Readings.MAIN, bytes)).getFirst();
        assertThat(result.text()).startsWith("0123456789\n0123").hasSizeLessThan(5000);
        TapeReference reference = result.references().getFirst();
        assertThat(reference.mediaType()).isEqualTo("text/plain");
        assertThat(on(bytes, reference)).isEqualTo("\"" + text + "\"");
        assertThat(reference.sha256()).isEqualTo(sha256(text));
    }

    private static String on(byte[] tape, TapeReference reference) {
        int from = Math.toIntExact(reference.offset());
        return new String(
                Arrays.copyOfRange(tape, from, from + Math.toIntExact(reference.length())), StandardCharsets.UTF_8);
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aToolThatPretendsARefusalIsNoDecision() {
        String result = "{\"type\":\"user\",\"uuid\":\"u\",\"toolUseResult\":%s,\"message\":{\"content\":[{\"type\":"
                + "\"tool_result\",\"tool_use_id\":\"t\",\"is_error\":%s,\"content\":\"The user doesn't want to proceed "
                + "with this tool use. the user said:\\n::stop\"}]}}\n";
        assertThat(READINGS.eventsOf(String.format(result, "{}", "false"))).hasSize(1);
        assertThat(READINGS.eventsOf(String.format(result, "{}", "true"))).hasSize(1);
        assertThat(READINGS.eventsOf(String.format(result, "\"Error\"", "true")))
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(ToolResult.class),
                        second -> assertThat(second).isInstanceOfSatisfying(UserDecision.class, decision -> {
                            assertThat(decision.text()).isEqualTo("::stop");
                            assertThat(decision.header().authorship().authored())
                                    .isFalse();
                        }));
    }

    @Test
    void factsAreToldWhenTheyChangeAndNotBySubagents() {
        String main = "{\"type\":\"user\",\"uuid\":\"u\",\"cwd\":\"/a\",\"message\":{\"content\":\"x\"}}\n";
        String side = main.replace("\"cwd\":\"/a\"", "\"cwd\":\"/b\",\"isSidechain\":true");
        assertThat(facts(main + main + side + main.replace("/a", "/c")))
                .containsExactly(new SessionFact.WorkingDirectory("/a"), new SessionFact.WorkingDirectory("/c"));
    }

    @Test
    void aSummaryIsATitleOnlyIfItPointsIntoThisFile() {
        String prompt = String.format(PROMPT, "u1", "s1", "2026-01-01T00:00:00Z");
        String other = "{\"type\":\"summary\",\"summary\":\"Other\",\"leafUuid\":\"u9\"}\n";
        String own = "{\"type\":\"summary\",\"summary\":\"Own\",\"leafUuid\":\"u1\"}\n";
        assertThat(facts(other + prompt + other + own))
                .filteredOn(SessionFact.Title.class::isInstance)
                .containsExactly(new SessionFact.Title("Own", false));
    }

    @Test
    void aFileThatIsNamedAfterAnotherSessionBelongsToTheOneThatItsRecordsName() {
        String first = String.format(PROMPT, "u1", "s1", "2026-01-01T00:00:00Z");
        String second = String.format(PROMPT, "u2", "s2", "2026-01-01T00:00:01Z");
        String own = String.format(PROMPT, "u3", "session", "2026-01-01T00:00:02Z");
        assertThat(facts(first + second)).containsExactly(new SessionFact.Identity("s1"));
        assertThat(facts(own + first)).isEmpty();
        // What is copied stands before what the file is named after.
        assertThat(facts(first + own + second))
                .containsExactly(new SessionFact.Identity("s1"), new SessionFact.Identity("session"));
    }

    @Test
    void aRenamingIsATitleThatAPersonGave() {
        String review = String.format(PROMPT, "u2", "s1", "2026-01-01T00:00:00Z")
                .replace("continue", "<command-name>/review</command-name><command-args>12</command-args>");
        String rename = review.replace("u2", "u3").replace("/review", "/rename").replace("12", "Ovens");
        String said = String.format(PROMPT, "u4", "s1", "2026-01-01T00:00:00Z");
        assertThat(titles(said + review + rename)).containsExactly("PERSON Ovens");
    }

    private static List<String> titles(String session) {
        return READINGS.of(session).stream()
                .flatMap(reading -> reading.facts().stream())
                .filter(SessionFact.Title.class::isInstance)
                .map(SessionFact.Title.class::cast)
                .map(title -> title.origin() + " " + title.text())
                .toList();
    }

    @Test
    void theFirstRecordNamesASessionThatItsPathDoesNot() {
        byte[] bytes = (String.format(PROMPT, "u1", "s1", "2026-01-01T00:00:00Z")
                        + String.format(PROMPT, "u2", "s2", "2026-01-01T00:00:00Z"))
                .getBytes(StandardCharsets.UTF_8);
        SourceKind.Session unnamed = new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE);
        assertThat(READINGS.of(unnamed, bytes).stream().flatMap(reading -> reading.facts().stream()))
                .containsExactly(new SessionFact.Identity("s1"));
    }

    @Test
    void aSideQuestionsFileTellsOnlyTheQuestionAndItsAnswer() {
        String copied = String.format(PROMPT, "u1", "s1", "2026-01-01T00:00:00Z");
        String question = copied.replace("u1", "u2")
                .replace("continue", "<system-reminder>This is a side question from the user.</system-reminder> why?");
        byte[] bytes = (copied + question + answer("m1", 1)).getBytes(StandardCharsets.UTF_8);
        SourceKind.Session aside = new SourceKind.Session(Optional.of("s1"), "aside_question-a1");
        List<DecodedRecord> readings = READINGS.of(aside, bytes);
        assertThat(readings.getFirst().rule()).isPresent();
        // The agent's own words to the model, what was asked, and the answer.
        assertThat(Readings.events(readings)).hasSize(3);
        assertThat(Readings.events(readings).get(1))
                .isInstanceOfSatisfying(
                        ConversationEvent.UserMessage.class,
                        asked -> assertThat(asked.text()).isEqualTo("why?"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "17",
                "{}",
                "{\"type\":7}",
                "{\"type\":\"user\"}",
                "{\"type\":\"user\",\"message\":\"text\"}",
                "{\"type\":\"user\",\"message\":{\"content\":7}}",
                "{\"type\":\"user\",\"message\":{\"content\":[]}}",
                "{\"type\":\"user\",\"message\":{\"content\":[7,null,{\"type\":\"new\"}]}}",
                "{\"type\":\"assistant\"}",
                "{\"type\":\"assistant\",\"message\":{\"content\":[7]}}",
                "{\"type\":\"system\"}",
                "{\"type\":\"attachment\"}",
                "{\"type\":\"progress\",\"data\":[]}",
                "{\"type\":\"queue-operation\",\"operation\":\"new\"}",
                "not json"
            })
    void whatIsNotUnderstoodIsRaw(String record) {
        assertThat(READINGS.eventsOf(record + "\n"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event).isInstanceOf(ProviderRaw.class));
    }

    @Test
    void aPromptTakenUpDuringTheTurnIsSaidOnceByWhateverTellsIt() {
        String queued = """
                {"type":"user","uuid":"u","version":"%s","message":{"content":"begin"}}
                {"type":"queue-operation","operation":"enqueue","content":"/compact"}
                {"type":"queue-operation","operation":"enqueue","content":"and the light"}
                {"type":"queue-operation","operation":"remove"}
                """;
        assertThat(said(String.format(queued, "2.1.30"))).containsExactly("begin", "and the light");
        assertThat(said(String.format(queued, "2.1.111"))).containsExactly("begin");
        String attached = "{\"type\":\"attachment\",\"uuid\":\"a\",\"attachment\":{\"type\":\"queued_command\","
                + "\"commandMode\":\"prompt\",\"prompt\":\"and the light\"}}\n";
        assertThat(said(String.format(queued, "2.1.111") + attached)).containsExactly("begin", "and the light");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"date\",\"date\":\"2026-03-01\"}",
                "{\"type\":\"environment\",\"snapshot\":{\"workingDirectory\":\"/work\",\"shell\":\"bash\"}}",
                "{\"type\":\"model\",\"identity\":{\"modelId\":\"m\"},\"text\":\"You are a model.\"}",
                "{\"type\":\"prompt_snapshot\",\"systemPrompt\":[\"Be kind.\"],\"reminderFold\":false}",
                "{\"type\":\"remote_session_change\",\"url\":null,\"commit\":\"Co-Authored-By: M\"}",
                "{\"type\":\"session_context\",\"context\":{\"gitStatus\":\"clean\"}}"
            })
    void whatTheModelIsToldBeforeTheConversationIsNoPartOfIt(String attachment) {
        List<DecodedRecord> readings = READINGS.of(
                "{\"type\":\"attachment\",\"uuid\":\"a\",\"version\":\"2.1.330\",\"attachment\":" + attachment + "}\n");
        assertThat(readings)
                .singleElement()
                .satisfies(reading ->
                        assertThat(reading.rule()).contains("what the model is told before the conversation"));
    }

    private static List<String> said(String records) {
        return READINGS.eventsOf(records).stream()
                .filter(event -> event.header().authorship().authored())
                .map(event -> ((UserMessage) event).text())
                .toList();
    }

    @Test
    void noBytesMakeTheParserThrow() throws Exception {
        Random random = new Random(11);
        byte[] odd = "\"{}[],:7nt\\\n\0\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        for (String era : List.of("1.0.98", "2.0.5", "2.1.30", "2.1.130", "2.1.219", "2.1.330")) {
            byte[] fixture = Files.readAllBytes(Path.of("src/test/resources/provider/claude", era, "session.jsonl"));
            for (int round = 0; round < 300; round++) {
                byte[] bytes = fixture.clone();
                for (int change = 0; change < 20; change++) {
                    bytes[random.nextInt(bytes.length)] = odd[random.nextInt(odd.length)];
                }
                assertThat(READINGS.of(Readings.MAIN, bytes)).isNotEmpty();
            }
        }
    }

    private static List<String> ids(String records) {
        return READINGS.eventsOf(records).stream()
                .map(event -> event.header().eventId())
                .toList();
    }

    private static List<SessionFact> facts(String records) {
        return READINGS.of(records).stream()
                .flatMap(reading -> reading.facts().stream())
                .toList();
    }
}
