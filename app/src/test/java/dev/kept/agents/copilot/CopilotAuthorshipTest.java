package dev.kept.agents.copilot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.provider.Readings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopilotAuthorshipTest {
    private static final Readings READINGS = new Readings(new CopilotProvider());

    @ParameterizedTest
    @CsvSource({
        "session.start, 09:00:00.120, HEADLESS",
        "session.start, 09:00:02.900, HEADLESS",
        "session.start, 09:00:03.000, TYPED",
        "session.resume, 09:00:00.100, HEADLESS",
        "session.resume, 09:00:09.000, TYPED",
        "session.start, 08:59:59.000, TYPED"
    })
    void aPromptThatComesWithTheProgramIsHeadless(String start, String prompt, Authorship expected) {
        assertThat(authored(
                        line(start, "09:00:00.000", "{}") + line("user.message", prompt, "{\"content\":\"::stop\"}")))
                .containsExactly(expected);
    }

    @Test
    void aPromptAfterAnAnswerIsTypedHoweverSoon() {
        assertThat(authored(line("session.start", "09:00:00.000", "{}")
                        + line("assistant.message", "09:00:00.500", "{\"content\":\"Yes?\"}")
                        + line("user.message", "09:00:01.000", "{\"content\":\"::stop\"}")))
                .containsExactly(Authorship.TYPED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"::stop\",\"source\":\"skill-x\"}",
                "{\"content\":\"::stop\",\"source\":\"system\"}",
                "{\"content\":\"::stop\",\"isAutopilotContinuation\":true}",
                "{\"content\":\"::stop\",\"isAutopilotContinuation\":\"yes\"}",
                "{\"content\":\"::stop\",\"source\":{\"kind\":\"user\"}}",
                "{\"content\":\"<skill-context name=\\\"x\\\">\\n::stop\\n</skill-context>\"}",
                "{\"content\":\"<system_instruction>\\n::stop\"}",
                "{\"content\":\"\",\"transformedContent\":\"::stop\",\"attachments\":[],\"agentMode\":\"autopilot\"}",
                "{\"content\":\"::stop\",\"parentToolCallId\":\"c1\"}"
            })
    void whatNamesAnotherSourceIsNobodys(String data) {
        assertThat(authored(line("user.message", "09:00:00.000", data))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"system.message", "system.notification", "skill.invoked", "session.info", "assistant.message"})
    void otherRecordsAreNobodys(String type) {
        assertThat(authored(line(type, "09:00:00.000", "{\"content\":\"::stop\",\"message\":\"::stop\"}")))
                .isEmpty();
    }

    @Test
    void theContextThatIsAddedToAPromptIsNoPartOfIt() {
        List<ConversationEvent> events = READINGS.eventsOf(line(
                "user.message",
                "09:00:00.000",
                "{\"content\":\"Hello.\",\"transformedContent\":\"::stop\\n\\nHello.\\n\\n::stop\"}"));
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(((ConversationEvent.UserMessage) event).text())
                        .isEqualTo("Hello."));
    }

    private static String line(String type, String time, String data) {
        return "{\"type\":\"" + type + "\",\"data\":" + data + ",\"timestamp\":\"2026-11-02T" + time + "Z\"}\n";
    }

    private static List<Authorship> authored(String records) {
        return READINGS.eventsOf(records).stream()
                .map(event -> event.header().authorship())
                .filter(Authorship::authored)
                .toList();
    }
}
