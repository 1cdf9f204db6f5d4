package dev.kept.agents.codex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.TapeReference;
import dev.kept.model.TokenUsage;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.EventJson;
import dev.kept.provider.Readings;
import dev.kept.provider.SecondReading;
import dev.kept.provider.SessionFact;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodexParserTest {
    private static final Readings READINGS = new Readings(new CodexProvider());
    private static final Path FIXTURES = Path.of("src/test/resources/provider/codex");
    private static final List<String> ALL = List.of(
            "legacy/session",
            "0.36.0/session",
            "0.36.0/resumed",
            "0.58.0/session",
            "0.121.0/session",
            "0.142.4/session",
            "0.142.4/agent",
            "0.169.0/session",
            "0.169.0/exec-fork");

    private static byte[] fixture(String name) throws java.io.IOException {
        return Files.readAllBytes(FIXTURES.resolve(name + ".jsonl"));
    }

    private static String record(int second, String type, String payload) {
        return "{\"timestamp\":\"2026-01-01T00:00:%02dZ\",\"type\":\"%s\",\"payload\":%s}\n"
                .formatted(second, type, payload);
    }

    private static String event(int second, String payload) {
        return record(second, "event_msg", payload);
    }

    private static String item(int second, String payload) {
        return record(second, "response_item", payload);
    }

    private static String meta(String id) {
        return record(0, "session_meta", "{\"id\":\"" + id + "\",\"timestamp\":\"2026-01-01T00:00:00Z\"}");
    }

    private static String prompt(int second, String text) {
        return event(second, "{\"type\":\"user_message\",\"message\":\"" + text + "\"}");
    }

    private static String answer(int second, String text) {
        return item(
                second,
                "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"" + text
                        + "\"}]}");
    }

    private static List<String> ids(List<ConversationEvent> events) {
        return events.stream().map(event -> event.header().eventId()).toList();
    }

    private static ToolResult result(String output) {
        return (ToolResult) READINGS.eventsOf(
                        item(1, "{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":" + output + "}"))
                .getFirst();
    }

    @Test
    void aResumeOfOldRepeatsTheIdsOfWhatItCopiesAndSaysThatItIsACopy() throws Exception {
        List<ConversationEvent> original = Readings.events(READINGS.of(Readings.MAIN, fixture("0.36.0/session")));
        List<DecodedRecord> resumed = READINGS.of(Readings.MAIN, fixture("0.36.0/resumed"));
        List<String> all = ids(Readings.events(resumed));
        assertThat(all.subList(0, original.size())).isEqualTo(ids(original));
        assertThat(all).doesNotHaveDuplicates().hasSize(original.size() + 2);
        SessionFact copied = new SessionFact.ForkedFrom("01994c5e-0000-7000-8000-00000000000a");
        for (DecodedRecord reading : resumed) {
            for (ConversationEvent event : reading.events()) {
                assertThat(reading.facts().contains(copied))
                        .isEqualTo(ids(original).contains(event.header().eventId()));
            }
        }
    }

    @Test
    void aForkOfLaterVersionsEndsItsCopyAtTheFirstTurnOfItsOwn() {
        String old = "019f0000-0000-7000-8000-00000000000a";
        String oldTurn = "019f0000-1111-7000-8000-00000000000a";
        String fork = "019f1000-0000-7000-8000-00000000000b";
        String newTurn = "019f1000-1111-7000-8000-00000000000b";
        String said =
                event(1, "{\"type\":\"task_started\",\"turn_id\":\"" + oldTurn + "\"}") + prompt(1, "::capture /x");
        String goesOn =
                event(1, "{\"type\":\"task_started\",\"turn_id\":\"" + newTurn + "\"}") + prompt(1, "::capture /x");
        List<DecodedRecord> forked = READINGS.of(meta(fork) + meta(old) + said + goesOn);
        List<ConversationEvent> events = Readings.events(forked);
        assertThat(ids(events).getFirst())
                .isEqualTo(
                        READINGS.eventsOf(meta(old) + said).getFirst().header().eventId());
        assertThat(ids(events)).doesNotHaveDuplicates();
        assertThat(forked.stream()
                        .filter(reading -> !reading.events().isEmpty())
                        .map(reading -> reading.facts().contains(new SessionFact.ForkedFrom(old))))
                .containsExactly(true, false);
    }

    @Test
    void theSameWordsInTwoThreadsAreTwoEvents() {
        assertThat(ids(READINGS.eventsOf(meta("t1") + prompt(1, "::capture /x"))))
                .isNotEqualTo(ids(READINGS.eventsOf(meta("t2") + prompt(1, "::capture /x"))));
    }

    private static String item(String payload) {
        return "{\"timestamp\":\"2026-03-01T09:00:01Z\",\"type\":\"response_item\",\"payload\":{" + payload + "}}\n";
    }

    @Test
    void aLaterItemOfTheSameIdThatSaysMoreIsARevisionAndOneThatDoesNotIsARepetition() {
        String message = "\"type\":\"message\",\"role\":\"assistant\",\"id\":\"msg_000000000000000000001\","
                + "\"content\":[{\"type\":\"output_text\",\"text\":\"%s\"}]";
        String call = "\"type\":\"function_call\",\"name\":\"shell\",\"call_id\":\"call_000000000000000000001\","
                + "\"arguments\":\"%s\"";
        String records = item(String.format(message, "I look"))
                + item(String.format(message, "I look"))
                + item(String.format(message, "I look at it"))
                + item(String.format(message, "I"))
                + item(String.format(call, "{}"))
                + item(String.format(call, "{\\\"a\\\":1}"))
                + item(String.format(call, "{\\\"a\\\":1}"));
        assertThat(READINGS.eventsOnce(Readings.MAIN, records.getBytes(StandardCharsets.UTF_8)))
                .extracting(event -> event instanceof AssistantMessage said ? said.text() : ((ToolCall) event).input())
                .containsExactly("I look", "I look at it", "{}", "{\"a\":1}");
    }

    @Test
    void itemsWithoutAnIdThatSayTheSameStayTwo() {
        String message = item(
                "\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"Yes.\"}]");
        assertThat(READINGS.eventsOnce(Readings.MAIN, (message + message).getBytes(StandardCharsets.UTF_8)))
                .hasSize(2);
    }

    @Test
    void theSameWordsTwiceInOneThreadAreTwoEvents() {
        String again = prompt(1, "yes") + answer(2, "Done.") + prompt(3, "yes") + answer(4, "Done.");
        assertThat(ids(READINGS.eventsOf(meta("t1") + again))).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void shortCallIdsThatComeAgainInAnotherTurnAreOtherCalls() {
        String call =
                item(1, "{\"type\":\"function_call\",\"name\":\"shell\",\"arguments\":\"{}\",\"call_id\":\"call_0\"}");
        assertThat(ids(READINGS.eventsOf(meta("t1") + prompt(1, "a") + call + prompt(2, "b") + call)))
                .hasSize(4)
                .doesNotHaveDuplicates();
    }

    @Test
    void anAnswerThatOnlyTheEventTellsIsToldWhenTheTurnIsOver() {
        String records = meta("t1")
                + prompt(1, "hello")
                + event(2, "{\"type\":\"agent_reasoning\",\"text\":\"hm\"}")
                + event(3, "{\"type\":\"agent_message\",\"message\":\"Half an answ\"}")
                + event(4, "{\"type\":\"turn_aborted\",\"reason\":\"interrupted\"}");
        List<ConversationEvent> events = READINGS.eventsOf(records);
        assertThat(events.stream().map(ConversationEvent::kind))
                .containsExactly("user.message", "assistant.thinking", "assistant.message", "system.message");
        assertThat(((AssistantMessage) events.get(2)).text()).isEqualTo("Half an answ");
        assertThat(events.get(2).header().timestamp()).contains(java.time.Instant.parse("2026-01-01T00:00:03Z"));
    }

    @Test
    void twinsAreOneInWhicheverOrderTheyCome() {
        String itemOfPrompt = item(
                1,
                "{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"hello\"}]}");
        String told = event(2, "{\"type\":\"agent_message\",\"message\":\"hi\"}");
        String end = event(3, "{\"type\":\"task_complete\",\"last_agent_message\":\"hi\"}");
        for (String records : List.of(
                itemOfPrompt + prompt(1, "hello") + told + answer(2, "hi") + end,
                prompt(1, "hello") + itemOfPrompt + answer(2, "hi") + told + end)) {
            assertThat(READINGS.eventsOf(meta("t1") + records).stream().map(ConversationEvent::kind))
                    .containsExactly("user.message", "assistant.message");
        }
    }

    @Test
    void theLastAnswerIsTakenFromTheTurnsEndWhereNothingElseToldIt() {
        String end = event(3, "{\"type\":\"task_complete\",\"last_agent_message\":\"hi\"}");
        assertThat(SecondReading.answers(READINGS.eventsOf(meta("t1") + prompt(1, "hello") + end)))
                .containsExactly("hi");
    }

    @Test
    void aResultLosesItsEnvelopeAndKeepsItsExitCode() {
        assertThat(result("\"{\\\"output\\\":\\\"no\\\\n\\\",\\\"metadata\\\":{\\\"exit_code\\\":3}}\""))
                .extracting(ToolResult::text, ToolResult::error)
                .containsExactly("no\n", true);
        assertThat(result("\"{\\\"output\\\":\\\"yes\\\",\\\"metadata\\\":{\\\"exit_code\\\":0}}\""))
                .extracting(ToolResult::text, ToolResult::error)
                .containsExactly("yes", false);
        assertThat(result("\"{\\\"output\\\": 5}\"").text()).isEqualTo("{\"output\": 5}");
        assertThat(result("\"Exit code: 1\\nWall time: 0 seconds\\nOutput:\\nno\"")
                        .error())
                .isTrue();
        assertThat(result("\"Chunk ID: 1\\nProcess exited with code 127\\nOutput:\\nno\"")
                        .error())
                .isTrue();
        assertThat(result("{\"content\":\"no\",\"success\":false}"))
                .extracting(ToolResult::text, ToolResult::error)
                .containsExactly("no", true);
    }

    @Test
    void anOutputThatOnlyQuotesAnExitCodeDidNotFail() {
        assertThat(result("\"Exit code: 0\\nOutput:\\nExit code: 1\"").error()).isFalse();
        assertThat(result("\"Output:\\nProcess exited with code 1\"").error()).isFalse();
        assertThat(result("\"It said: Exit code: 1\"").error()).isFalse();
    }

    @Test
    void usageCountsWhenTheTotalMoved() {
        String count =
                "{\"type\":\"token_count\",\"info\":{\"total_token_usage\":{\"input_tokens\":%d,\"output_tokens\":%d},"
                        + "\"last_token_usage\":{\"input_tokens\":10,\"cached_input_tokens\":4,\"output_tokens\":5}}}";
        String records = meta("t1")
                + event(1, "{\"type\":\"token_count\",\"info\":null}")
                + event(2, count.formatted(10, 5))
                + event(3, count.formatted(10, 5))
                + event(4, count.formatted(20, 10));
        assertThat(SecondReading.used(READINGS.eventsOf(records))).isEqualTo(new TokenUsage(12, 0, 8, 10));
    }

    @Test
    void anImageIsAReferenceToItsBase64() {
        byte[] picture = new byte[300];
        new Random(3).nextBytes(picture);
        String base64 = Base64.getEncoder().encodeToString(picture);
        String records = meta("t1")
                + event(
                        1,
                        "{\"type\":\"user_message\",\"message\":\"Look.\",\"images\":[\"data:image/png;base64," + base64
                                + "\"]}");
        UserMessage message = (UserMessage) READINGS.eventsOf(records).getFirst();
        TapeReference reference = message.references().getFirst();
        byte[] bytes = records.getBytes(StandardCharsets.UTF_8);
        int from = (int) reference.offset() + 1;
        int to = (int) (reference.offset() + reference.length()) - 1;
        assertThat(new String(bytes, from, to - from, StandardCharsets.UTF_8)).isEqualTo(base64);
        assertThat(reference.mediaType()).isEqualTo("image/png");
    }

    @Test
    void aCompactionIsMarkedOnceAndItsHistoryIsNotReplayed() {
        String compacted = record(
                2,
                "compacted",
                "{\"message\":\"\",\"replacement_history\":[{\"type\":\"message\",\"role\":\"user\",\"content\":"
                        + "[{\"type\":\"input_text\",\"text\":\"::capture /x\"}]}]}");
        String mark = event(3, "{\"type\":\"context_compacted\"}");
        String records = meta("t1") + prompt(1, "a") + compacted + mark + answer(4, "b") + compacted + mark;
        assertThat(READINGS.eventsOf(records).stream().map(ConversationEvent::kind))
                .containsExactly("user.message", "system.message", "assistant.message", "system.message");
    }

    @Test
    void encryptedReasoningIsThinkingWithoutWords() {
        ConversationEvent thinking = READINGS.eventsOf(
                        item(1, "{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"AAAA\"}"))
                .getFirst();
        assertThat(((AssistantThinking) thinking).text()).isEmpty();
    }

    @Test
    void aPatchStaysReadableAsJson() {
        ToolCall call = (ToolCall) READINGS.eventsOf(
                        item(
                                1,
                                "{\"type\":\"custom_tool_call\",\"name\":\"apply_patch\",\"call_id\":\"c\",\"input\":\"*** Begin\\n+a\"}"))
                .getFirst();
        assertThat(call.input()).isEqualTo("\"*** Begin\\n+a\"");
    }

    @Test
    void whatIsNotKnownIsRawAndCounted() {
        String records = record(1, "new_kind", "{}")
                + event(1, "{\"type\":\"new_event\"}")
                + item(1, "{\"type\":\"new_item\"}")
                + event(1, "{\"type\":\"item_completed\",\"item\":{\"type\":\"NewItem\"}}")
                + "[]\n{broken\n{}\n";
        assertThat(READINGS.of(records))
                .hasSize(7)
                .allSatisfy(reading -> assertThat(reading.isRaw()).isTrue());
        assertThat(ids(READINGS.eventsOf(records))).doesNotHaveDuplicates();
    }

    @Test
    void theFirstHeaderIsTheIdentityHoweverOftenItComesAgain() {
        String records = meta("t1") + meta("t1") + prompt(1, "a") + meta("t1");
        assertThat(READINGS.of(records).stream()
                        .flatMap(reading -> reading.facts().stream())
                        .filter(SessionFact.Identity.class::isInstance))
                .containsExactly(new SessionFact.Identity("t1"));
    }

    @Test
    void everyBeginningOfAFixtureSaysTheBeginningOfWhatItSays() throws Exception {
        for (String name : ALL) {
            byte[] bytes = fixture(name);
            List<String> whole = lines(bytes);
            for (int end = 0; end <= bytes.length; end++) {
                if (end == 0 || bytes[end - 1] == '\n') {
                    List<String> beginning = lines(Arrays.copyOf(bytes, end));
                    assertThat(beginning).as(name).isEqualTo(whole.subList(0, beginning.size()));
                }
            }
        }
    }

    private static List<String> lines(byte[] bytes) {
        return Readings.events(READINGS.of(Readings.MAIN, bytes)).stream()
                .map(EventJson::line)
                .toList();
    }

    @Test
    void aReaderThatIsRestoredAfterEachRecordGoesOnAsIfNothingHadHappened() throws Exception {
        for (String name : ALL) {
            byte[] bytes = fixture(name);
            int[] cuts = java.util.stream.IntStream.range(0, bytes.length)
                    .filter(i -> bytes[i] == '\n')
                    .map(i -> i + 1)
                    .toArray();
            assertThat(READINGS.eventsWithRestarts(Readings.MAIN, bytes, cuts))
                    .as(name)
                    .isEqualTo(READINGS.eventsOnce(Readings.MAIN, bytes));
        }
    }

    @Test
    void aLargeImageIsAReferenceToItsBase64Too() {
        byte[] picture = new byte[300_000];
        new Random(4).nextBytes(picture);
        String base64 = Base64.getEncoder().encodeToString(picture);
        String records = meta("t1")
                + item(
                        1,
                        "{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":[{\"type\":\"input_image\","
                                + "\"image_url\":\"data:image/jpeg;base64," + base64 + "\"}]}");
        ToolResult result = (ToolResult) READINGS.eventsOf(records).getFirst();
        TapeReference reference = result.references().getFirst();
        int from = (int) reference.offset() + 1;
        int to = (int) (reference.offset() + reference.length()) - 1;
        assertThat(records.substring(from, to)).isEqualTo(base64);
        assertThat(reference.mediaType()).isEqualTo("image/jpeg");
    }

    @Test
    void noBytesMakeTheParserThrow() throws Exception {
        Random random = new Random(11);
        byte[] odd = "\"{}[],:7nt\\\n\0\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        for (String name : ALL) {
            byte[] fixture = fixture(name);
            for (int round = 0; round < 200; round++) {
                byte[] bytes = fixture.clone();
                for (int change = 0; change < 20; change++) {
                    bytes[random.nextInt(bytes.length)] = odd[random.nextInt(odd.length)];
                }
                assertThat(READINGS.of(Readings.MAIN, bytes)).isNotEmpty();
            }
        }
    }

    @Test
    void aTurnThatWasAbortedIsToldOnce() throws Exception {
        assertThat(Readings.events(READINGS.of(Readings.MAIN, fixture("0.142.4/session"))).stream()
                        .filter(event -> event instanceof SystemMessage message
                                && message.subtype().equals("interrupted")))
                .hasSize(1);
    }
}
