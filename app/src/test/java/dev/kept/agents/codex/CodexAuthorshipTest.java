package dev.kept.agents.codex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.provider.Readings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who counts as a person, as a table. */
class CodexAuthorshipTest {
    private static final Readings READINGS = new Readings(new CodexProvider());

    @ParameterizedTest
    @CsvSource({
        // subagent, trigger, source, originator
        "false, '', cli, codex_cli_rs, TYPED",
        "false, '', cli, codex-tui, TYPED",
        "false, '', vscode, codex_vscode, TYPED",
        "false, '', vscode, Codex Desktop, TYPED",
        "false, '', '', '', TYPED",
        "false, '', '', codex_cli_rs, TYPED",
        "false, '', exec, codex_exec, HEADLESS",
        "false, '', '', codex_exec, HEADLESS",
        "false, '', exec, codex_sdk_ts, HEADLESS",
        "false, '', mcp, codex_cli_rs, HEADLESS",
        "false, '', vscode, somebody_elses_program, HEADLESS",
        "false, user, cli, codex-tui, TYPED",
        // Begun by codex exec, gone on with in a chat; and the other way round.
        "false, user, exec, codex_exec, TYPED",
        "false, exec, cli, codex-tui, HEADLESS",
        "false, timer, cli, codex-tui, HEADLESS",
        "true, '', subagent, codex-tui, NONE",
        "true, user, subagent, codex-tui, NONE"
    })
    void aPromptIsTypedOrHeadlessOrNobodys(
            boolean subagent, String trigger, String source, String originator, Authorship expected) {
        assertThat(CodexAuthorship.of(subagent, trigger, source, originator)).isEqualTo(expected);
    }

    private static String meta(String more) {
        return "{\"timestamp\":\"2026-01-01T00:00:00Z\",\"type\":\"session_meta\",\"payload\":{\"id\":\"t1\"" + more
                + "}}\n";
    }

    private static String userItem(String text) {
        return "{\"timestamp\":\"2026-01-01T00:00:01Z\",\"type\":\"response_item\",\"payload\":{\"type\":\"message\","
                + "\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"" + text + "\"}]}}\n";
    }

    private static String userEvent(String text) {
        return "{\"timestamp\":\"2026-01-01T00:00:01Z\",\"type\":\"event_msg\",\"payload\":{\"type\":\"user_message\","
                + "\"message\":\"" + text + "\"}}\n";
    }

    private static String answer(String text) {
        return "{\"timestamp\":\"2026-01-01T00:00:02Z\",\"type\":\"response_item\",\"payload\":{\"type\":\"message\","
                + "\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"" + text + "\"}]}}\n";
    }

    private static List<String> said(String records) {
        return READINGS.eventsOf(records).stream()
                .filter(event -> event.header().authorship().authored())
                .map(event -> ((UserMessage) event).text())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<environment_context>\\n::capture /x",
                "# AGENTS.md instructions for /srv\\n\\n::capture /x",
                "<turn_aborted>\\nstopped\\n</turn_aborted>",
                "<skill>\\n::capture /x\\n</skill>",
                "<user_instructions>\\n::capture /x",
                "<user_shell_command>\\n<command>\\n::capture /x\\n</command>\\n</user_shell_command>",
                "<user_action>\\n::capture /x",
                "<new_kind_of_context>\\n::capture /x",
                "Another language model started to solve this problem and\\n::capture /x"
            })
    void theAgentsOwnTextsAreNobodysInEitherStream(String text) {
        assertThat(said(meta("") + userItem(text) + answer("a"))).isEmpty();
        assertThat(said("{\"id\":\"t1\",\"timestamp\":\"2025-01-01T00:00:00Z\",\"instructions\":null}\n"
                        + "{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\""
                        + text
                        + "\"}]}\n"))
                .isEmpty();
    }

    @Test
    void wherePromptsHaveEventsAnItemWithoutOneIsNobodys() {
        String records = meta("")
                + userItem("hello")
                + userEvent("hello")
                + answer("a")
                + userItem("::capture /x")
                + answer("b");
        assertThat(said(records)).containsExactly("hello");
        List<ConversationEvent> events = READINGS.eventsOf(records);
        assertThat(events)
                .filteredOn(UserMessage.class::isInstance)
                .extracting(event -> ((UserMessage) event).text())
                .containsExactly("hello", "::capture /x");
    }

    @Test
    void whereNoPromptHasAnEventTheItemIsAPersons() {
        assertThat(said(meta("") + userItem("hello") + answer("a") + userItem("more") + answer("b")))
                .containsExactly("hello", "more");
    }

    @Test
    void whatAnEditorPutBeforeAPromptIsNobodysAlsoWhenItHoldsTheHeading() {
        String text = "# Context from my IDE setup:\\n\\n## Active selection of the file:\\n"
                + "## My request for Codex:\\n::capture /x\\n\\n## My request for Codex:\\nWhat is this?";
        assertThat(said(meta("") + userItem(text) + userEvent(text) + answer("a")))
                .containsExactly("What is this?");
        assertThat(said(meta("") + userEvent("# Context from my IDE setup:\\n\\n::capture /x")))
                .isEmpty();
    }

    @Test
    void theContentKindsOfLaterVersionsDecide() {
        String item =
                "{\"timestamp\":\"2026-01-01T00:00:01Z\",\"type\":\"response_item\",\"payload\":{\"type\":\"message\","
                        + "\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"KIND\"}],"
                        + "\"internal_chat_message_metadata_passthrough\":{\"content_item_kinds\":[\"KIND\"]}}}\n";
        String records =
                meta("") + item.replace("KIND", "user.text") + item.replace("KIND", "goals.context") + answer("a");
        assertThat(said(records)).containsExactly("user.text");
    }

    @Test
    void aSubagentsPromptIsNobodysAndStandsOnALineOfItsParent() {
        String records = meta(",\"source\":{\"subagent\":{\"thread_spawn\":{\"parent_thread_id\":\"p1\",\"depth\":1}}}")
                + userItem("::capture /x")
                + userEvent("::capture /x");
        assertThat(said(records)).isEmpty();
        assertThat(READINGS.eventsOf(records))
                .allSatisfy(event -> assertThat(event.header().line()).isEqualTo("t1"));
        assertThat(READINGS.of(records).getFirst().facts())
                .contains(new dev.kept.provider.SessionFact.ChildOf("p1", "t1"));
    }

    @Test
    void aReviewAgentWithoutAParentIsNobodyToo() {
        assertThat(said(meta(",\"source\":{\"subagent\":\"review\"}") + userEvent("::capture /x")))
                .isEmpty();
    }
}
