package dev.kept.agents.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonValue.JsonString;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.provider.Readings;
import dev.kept.provider.SecondReading;
import dev.kept.provider.SourceKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mark {@code displayContent}, and what counts where a message has none. */
class GeminiMarksTest {
    private static final SourceKind.Session MAIN = new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE);
    private static final String FILES = "\n--- Content from referenced files ---";
    private static final String SHELL = "I ran the following shell command:\n```sh\nls\n```\n\n"
            + "This produced the following result:\n```\n::stop\n```";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "// finish this comment",
                "/* a block */ explain",
                "/home/ada/light.txt is empty, why?",
                "? is what the log says",
                "System: the log says this, why?",
                "System: Please continue. It stopped there, why?",
                "Is <state_snapshot>this</state_snapshot> a tag?",
                "<state_snapshot> is no tag of mine",
                "Here is the user's editor context",
                "I ran the following shell command: ls. Why?",
                "<hook_context>mine</hook_context> and a question",
                "# Heading",
                "[x] done",
                "{\"a\":1}",
                "@",
                "!important"
            })
    void aPromptIsTypedHoweverItBegins(String text) {
        String typed = text.startsWith("<hook_context>") ? "and a question" : text;
        assertThat(said(user("u", text(text), ""))).containsExactly(typed);
        // With a mark, because a hook added its own words.
        String added = text(text) + "," + text("<hook_context>::stop</hook_context>");
        assertThat(said(user("u", added, "[" + text(text) + "]"))).containsExactly(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<session_context>", "<hook_context>", "System: Please continue.", "<state_snapshot>"})
    void whatTheMarkShowsIsTypedInTheAgentsOwnWords(String text) {
        assertThat(said(user("u", text(text + "!") + "," + text("more"), "[" + text(text + "!") + "]")))
                .containsExactly(text + "!");
    }

    @Test
    void aMarkMayBeOneTextOrOnePart() {
        String parts = text("look at @lamps") + "," + text(FILES) + "," + text("::stop");
        assertThat(said(user("u", parts, quoted("look at @lamps")))).containsExactly("look at @lamps");
        assertThat(said(user("u", parts, text("look at @lamps")))).containsExactly("look at @lamps");
        assertThat(said(user("u", parts, "[" + quoted("look at @lamps") + "]"))).containsExactly("look at @lamps");
        assertThat(said(user("u", parts, "null"))).containsExactly("look at @lamps");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "true", "[5]", "{\"text\":5}", "{}", "[{\"functionResponse\":{}}]", "[null]"})
    void aMarkOfAnUnexpectedTypeIsNobodys(String mark) {
        String record = user("u", text("::stop"), mark);
        assertThat(said(record)).isEmpty();
        assertThat(events(record))
                .singleElement()
                .isInstanceOfSatisfying(
                        UserMessage.class, message -> assertThat(message.text()).isEqualTo("::stop"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"\"", "[{\"text\":\" \"}]"})
    void aMarkThatShowsNothingMakesNothingTyped(String mark) {
        assertThat(said(user("u", text("::stop"), mark))).isEmpty();
    }

    @Test
    void aMarkOnAToolsAnswerIsAContradiction() {
        String answer = "{\"functionResponse\":{\"id\":\"c\",\"response\":{\"output\":\"x\"}}}";
        assertThat(said(user("u", answer, "[" + text("::stop") + "]"))).isEmpty();
    }

    @Test
    void filesAndShellOutputThatAPromptWasExpandedToAreNotTyped() {
        // One text, before the mark was there.
        assertThat(said(user("u", text("look at @lamps" + FILES + "\nContent from @lamps:\n::stop"), "")))
                .containsExactly("look at @lamps");
        assertThat(said(user("u", text(FILES.strip() + "\n::stop"), ""))).isEmpty();
        // The announcement and the first file in one part, the second in the next.
        assertThat(said(user("u", text("look") + "," + text(FILES + "\n::stop") + "," + text("::export x"), "")))
                .containsExactly("look");
        // A prompt with the output of a command beside it.
        assertThat(said(user("u", text("explain") + "," + text(SHELL), ""))).containsExactly("explain");
        assertThat(said(user("u", text("explain: ::stop"), "[" + text("explain: !{ls}") + "]")))
                .containsExactly("explain: !{ls}");
    }

    @Test
    void aShellLineIsACommandWithOrWithoutAMark() {
        for (String mark : List.of("", "[" + text("!ls") + "]")) {
            List<ConversationEvent> events = events(user("u", text(SHELL), mark));
            assertThat(SecondReading.said(events)).isEmpty();
            assertThat(events).hasSize(2).first().isInstanceOfSatisfying(UserCommand.class, command -> {
                assertThat(command.name()).isEqualTo("!");
                assertThat(command.arguments()).isEqualTo("ls");
            });
        }
    }

    @Test
    void theTextThatACommandStandsForIsNotTyped() {
        List<ConversationEvent> events =
                events(user("u", text("Review this.\n\n::stop"), "[" + text("/git:review now") + "]"));
        assertThat(SecondReading.said(events)).isEmpty();
        assertThat(events).first().isInstanceOfSatisfying(UserCommand.class, command -> {
            assertThat(command.name()).isEqualTo("/git:review");
            assertThat(command.arguments()).isEqualTo("now");
        });
        assertThat(events).last().isInstanceOf(SystemMessage.class);
    }

    @Test
    void aHooksWordsUnderTheMarkOfThePromptBeforeAreNotThatPromptAgain() {
        String prompt = user("u1", text("Do it.\n\n::stop"), "");
        String hook = user("u2", text("The tests must pass first."), "[" + text("Do it.\n\n::stop") + "]");
        assertThat(said(prompt + hook)).containsExactly("Do it.\n\n::stop");
        // The same words typed again are typed again, with a file or without.
        String again = user(
                "u3",
                text("Do it.\n\n::stop") + "," + text("<hook_context>x</hook_context>"),
                "[" + text("Do it.\n\n::stop") + "]");
        assertThat(said(prompt + again)).hasSize(2);
    }

    @Test
    void whatTheAgentPutsInFrontDoesNotTakeTheIdOfThePrompt() {
        String hook = text("<hook_context>x</hook_context>");
        assertThat(said(user("u", hook + "," + text("Go on."), ""))).containsExactly("Go on.");
        assertThat(events(user("u", hook + "," + text("Go on."), "")).stream()
                        .map(event -> event.header().eventId()))
                .containsExactly("u/put", "u/0");
    }

    @Test
    void theAddressOfAFileAndAnAttachedDocumentAreNotWords() {
        String document = "{\"inlineData\":{\"mimeType\":\"text/plain\",\"data\":\"" + "OjpzdG9w".repeat(16) + "\"}}";
        String address = "{\"fileData\":{\"fileUri\":\"gs://lamps/::stop\",\"mimeType\":\"text/plain\"}}";
        List<ConversationEvent> events = events(user("u", text("Read it.") + "," + document + "," + address, ""));
        assertThat(SecondReading.said(events)).containsExactly("Read it.");
        assertThat(events)
                .first()
                .isInstanceOfSatisfying(
                        UserMessage.class,
                        message -> assertThat(message.references()).hasSize(1));
        assertThat(events).last().isInstanceOf(SystemMessage.class);
    }

    private static String quoted(String text) {
        return new JsonString(text).toJson();
    }

    private static String text(String text) {
        return "{\"text\":" + quoted(text) + "}";
    }

    private static String user(String id, String parts, String mark) {
        return "{\"id\":\"" + id + "\",\"type\":\"user\",\"timestamp\":\"2026-11-02T09:00:00Z\",\"content\":[" + parts
                + "]" + (mark.isEmpty() ? "" : ",\"displayContent\":" + mark) + "}\n";
    }

    private static List<ConversationEvent> events(String records) {
        return Readings.events(new Readings(new GeminiProvider()).of(MAIN, records.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> said(String records) {
        return SecondReading.said(events(records));
    }
}
