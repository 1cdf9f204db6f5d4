package dev.kept.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.model.ConversationEvent;
import dev.kept.provider.Readings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Events of which a later one tells all and more. */
class ReplacedEventsTest {
    private static Set<String> replaced(String session) {
        List<ConversationEvent> events =
                new Readings(new ClaudeProvider()).eventsOnce(Readings.MAIN, session.getBytes(StandardCharsets.UTF_8));
        ReplacedEvents replaced = new ReplacedEvents();
        events.forEach(replaced::accept);
        return replaced.ids();
    }

    private static String record(String type, String uuid, String block) {
        return "{\"type\":\"" + type + "\",\"uuid\":\"" + uuid + "\",\"message\":{\"id\":\"m1\",\"content\":[" + block
                + "]}}\n";
    }

    private static String text(String type, String uuid, String text) {
        return record(type, uuid, "{\"type\":\"text\",\"text\":\"" + text + "\"}");
    }

    @Test
    void aTextOfTheAgentThatWentOnWhereItEndedIsReplacedInEachShorterWording() {
        assertThat(replaced(text("assistant", "a1", "Work")
                        + text("assistant", "a1", "Working on it")
                        + text("assistant", "a2", "Working on it, with care")))
                .containsExactlyInAnyOrder("a1/0", "a1/0~2");
        assertThat(replaced(record("assistant", "a1", "{\"type\":\"thinking\",\"thinking\":\"Hm\"}")
                        + record("assistant", "a1", "{\"type\":\"thinking\",\"thinking\":\"Hm, yes\"}")))
                .containsExactly("a1/0");
    }

    @Test
    void aLongerTextThatSaysSomethingElseReplacesNothing() {
        assertThat(replaced(text("assistant", "a1", "Work") + text("assistant", "a1", "I rest until noon")))
                .isEmpty();
    }

    @Test
    void nothingThatAPersonSaidIsReplaced() {
        assertThat(replaced(text("user", "u1", "Sow") + text("user", "u1", "Sow barley")))
                .isEmpty();
    }

    @Test
    void anIdThatOnlyLooksLikeThatOfARevisionReplacesNothing() {
        assertThat(replaced(text("assistant", "x", "Work").replace("\"m1\"", "\"\"")
                        + text("assistant", "x/0~2", "Working").replace("\"m1\"", "\"\"")))
                .isEmpty();
    }

    @Test
    void aGoingBackThatWasNoneIsReplacedAndNoOtherEventCanBe() {
        String prompt =
                "{\"type\":\"user\",\"uuid\":\"%s\",\"parentUuid\":\"%s\"," + "\"message\":{\"content\":\"Sow.\"}}\n";
        String answer = "{\"type\":\"assistant\",\"uuid\":\"%s\",\"parentUuid\":\"%s\",\"message\":{\"id\":\"%1$s\","
                + "\"content\":[{\"type\":\"text\",\"text\":\"Yes.\"}]}}\n";
        String begun = prompt.formatted("p1", "p0")
                + answer.formatted("a1", "p1")
                + prompt.formatted("p2", "a1")
                + answer.formatted("a2", "p2")
                + prompt.formatted("p3", "a1")
                + answer.formatted("a3", "p3");
        assertThat(replaced(begun)).isEmpty();
        assertThat(replaced(begun + prompt.formatted("p4", "a2"))).containsExactly("p3/rewind");
    }

    @Test
    void aCallWithMoreOfItsInputReplacesTheOneBefore() {
        String call = "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"Bash\",\"input\":{\"command\":\"%s\"}}";
        assertThat(replaced(record("assistant", "a1", call.formatted("sow"))
                        + record("assistant", "a2", call.formatted("sow barley"))))
                .containsExactly("m1/t1");
    }
}
