package dev.kept.agents.codex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.provider.Readings;
import dev.kept.provider.SecondReading;
import dev.kept.testing.CodexRecords;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person typed, by the record's own mark, and what the agent or its host put in front of it. */
class CodexMarksTest {
    private static final Readings READINGS = new Readings(new CodexProvider());

    private static CodexRecords thread() {
        return CodexRecords.thread("t1", "\"cli_version\":\"0.140.0\",\"originator\":\"codex-tui\",\"source\":\"cli\"");
    }

    private static List<ConversationEvent> events(CodexRecords records) {
        return READINGS.eventsOf(records.text());
    }

    private static List<String> said(CodexRecords records) {
        return SecondReading.said(events(records));
    }

    private static List<String> told(CodexRecords records) {
        return events(records).stream()
                .map(event -> switch (event) {
                    case UserMessage message -> message.header().authorship() + " " + message.text();
                    case SystemMessage message -> message.subtype() + " " + message.text();
                    case AssistantMessage message -> "ASSISTANT " + message.text();
                    case ConversationEvent other -> other.kind();
                })
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# AGENTS.md instructions are not read here, why?\n\n::stop",
                "<skill> is a tag that I do not know",
                "<environment_context> has the wrong folder",
                "<app-root> is missing",
                "<INSTRUCTIONS> in capitals",
                "Another language model started to solve this problem and gave up",
                "<new_kind_of_context> and more",
                "[P1] {\"a\": 1}",
                "// a comment"
            })
    void whatAMarkCallsTypedStaysTypedHoweverItBegins(String text) {
        assertThat(told(thread().item("user", text).prompt(text).answer("a")))
                .containsExactly("TYPED " + text, "ASSISTANT a");
        assertThat(told(thread().prompt(text).answer("a"))).containsExactly("TYPED " + text, "ASSISTANT a");
    }

    @Test
    void whatBeginsLikeTheAgentsAndHasNoMarkIsTheAgents() {
        assertThat(told(thread().item("user", "# AGENTS.md instructions for /srv\n\n::capture /x")
                        .item("user", "Hello.")
                        .prompt("Hello.")
                        .answer("a")))
                .containsExactly(
                        "agents_md # AGENTS.md instructions for /srv\n\n::capture /x", "TYPED Hello.", "ASSISTANT a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# Review findings:\n\n## Finding 1 (src/tide.c:1-3) [added]\n[P1] A finding",
                "# Files mentioned by the user:\n\n## tide.txt: /tmp/a/tide.txt",
                "# Context from my IDE setup:\n\n## Active file: tide.c",
                "The file that is open holds\n## My request for Codex:\n::capture /x"
            })
    void whatTheDesktopPutsBeforeThePromptIsNobodys(String preface) {
        String text = "\n" + preface + "\n\n## My request for Codex:\nmake the linter pass\n";
        CodexRecords records = CodexRecords.thread(
                        "t1", "\"cli_version\":\"0.122.0\",\"originator\":\"Codex Desktop\",\"source\":\"vscode\"")
                .item("user", text)
                .prompt(text)
                .answer("a");
        assertThat(told(records))
                .containsExactly("ide_context " + preface, "TYPED make the linter pass", "ASSISTANT a");
    }

    @Test
    void theHeadingAloneInATerminalIsTyped() {
        String text = "Why does it say\n## My request for Codex:\nin my file?";
        assertThat(said(thread().item("user", text).prompt(text).answer("a"))).containsExactly(text);
    }

    @ParameterizedTest
    @CsvSource({
        "system_instruction, system_instruction",
        "system-instruction, system_instruction",
        "recommended_plugins, recommended_plugins",
        "codex_internal_context, codex_internal_context",
        "environment_context, environment_context",
        "ide_selection, ide_context"
    })
    void anEnvelopeInFrontOfTypedTextIsPartedFromIt(String tag, String subtype) {
        String envelope = "<" + tag + " a=\"b\">\n::capture /x\n</" + tag + "> ::capture /y\n</" + tag + ">";
        String text = envelope + "\n\nSync the skills, please.";
        List<String> expected = List.of(subtype + " " + envelope, "TYPED Sync the skills, please.", "ASSISTANT a");
        assertThat(told(thread().item("user", text).prompt(text).answer("a"))).isEqualTo(expected);
        assertThat(told(thread().prompt(text).answer("a"))).isEqualTo(expected);
        assertThat(told(thread().item("user", text)
                        .prompt("Sync the skills, please.")
                        .answer("a")))
                .isEqualTo(expected);
        assertThat(said(thread().prompt(envelope).answer("a"))).isEmpty();
    }

    @Test
    void severalEnvelopesAreAllPartedFromThePrompt() {
        String text = "<recommended_plugins>\na\n</recommended_plugins>\n<skill>\nb\n</skill>\ngo";
        assertThat(told(thread().item("user", text).prompt("go").answer("a")))
                .containsExactly(
                        "recommended_plugins <recommended_plugins>\na\n</recommended_plugins>",
                        "skill <skill>\nb\n</skill>",
                        "TYPED go",
                        "ASSISTANT a");
    }

    @Test
    void anItemWithoutAnEventStandsInItsPlaceAndIsNobodysWhereTheVersionWritesEvents() {
        CodexRecords records = thread().item("user", "one, ::capture /x")
                .item("user", "two")
                .prompt("two")
                .answer("a")
                .item("user", "three")
                .item("user", "three more")
                .item("user", "three")
                .prompt("three")
                .answer("b");
        assertThat(told(records))
                .containsExactly(
                        "NONE one, ::capture /x",
                        "TYPED two",
                        "ASSISTANT a",
                        "TYPED three",
                        "NONE three more",
                        "NONE three",
                        "ASSISTANT b");
    }

    @Test
    void aPromptThatNobodyAnsweredIsToldAtTheEndOfTheTape() {
        String text = thread().item("user", "one")
                .prompt("one")
                .answer("a")
                .item("user", "two")
                .text();
        assertThat(READINGS.eventsToTheEnd(text).stream().map(ConversationEvent::kind))
                .containsExactly("user.message", "assistant.message", "user.message");
        assertThat(READINGS.eventsToTheEnd(text).getLast().header().source().position())
                .isGreaterThan(
                        READINGS.eventsOf(text).getLast().header().source().position());
    }

    @Test
    void aMarkThatCannotBeReadSpeaksForNobody() {
        for (String meta : List.of(
                "\"originator\":{\"name\":\"codex-tui\"}",
                "\"originator\":\"codex-tui\",\"source\":7",
                "\"originator\":\"codex-tui\",\"source\":{\"internal\":\"memory_consolidation\"}",
                "\"originator\":\"codex-tui\",\"source\":{\"cli\":1,\"custom\":2}",
                "\"originator\":\"codex-tui\",\"source\":\"cli\",\"thread_source\":[]",
                "\"originator\":\"codex-tui\",\"source\":\"cli\",\"thread_source\":\"memory_consolidation\"",
                "\"source\":{\"custom\":\"my-editor\"}")) {
            List<ConversationEvent> events =
                    events(CodexRecords.thread("t1", meta).prompt("hello").answer("a"));
            assertThat(events.getFirst().header().authorship()).as(meta).isEqualTo(Authorship.HEADLESS);
            assertThat(events.getFirst().header().onMainLine()).as(meta).isTrue();
        }
        assertThat(said(thread().event("{\"type\":\"user_message\",\"message\":\"hello\",\"kind\":7}")))
                .isEmpty();
        assertThat(told(thread().event("{\"type\":\"task_started\",\"turn_id\":\"1\",\"turn_attribution\":"
                                + "{\"turn_trigger\":{\"user\":1}}}")
                        .prompt("hello")))
                .containsExactly("HEADLESS hello");
    }

    @Test
    void twoMarksThatContradictEachOtherSpeakForNobody() {
        assertThat(told(thread().item(
                                "{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"go on\"}],"
                                        + "\"internal_chat_message_metadata_passthrough\":{\"content_item_kinds\":[\"goals.context\"]}}")
                        .prompt("go on")))
                .containsExactly("context go on", "NONE go on");
    }

    @Test
    void aThreadOfAnotherProgramThatAPersonTypesInIsAConversation() {
        String meta = "\"originator\":\"codex_vscode\",\"source\":{\"custom\":\"my-editor\"}";
        assertThat(events(CodexRecords.thread("t1", meta).prompt("hello"))).allSatisfy(event -> {
            assertThat(event.header().onMainLine()).isTrue();
            assertThat(event.header().authorship()).isEqualTo(Authorship.TYPED);
        });
    }

    @Test
    void anInternalContextIsMachineTextAlsoBehindAnAnsweredTurn() {
        assertThat(told(thread().prompt("first")
                        .answer("working")
                        .item("user", "<codex_internal_context source=\"goal\">\nContinue.\n</codex_internal_context>")
                        .answer("still working")))
                .containsExactly(
                        "TYPED first",
                        "ASSISTANT working",
                        "codex_internal_context <codex_internal_context source=\"goal\">\nContinue.\n</codex_internal_context>",
                        "ASSISTANT still working");
    }

    @Test
    void aLastAnswerThatIsNowhereElseIsTold() {
        CodexRecords records = thread().prompt("q")
                .answer("one")
                .event("{\"type\":\"task_complete\",\"turn_id\":\"1\",\"last_agent_message\":\"two\"}")
                .prompt("r")
                .answer("two")
                .event("{\"type\":\"task_complete\",\"turn_id\":\"2\",\"last_agent_message\":\" two\\n\"}")
                .prompt("s")
                .event("{\"type\":\"task_complete\",\"turn_id\":\"3\",\"last_agent_message\":\"two\"}");
        assertThat(SecondReading.answers(events(records))).containsExactly("one", "two", "two", "two");
    }

    @Test
    void anItemWithoutATypeIsAMessageWhenSomebodySaysSomethingInIt() {
        assertThat(told(thread().prompt("q")
                        .item("{\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"a\"}]}")
                        .bare("{\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"b\"}]}")))
                .containsExactly("TYPED q", "ASSISTANT a", "ASSISTANT b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "function_call|'\"arguments\":{},\"input\":{\"path\":\"/a\"}'|{\"path\":\"/a\"}",
                "function_call|'\"arguments\":\"{}\",\"input\":\"x\"'|x",
                "function_call|'\"arguments\":\"{}\"'|{}",
                "function_call|'\"arguments\":{\"a\":1},\"input\":{}'|{\"a\":1}",
                "custom_tool_call|'\"input\":\"\",\"arguments\":{\"a\":1}'|{\"a\":1}",
                "local_shell_call|'\"action\":{},\"input\":{\"command\":[\"ls\"]}'|{\"command\":[\"ls\"]}"
            })
    void aCallsInputIsTheMemberThatSaysSomething(String type, String members, String expected) {
        assertThat(events(thread().item(
                                "{\"type\":\"" + type + "\",\"name\":\"look\",\"call_id\":\"c\"," + members + "}")))
                .first()
                .extracting(event -> ((ToolCall) event).input())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shell|error: Failed to find expected lines in /srv/a.json:|true",
                "shell|error: invalid hunk at line 2, Update file hunk for path 'a.py' is empty|true",
                "shell|patch rejected: empty patch|true",
                "apply_patch|Invalid patch: The first line must be '*** Begin Patch'|true",
                "shell|Success. Updated the following files:|false",
                "exec_command|Wall time: 0.1 seconds|false",
                "update_plan|Plan updated|false"
            })
    void aPatchThatWasRejectedIsAnErrorWhateverTheWords(String tool, String output, boolean error) {
        String input = "{\\\"command\\\":[\\\"bash\\\",\\\"-lc\\\",\\\"apply_patch << 'P'\\\\n*** Begin Patch\\\"]}";
        List<ConversationEvent> events = events(thread().item("{\"type\":\"function_call\",\"name\":\"" + tool
                        + "\",\"arguments\":\"" + input + "\",\"call_id\":\"c\"}")
                .item("{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"" + output + "\"}"));
        assertThat(((ToolResult) events.getLast()).error()).isEqualTo(error);
    }

    @Test
    void wordsLikeThatOfAnotherToolAreNoError() {
        List<ConversationEvent> events = events(
                thread().item("{\"type\":\"function_call\",\"name\":\"shell\",\"arguments\":\"{}\",\"call_id\":\"c\"}")
                        .item(
                                "{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"error: is the word to look for\"}"));
        assertThat(((ToolResult) events.getLast()).error()).isFalse();
    }

    @Test
    void equalWordsInATurnIdThatComesAgainStayTwo() {
        CodexRecords records = thread();
        for (String turn : List.of("1", "2", "1")) {
            records.event("{\"type\":\"task_started\",\"turn_id\":\"" + turn + "\"}")
                    .prompt("yes")
                    .answer("Done.");
        }
        assertThat(events(records).stream().map(event -> event.header().eventId()))
                .hasSize(6)
                .doesNotHaveDuplicates();
        assertThat(READINGS.eventsOnce(Readings.MAIN, records.bytes())).hasSize(6);
    }

    @Test
    void aForkWhoseTurnsAreNamedInAnotherWayEndsItsCopyWhereItWasNotWrittenInOneGo() {
        CodexRecords records = CodexRecords.thread("fork", "\"forked_from_id\":\"old\"")
                .at(0)
                .meta("old")
                .event("{\"type\":\"task_started\",\"turn_id\":\"turn-1\"}")
                .prompt("copied")
                .answer("a")
                .at(60)
                .event("{\"type\":\"task_started\",\"turn_id\":\"turn-2\"}")
                .at(61)
                .prompt("own")
                .answer("b");
        assertThat(READINGS.of(records.text()).stream()
                        .filter(reading -> !reading.events().isEmpty())
                        .map(reading -> reading.facts().stream()
                                .anyMatch(dev.kept.provider.SessionFact.ForkedFrom.class::isInstance)))
                .containsExactly(true, true, false, false);
    }
}
