package dev.kept.agents.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.Readings;
import dev.kept.provider.SecondReading;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SessionFact.Title.Origin;
import dev.kept.provider.SourceKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the whole history says that no message said before. */
class GeminiHistoryTest {
    private static final SourceKind.Session MAIN = new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE);
    private static final String HEADER = "{\"sessionId\":\"s\",\"projectHash\":\"p\",\"kind\":\"main\"}\n";
    private static final String ASKED =
            "{\"id\":\"m1\",\"type\":\"user\",\"content\":[{\"text\":\"Which lamp?\\n\\n::stop\"}]}";
    private static final String ANSWERED = "{\"id\":\"m2\",\"type\":\"gemini\",\"model\":\"gemini-3-pro\",\"content\":["
            + "{\"text\":\"**Looking** In a file.\",\"thought\":true},{\"text\":\"Lamp 2.\"}],\"toolCalls\":["
            + "{\"id\":\"c\",\"name\":\"read_file\",\"args\":{},\"status\":\"success\",\"result\":[{\"functionResponse\":"
            + "{\"id\":\"c\",\"response\":{\"output\":\"lamps\"}}}]}]}";

    @Test
    void aChatThatOnlyTheHistoryTellsKeepsItsSpeakersAndGivesNoOrders() {
        List<DecodedRecord> readings = readings(HEADER + history(ASKED, ANSWERED));
        List<ConversationEvent> events = Readings.events(readings);
        assertThat(SecondReading.said(events)).isEmpty();
        assertThat(events)
                .extracting(ConversationEvent::getClass)
                .extracting(Class::getSimpleName)
                .containsExactly("UserMessage", "AssistantThinking", "AssistantMessage", "ToolCall", "ToolResult");
        assertThat(((UserMessage) events.get(0)).text()).isEqualTo("Which lamp?\n\n::stop");
        assertThat(((AssistantThinking) events.get(1)).text()).isEqualTo("**Looking** In a file.");
        assertThat(((AssistantMessage) events.get(2)).text()).isEqualTo("Lamp 2.");
        assertThat(readings.stream().flatMap(reading -> reading.facts().stream()))
                .contains(new SessionFact.Model("gemini-3-pro"));
    }

    @Test
    void aListCallsSuchAChatByItsFirstWords() {
        assertThat(titles(HEADER + history(ASKED, ANSWERED) + history(ASKED, ANSWERED)))
                .containsExactly(new SessionFact.Title("Which lamp?\n\n::stop", Origin.WORDS));
        String command = ASKED.replace("Which lamp?\\n\\n::stop", "/light on");
        assertThat(titles(HEADER + command + "\n" + ASKED.replace("m1", "m3") + "\n"))
                .isEmpty();
        assertThat(titles(HEADER + ASKED + "\n" + command.replace("m1", "m3") + "\n"))
                .isEmpty();
        assertThat(titles(HEADER + "{\"$set\":{\"summary\":\"Lamps\"}}\n"))
                .containsExactly(new SessionFact.Title("Lamps", Origin.AGENT));
    }

    private static List<SessionFact> titles(String records) {
        return readings(records).stream()
                .flatMap(reading -> reading.facts().stream())
                .filter(SessionFact.Title.class::isInstance)
                .toList();
    }

    @Test
    void theHistoryAgainSaysNothingAndAnotherMessageInItIsNews() {
        String more = "{\"id\":\"m3\",\"type\":\"user\",\"content\":[{\"text\":\"And lamp 3?\"}]}";
        List<ConversationEvent> events =
                events(HEADER + history(ASKED, ANSWERED) + history(ASKED, ANSWERED) + history(ASKED, ANSWERED, more));
        assertThat(events)
                .hasSize(6)
                .last()
                .isInstanceOfSatisfying(
                        UserMessage.class, message -> assertThat(message.text()).isEqualTo("And lamp 3?"));
    }

    @Test
    void theTailOfACompressedChatIsNotToldAgainUnderNewIds() {
        String before = ASKED + "\n" + ANSWERED + "\n";
        String summary =
                "{\"id\":\"n0\",\"type\":\"user\",\"content\":[{\"text\":\"<state_snapshot>x</state_snapshot>\"}]}";
        String thanks =
                "{\"id\":\"n1\",\"type\":\"gemini\",\"content\":[{\"text\":\"Got it. Thanks for the additional context!\"}]}";
        String compressed = history(summary, thanks, ASKED.replace("m1", "n2"), ANSWERED.replace("m2", "n3"));
        List<ConversationEvent> events = events(HEADER + before + compressed);
        assertThat(SecondReading.said(events)).containsExactly("Which lamp?\n\n::stop");
        assertThat(SecondReading.answers(events)).containsExactly("Lamp 2.");
        assertThat(events.stream().map(event -> event.header().eventId()))
                .containsExactly("m1/0", "m2/part/0", "m2/0", "m2/c", "c/result", "n0/0", "n1/0");
    }

    @Test
    void filesOfAPromptInACompressedTailAreNotToldAgain() {
        String file = "{\"text\":\"\\n--- Content from referenced files ---\"},{\"text\":\"lamps\"}";
        String prompt = "{\"id\":\"m1\",\"type\":\"user\",\"content\":[{\"text\":\"look at @lamps\"}," + file
                + "],\"displayContent\":[{\"text\":\"look at @lamps\"}]}";
        String again = "{\"id\":\"n1\",\"type\":\"user\",\"content\":[{\"text\":\"look at @lamps\"}," + file + "]}";
        assertThat(events(HEADER + prompt + "\n" + history(again))).hasSize(2);
    }

    @Test
    void theContextTellsTheFolderOfWork() {
        assertThat(folders(HEADER + history(context("/home/ada/light", "/home/ada/tools"))))
                .containsExactly("/home/ada/light");
        String digest = ProjectFolder.digest("/home/ada/tools");
        String named = HEADER.replace("\"p\"", "\"" + digest + "\"");
        assertThat(folders(named + history(context("/home/ada/light", "/home/ada/tools"))))
                .containsExactly("/home/ada/tools");
        assertThat(folders(HEADER + history(ASKED))).isEmpty();
        // What a person types in the same form says nothing about the session.
        String typed =
                "{\"id\":\"u\",\"type\":\"user\",\"content\":[{\"text\":\"- **Workspace Directories:**\\n  - /etc\"}]}\n";
        assertThat(folders(HEADER + typed)).isEmpty();
    }

    private static String context(String... folders) {
        return "{\"id\":\"x\",\"type\":\"user\",\"content\":[{\"text\":\"<session_context>\\nToday is a Monday.\\n"
                + "- **Workspace Directories:**\\n  - " + String.join("\\n  - ", folders)
                + "\\n- **Directory Structure:**\\n</session_context>\"}]}";
    }

    private static String history(String... messages) {
        return "{\"$set\":{\"messages\":[" + String.join(",", messages) + "]}}\n";
    }

    private static List<DecodedRecord> readings(String records) {
        return new Readings(new GeminiProvider()).of(MAIN, records.getBytes(StandardCharsets.UTF_8));
    }

    private static List<ConversationEvent> events(String records) {
        return Readings.events(readings(records));
    }

    private static List<String> folders(String records) {
        return readings(records).stream()
                .flatMap(reading -> reading.facts().stream())
                .filter(SessionFact.WorkingDirectory.class::isInstance)
                .map(fact -> ((SessionFact.WorkingDirectory) fact).path())
                .toList();
    }
}
