package dev.kept.agents.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.provider.Readings;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told twice, what is told again with more in it, and whose work a result is. */
class ClaudeRevisionsTest {
    private static final Readings READINGS = new Readings(new ClaudeProvider());

    @Test
    void aLaterRecordOfTheSameIdThatSaysMoreIsARevisionAndOneThatDoesNotIsARepetition() throws IOException {
        String session = text("a1", "Work")
                + text("a1", "Work")
                + text("a1", "Working on it")
                + text("a1", "Wor")
                + text("a1", "Working on it, with care");
        assertThat(once(session))
                .extracting(event -> event.header().eventId() + " " + ((AssistantMessage) event).text())
                .containsExactly("a1/0 Work", "a1/0~2 Working on it", "a1/0~3 Working on it, with care");
        byte[] bytes = session.getBytes(StandardCharsets.UTF_8);
        int line = session.indexOf('\n') + 1;
        assertThat(READINGS.eventsWithRestarts(Readings.MAIN, bytes, line, 2 * line))
                .isEqualTo(once(session));
    }

    @Test
    void aCallThatComesAgainWithMoreInItIsARevisionOfTheCall() {
        String session = call("a1", "{\"description\":\"insp\"}")
                + call("a2", "{\"description\":\"inspect\",\"prompt\":\"inspect the schema\"}")
                + call("a3", "{\"description\":\"inspect\",\"prompt\":\"inspect the schema\"}");
        assertThat(once(session))
                .extracting(event -> event.header().eventId() + " " + ((ToolCall) event).callId())
                .containsExactly("m1/t1 t1", "m1/t1~2 t1");
    }

    @Test
    void aTextThatGoesOnInARecordOfAnotherUuidOfTheSameMessageIsARevision() throws IOException {
        String session = text("a1", "Work")
                + text("a2", "Working on it")
                + thinking("a3", "Hm")
                + thinking("a4", "Hm, yes")
                + text("a5", "Working on it, with care")
                + text("a6", "Done");
        assertThat(once(session))
                .extracting(event -> event.header().eventId())
                .containsExactly("a1/0", "a1/0~2", "a3/0", "a3/0~2", "a1/0~3", "a6/0");
        byte[] bytes = session.getBytes(StandardCharsets.UTF_8);
        int line = session.indexOf('\n') + 1;
        assertThat(READINGS.eventsWithRestarts(Readings.MAIN, bytes, line, 3 * line))
                .isEqualTo(once(session));
        assertThat(once(session + session)).as("read again").isEqualTo(once(session));
    }

    @Test
    void aMessageThatIsToldAgainWithItsCallTellsItsTextsOnce() {
        String first = both("a1", "Work", "{\"description\":\"insp\"}");
        String again = both("a2", "Work", "{\"description\":\"inspect\"}");
        String fuller = both("a3", "Working on it", "{\"description\":\"inspect schema\"}");
        assertThat(once(first + again + fuller))
                .extracting(event -> event.header().eventId())
                .containsExactly("a1/0", "m1/t1", "m1/t1~2", "a1/0~2", "m1/t1~3");
    }

    @Test
    void equalTextsStayTwoWhereNoCallSaysThatTheMessageIsToldAgainAndSoDoOthers() {
        assertThat(once(text("a1", "Yes.") + text("a2", "Yes.") + text("a3", "Yes")))
                .extracting(event -> event.header().eventId())
                .containsExactly("a1/0", "a2/0", "a3/0");
        assertThat(once(text("a1", "Yes.") + text("a2", "Yes. And no.").replace("m1", "m2")))
                .extracting(event -> event.header().eventId())
                .containsExactly("a1/0", "a2/0");
        String prompt = "{\"type\":\"user\",\"uuid\":\"%s\",\"message\":{\"id\":\"m1\",\"content\":\"%s\"}}\n";
        assertThat(once(prompt.formatted("u1", "Go on.")
                        + prompt.formatted("u2", "Go on.")
                        + prompt.formatted("u3", "Go on. Please.")))
                .extracting(event -> event.header().eventId())
                .containsExactly("u1/0", "u2/0", "u3/0");
    }

    @Test
    void recordsWithoutAnIdThatSayTheSameStayTwo() {
        String session = text("a1", "Yes.").replace("\"uuid\":\"a1\",", "");
        assertThat(once(session + session)).hasSize(2);
    }

    @Test
    void theWorkOfASubagentWhoseCallWasRefusedIsThatOfTheCall() {
        String task = call("a1", "{\"prompt\":\"Find it.\"}");
        String progress = "{\"type\":\"progress\",\"uuid\":\"p1\",\"parentToolUseID\":\"t1\",\"data\":{\"type\":"
                + "\"agent_progress\",\"agentId\":\"a0000001\",\"message\":{\"type\":\"user\",\"uuid\":\"s1\",\"message\":"
                + "{\"content\":[{\"type\":\"text\",\"text\":\"Find it.\"}]}}}}\n";
        String refused = result("t1", "\"toolUseResult\":\"User rejected tool use\"");
        assertThat(subagents(task + progress + refused)).containsExactly(Optional.of("a0000001"));
    }

    @Test
    void anAgentThatARecordOfSeveralResultsNamesDidTheCallThatStartedIt() {
        String calls = call("a1", "{\"prompt\":\"Find it.\"}")
                + call("a2", "{\"command\":\"ls\"}").replace("t1", "t2").replace("Task", "Bash");
        String results = "{\"type\":\"user\",\"uuid\":\"r1\",\"toolUseResult\":{\"agentId\":\"a0000001\"},\"message\":"
                + "{\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t2\",\"content\":\"x\"},"
                + "{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":\"y\"}]}}\n";
        assertThat(subagents(calls + results)).containsExactly(Optional.empty(), Optional.of("a0000001"));
    }

    private static List<Optional<String>> subagents(String session) {
        return once(session).stream()
                .filter(ToolResult.class::isInstance)
                .map(event -> ((ToolResult) event).subagent())
                .toList();
    }

    private static List<ConversationEvent> once(String session) {
        SourceKind.Session main = Readings.MAIN;
        return READINGS.eventsOnce(main, session.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String uuid, String text) {
        return assistant(uuid, "{\"type\":\"text\",\"text\":\"" + text + "\"}");
    }

    private static String thinking(String uuid, String text) {
        return assistant(uuid, "{\"type\":\"thinking\",\"thinking\":\"" + text + "\"}");
    }

    private static String both(String uuid, String text, String input) {
        return assistant(
                uuid,
                "{\"type\":\"text\",\"text\":\"" + text
                        + "\"},{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"Task\",\"input\":" + input + "}");
    }

    private static String call(String uuid, String input) {
        return assistant(uuid, "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"Task\",\"input\":" + input + "}");
    }

    private static String assistant(String uuid, String block) {
        return "{\"type\":\"assistant\",\"uuid\":\"" + uuid + "\",\"message\":{\"id\":\"m1\",\"content\":[" + block
                + "]}}\n";
    }

    private static String result(String callId, String marks) {
        return "{\"type\":\"user\",\"uuid\":\"r1\"," + marks + ",\"message\":{\"content\":[{\"type\":\"tool_result\","
                + "\"tool_use_id\":\"" + callId + "\",\"is_error\":true,\"content\":\"refused\"}]}}\n";
    }
}
