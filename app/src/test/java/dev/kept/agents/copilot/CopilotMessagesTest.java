package dev.kept.agents.copilot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.TokenUsage;
import dev.kept.provider.Readings;
import dev.kept.provider.SecondReading;
import dev.kept.provider.SessionFact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people say with attachments, what stands in front of it, and tokens that are summed up at the end. */
class CopilotMessagesTest {
    private static final Readings READINGS = new Readings(new CopilotProvider());
    private static final String IMAGE = "{\"type\":\"blob\",\"data\":\"" + "iVBORw0KGgo".repeat(40)
            + "\",\"mimeType\":\"image/png\",\"displayName\":\"map.png\"}";
    private static final String FILE =
            "{\"type\":\"file\",\"path\":\"/home/ada/light/plan.md\",\"displayName\":\"plan.md\"}";

    private static String record(String type, String data) {
        return "{\"type\":\"" + type + "\",\"data\":" + data + ",\"timestamp\":\"2026-11-02T09:00:09.000Z\"}\n";
    }

    private static String prompt(String content, String attachments) {
        return record("user.message", "{\"content\":\"" + content + "\",\"attachments\":[" + attachments + "]}");
    }

    private static List<String> told(String records) {
        return READINGS.eventsOf(records).stream()
                .map(event -> switch (event) {
                    case UserMessage message ->
                        message.header().authorship() + " " + message.text() + " "
                                + message.references().stream()
                                        .map(reference -> reference.mediaType())
                                        .toList();
                    case SystemMessage message -> message.subtype() + " " + message.text();
                    case ConversationEvent other -> other.kind();
                })
                .toList();
    }

    @Test
    void anImageBelongsToThePromptAlsoWhereThatHasNoWords() {
        assertThat(told(prompt("Look.", IMAGE))).containsExactly("TYPED Look. [image/png]");
        assertThat(told(prompt("", IMAGE))).containsExactly("TYPED  [image/png]");
    }

    @Test
    void aFileIsNamedAndItsWordsAreNobodys() {
        assertThat(told(prompt("Look.", FILE)))
                .containsExactly("TYPED Look. []", "NONE [file: plan.md] /home/ada/light/plan.md []");
        assertThat(told(prompt("", FILE))).containsExactly("TYPED [file: plan.md] /home/ada/light/plan.md []");
        assertThat(
                        told(
                                prompt(
                                        "Look.",
                                        "{\"type\":\"selection\",\"filePath\":\"/a.md\",\"text\":\"::capture /x\",\"displayName\":\"a.md\"}")))
                .containsExactly("TYPED Look. []", "NONE [selection: a.md] /a.md\n::capture /x []");
    }

    @Test
    void allAttachmentsOfAPromptAreTold() {
        assertThat(told(prompt("Look.", IMAGE + "," + FILE + "," + IMAGE + ",7")))
                .containsExactly(
                        "TYPED Look. [image/png, image/png]",
                        "NONE [file: plan.md] /home/ada/light/plan.md []",
                        "NONE 7 []");
    }

    @Test
    void whatAutopilotTellsItselfIsNobodys() {
        assertThat(told(record(
                        "user.message",
                        "{\"content\":\"\",\"transformedContent\":\"Keep working.\",\"attachments\":[],"
                                + "\"agentMode\":\"autopilot\"}")))
                .containsExactly("continuation Keep working.");
    }

    @ParameterizedTest
    @CsvSource({
        "skill-context, skill",
        "system_instruction, system_instruction",
        "system-reminder, system-reminder",
        "current_datetime, current_datetime"
    })
    void anEnvelopeInFrontOfAPromptIsPartedFromIt(String tag, String subtype) {
        String envelope = "<" + tag + " name='x'>::stop</" + tag + "> ::stop</" + tag + ">";
        assertThat(told(prompt(envelope + "\\n\\nGo on.", "")))
                .containsExactly(subtype + " " + envelope, "TYPED Go on. []");
        assertThat(told(prompt("<app-root> is missing", ""))).containsExactly("TYPED <app-root> is missing []");
    }

    @Test
    void aResultWithoutContentIsToldAsItIs() {
        assertThat(((ToolResult) READINGS.eventsOf(record(
                                        "tool.execution_complete",
                                        "{\"toolCallId\":\"c\",\"success\":true,\"result\":{\"rows\":[1,2]}}"))
                                .getFirst())
                        .text())
                .isEqualTo("{\"rows\":[1,2]}");
        assertThat(((ToolResult) READINGS.eventsOf(
                                        record(
                                                "tool.execution_complete",
                                                "{\"toolCallId\":\"c\",\"success\":true,\"result\":{\"detailedContent\":\"all\"}}"))
                                .getFirst())
                        .text())
                .isEqualTo("all");
    }

    @Test
    void aMessageHasTheModelThatWasChangedTo() {
        assertThat(READINGS.eventsOf(record("session.model_change", "{\"newModel\":\"lamp-1\"}")
                        + record("assistant.message", "{\"content\":\"Yes.\",\"messageId\":\"m\"}")))
                .singleElement()
                .satisfies(event ->
                        assertThat(((AssistantMessage) event).call().model()).isEqualTo("lamp-1"));
    }

    @Test
    void whatAPersonTypedBehindASkillIsACommand() {
        String skill = "<skill-context name=\\\"bake\\\">\\nOvens.\\n</%s>";
        for (String end : List.of("skill-context", "skill_context")) {
            String said = String.format(skill, end);
            assertThat(told(prompt(said + "\\nARGUMENTS: bread\\n\\n::stop", "")))
                    .containsExactly("skill " + said.replace("\\n", "\n").replace("\\", ""), "user.command");
            assertThat(told(prompt(said + "\\n\\nGo on.", ""))).endsWith("TYPED Go on. []");
        }
        assertThat(READINGS.eventsOf(prompt(String.format(skill, "skill-context") + "\\nARGUMENTS: bread", "")))
                .last()
                .satisfies(event -> {
                    assertThat(((UserCommand) event).name()).isEqualTo("/bake");
                    assertThat(((UserCommand) event).arguments()).isEqualTo("bread");
                });
    }

    private static List<SessionFact> identities(String... sessions) {
        StringBuilder records = new StringBuilder();
        for (String session : sessions) {
            records.append(record("session.start", "{\"sessionId\":\"" + session + "\"}"));
        }
        return READINGS.of(records.toString()).stream()
                .flatMap(reading -> reading.facts().stream())
                .filter(SessionFact.Identity.class::isInstance)
                .toList();
    }

    @Test
    void theFirstStartNamesTheSessionUnlessALaterOneSaysWhatItsFolderIsNamedAfter() {
        assertThat(identities("session", "a")).isEmpty();
        assertThat(identities("a", "b", "a")).containsExactly(new SessionFact.Identity("a"));
        assertThat(identities("a", "session", "b"))
                .containsExactly(new SessionFact.Identity("a"), new SessionFact.Identity("session"));
    }

    private static String again(String type, String data) {
        return record(type, data).replace("\"data\"", "\"id\":\"r1\",\"data\"");
    }

    private static List<String> once(String records) {
        return READINGS.eventsOnce(Readings.MAIN, records.getBytes(StandardCharsets.UTF_8)).stream()
                .map(event -> event.header().eventId() + " "
                        + switch (event) {
                            case UserMessage message -> message.text();
                            case AssistantMessage message ->
                                message.text() + " " + message.call().usage().output();
                            case ToolCall call -> call.input();
                            case ToolResult result -> result.text();
                            case ConversationEvent other -> other.kind();
                        })
                .toList();
    }

    @Test
    void aLaterRecordOfTheSameIdThatSaysMoreIsARevisionAndOneThatDoesNotIsARepetition() {
        String data =
                "{\"content\":\"%s\",\"outputTokens\":%d,\"toolRequests\":[{\"toolCallId\":\"c\",\"name\":\"view\","
                        + "\"arguments\":{\"path\":\"%s\"}}]}";
        String first = again("assistant.message", String.format(data, "I look", 3, "a"));
        String later = again("assistant.message", String.format(data, "I look at it", 5, "a.md"));
        assertThat(once(first + first + later + first))
                .containsExactly(
                        "r1/0 I look 3",
                        "r1/c {\"path\":\"a\"}",
                        "r1/0~2 I look at it 2",
                        "r1/c~2 {\"path\":\"a.md\"}");
        assertThat(once(again("user.message", "{\"content\":\"Look\"}")
                        + again("user.message", "{\"content\":\"Look here\"}")))
                .containsExactly("r1/0 Look", "r1/0~2 Look here");
        String started = record(
                "tool.execution_start",
                "{\"toolCallId\":\"c\",\"toolName\":\"view\",\"arguments\":{\"path\":\"a.md\"}}");
        assertThat(once(first + started)).hasSize(2);
    }

    @Test
    void recordsWithoutAnIdThatSayTheSameStayTwo() {
        assertThat(once(prompt("Yes.", "") + prompt("Yes.", ""))).hasSize(2);
        assertThat(once(answer(3) + answer(3))).hasSize(2);
    }

    private static String answer(int output) {
        return record("assistant.message", "{\"content\":\"Yes.\",\"outputTokens\":" + output + "}");
    }

    private static String end(String model, int input, int cached, int output) {
        return record(
                "session.shutdown",
                "{\"modelMetrics\":{\"" + model + "\":{\"usage\":{\"inputTokens\":" + input + ",\"outputTokens\":"
                        + output + ",\"cacheReadTokens\":" + cached + ",\"cacheWriteTokens\":0}}}}");
    }

    @Test
    void whatTheEndSumsUpCountsOnce() throws IOException {
        String first = answer(40) + answer(2) + end("lamp", 5000, 3000, 42);
        assertThat(SecondReading.used(READINGS.eventsOf(first))).isEqualTo(new TokenUsage(2000, 0, 3000, 42));

        String sumsGoOn = first + record("session.resume", "{}") + answer(10) + end("lamp", 7000, 4000, 52);
        assertThat(SecondReading.used(READINGS.eventsOf(sumsGoOn))).isEqualTo(new TokenUsage(3000, 0, 4000, 52));

        String sumsBeginAnew = first + record("session.resume", "{}") + answer(10) + end("lamp", 2000, 1000, 10);
        assertThat(SecondReading.used(READINGS.eventsOf(sumsBeginAnew))).isEqualTo(new TokenUsage(3000, 0, 4000, 52));

        byte[] bytes = sumsGoOn.getBytes(StandardCharsets.UTF_8);
        int[] cuts = java.util.stream.IntStream.range(1, bytes.length)
                .filter(i -> bytes[i - 1] == '\n')
                .toArray();
        assertThat(READINGS.eventsWithRestarts(Readings.MAIN, bytes, cuts))
                .isEqualTo(READINGS.eventsOnce(Readings.MAIN, bytes));
    }

    @Test
    void eachModelHasItsOwnSum() {
        String records = record(
                "session.shutdown",
                "{\"modelMetrics\":{\"a\":{\"usage\":{\"inputTokens\":5}},\"b\":{\"usage\":{\"outputTokens\":6}},\"c\":{}}}");
        assertThat(READINGS.eventsOf(records)).hasSize(2);
        assertThat(SecondReading.used(READINGS.eventsOf(records))).isEqualTo(new TokenUsage(5, 0, 0, 6));
    }
}
