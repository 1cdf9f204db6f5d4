package dev.kept.agents.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonValue.JsonString;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.EventHeader;
import dev.kept.provider.Readings;
import dev.kept.provider.SourceKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiAuthorshipTest {
    private static final SourceKind.Session MAIN = new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE);
    private static final String HEADER =
            "{\"sessionId\":\"s\",\"projectHash\":\"p\",\"startTime\":\"%1$s\",\"lastUpdated\":\"%2$s\",\"kind\":\"%3$s\"}\n";

    @ParameterizedTest
    @CsvSource({
        // began, header last updated, prompt, expected
        "09:00:00.000, 09:00:00.000, 09:00:00.014, HEADLESS",
        "09:00:00.000, 09:00:00.001, 09:00:00.999, HEADLESS",
        "09:00:00.000, 09:00:00.000, 09:00:01.000, TYPED",
        "09:00:00.000, 09:00:00.000, 08:59:59.999, TYPED",
        // Copied from an older file, where session and prompt began together.
        "09:00:00.000, 09:20:00.000, 09:00:00.000, TYPED"
    })
    void aPromptThatComesWithTheProgramIsHeadless(String began, String updated, String prompt, Authorship expected) {
        assertThat(said(MAIN, String.format(HEADER, at(began), at(updated), "main") + user("u", at(prompt), "::stop")))
                .containsExactly(expected + " ::stop");
    }

    @Test
    void aLaterPromptOfTheSameRunIsTyped() {
        String records = String.format(HEADER, at("09:00:00"), at("09:00:00"), "main")
                + "{\"id\":\"g\",\"type\":\"gemini\",\"timestamp\":\"" + at("09:00:00.2") + "\",\"content\":\"Yes?\"}\n"
                + user("u", at("09:00:00.5"), "Typed fast.");
        assertThat(said(MAIN, records)).containsExactly("TYPED Typed fast.");
    }

    @Test
    void aResumeInALaterMinuteIsToldByTheHistoryThatItWrites() {
        String before =
                String.format(HEADER, at("09:00:00"), at("09:00:00"), "main") + user("u1", at("09:00:09"), "One");
        String resumed = before + "{\"$set\":{\"sessionId\":\"s\"}}\n"
                + "{\"$set\":{\"messages\":["
                + user("u1", at("10:00:00"), "One").strip() + "],\"lastUpdated\":\""
                + at("10:00:00") + "\"}}\n";
        assertThat(said(MAIN, resumed + user("u2", at("10:00:00.007"), "Two")))
                .containsExactly("TYPED One", "HEADLESS Two");
        assertThat(said(MAIN, resumed + user("u2", at("10:00:03"), "Two"))).containsExactly("TYPED One", "TYPED Two");
    }

    @Test
    void aPromptRightAfterACompressionIsTyped() {
        String records = user("u1", at("09:00:09"), "One")
                + "{\"$set\":{\"sessionId\":\"s\"}}\n"
                + "{\"$set\":{\"messages\":["
                + user("n1", at("10:00:00"), "<state_snapshot>x</state_snapshot>")
                        .strip()
                + "],\"lastUpdated\":\"" + at("10:00:00") + "\"}}\n"
                + user("u2", at("10:00:00.100"), "Two");
        assertThat(said(MAIN, records)).containsExactly("TYPED One", "TYPED Two");
    }

    @Test
    void beforeJsonlNothingTellsAHeadlessRunAndPromptsAreTyped() {
        SourceKind.Session document =
                new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE, SourceKind.Layout.DOCUMENT);
        String records =
                String.format(HEADER, at("09:00:00"), at("09:00:00"), "main") + user("u", at("09:00:00"), "Hi");
        assertThat(said(document, records)).containsExactly("TYPED Hi");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<session_context>\n::stop",
                "  <session_context>\n::stop",
                "<hook_context>::stop</hook_context>",
                "/help ::stop",
                "?",
                "<session_context>a</session_context> b </session_context>\n::stop",
                "System: Potential loop detected. Details: ::stop",
                "Here is the user's editor context as a JSON object. This is for your information only.\n```json\n::stop\n```",
                "I ran the following shell command:\n```sh\nls\n```\n\nThis produced the following result:\n```\n::stop\n```",
                "System: Please continue.",
                "<state_snapshot>\n::stop\n</state_snapshot>"
            })
    void whatTheAgentPutsInIsNobodys(String text) {
        assertThat(said(MAIN, user("u", at("09:00:00"), text))).isEmpty();
    }

    @Test
    void aToolsOutputInAUsersNameIsNobodys() {
        assertThat(
                        said(
                                MAIN,
                                "{\"id\":\"u\",\"type\":\"user\",\"timestamp\":\"" + at("09:00:00")
                                        + "\",\"content\":[{\"functionResponse\":{\"id\":\"c\",\"response\":{\"output\":\"::stop\"}}}]}\n"))
                .isEmpty();
    }

    @Test
    void aReferencedFileIsNobodysHoweverItIsWritten() {
        String file = "\n--- Content from referenced files ---";
        String parts = "{\"text\":\"look\"},{\"text\":" + new JsonString(file).toJson() + "},{\"text\":\"::stop\"}";
        String shown = "{\"id\":\"u\",\"type\":\"user\",\"content\":[" + parts
                + "],\"displayContent\":[{\"text\":\"look\"}]}\n";
        assertThat(said(MAIN, shown)).containsExactly("TYPED look");
        assertThat(said(MAIN, shown.replaceAll(",\"displayContent.*]", ""))).containsExactly("TYPED look");
        assertThat(said(MAIN, user("u", at("09:00:00"), "look" + file + "\n::stop")))
                .containsExactly("TYPED look");
    }

    @Test
    void whatOnlyTheHistorySaysIsNobodys() {
        assertThat(said(
                        MAIN,
                        "{\"$set\":{\"messages\":["
                                + user("x", at("09:00:00"), "::stop").strip() + "]}}\n"))
                .isEmpty();
    }

    @Test
    void aNewWordingIsNobodys() {
        String records = user("u", at("09:00:00"), "One") + user("u", at("09:00:05"), "::stop");
        assertThat(said(MAIN, records)).containsExactly("TYPED One");
        assertThat(events(MAIN, records))
                .extracting(event -> event.header().eventId())
                .containsExactly("u/0", "u/0~2");
    }

    @Test
    void aSubagentsFileHoldsNoPersonsWords() {
        SourceKind.Session helper = new SourceKind.Session(Optional.of("s"), "helper");
        assertThat(said(helper, user("u", at("09:00:00"), "::stop"))).isEmpty();
        String byHeader = String.format(HEADER, at("08:00:00"), at("08:00:00"), "subagent");
        assertThat(said(MAIN, byHeader + user("u", at("09:00:00"), "::stop"))).isEmpty();
    }

    private static String at(String time) {
        return "2026-11-02T" + time + "Z";
    }

    private static String user(String id, String time, String text) {
        return "{\"id\":\"" + id + "\",\"type\":\"user\",\"timestamp\":\"" + time + "\",\"content\":[{\"text\":"
                + new JsonString(text).toJson() + "}]}\n";
    }

    private static List<ConversationEvent> events(SourceKind.Session source, String records) {
        return Readings.events(new Readings(new GeminiProvider()).of(source, records.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> said(SourceKind.Session source, String records) {
        return events(source, records).stream()
                .filter(event -> event.header().authorship().authored())
                .map(event -> event.header().authorship() + " " + ((UserMessage) event).text())
                .toList();
    }
}
