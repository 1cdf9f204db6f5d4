package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.recording.ModelRun.Conversation;
import dev.kept.recording.writer.SubagentDetail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The work of subagents in notes: before the result of the call that started it, whole, once, in bounded memory. */
class SubagentTest {
    private static final Path NOTE = Path.of("/work/a.md");
    private static final Path LINES = Path.of("/work/a.jsonl");

    @TempDir
    private Path temporary;

    private final SimulatedDisk disk = new SimulatedDisk(SimulatedDisk.Image.empty());

    private static Chat agent(String name, int turns) {
        Chat agent = Chat.ofSubagent("session", name);
        for (int i = 0; i < turns; i++) {
            agent.answers();
        }
        return agent;
    }

    private static Chat callsAgent(Chat chat, String call, String agent) {
        return chat.calls("Task", call, "{\"prompt\":\"go\"}")
                .result(call, "Done by " + agent, "{\"status\":\"completed\",\"agentId\":\"" + agent + "\"}");
    }

    private ModelRun run(Chat chat, SubagentDetail detail, Chat... agents) throws IOException {
        disk.makeFolder(Path.of("/work"));
        Map<String, List<String>> lines = new java.util.LinkedHashMap<>();
        for (int i = 0; i < agents.length; i++) {
            lines.put("a" + (i + 1), agents[i].records());
        }
        Conversation conversation = Conversation.of(temporary, "session", chat.records(), lines);
        ModelRun run = new ModelRun(disk, disk, detail, new Random(5));
        run.startRead();
        run.read(conversation);
        run.settle();
        return run;
    }

    private String note(Path path) {
        return disk.seen().text(path).orElse("");
    }

    private List<String> turns(Path path) {
        return Pattern.compile("turn-(a\\d-)?\\d+-")
                .matcher(note(path))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static List<String> joined(List<String> first, List<String> second, List<String> third) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        return all;
    }

    @Test
    void theWorkIsFoldedBetweenTheCallAndItsResultWhetherLiveOrCaptured() throws IOException {
        for (boolean live : new boolean[] {true, false}) {
            Chat chat = new Chat("session").says();
            if (live) {
                chat.person("::capture /work/a.md");
            }
            List<String> before = List.copyOf(chat.turns());
            Chat agent = agent("a1", 3);
            callsAgent(chat, "call-1", "a1").answers();
            if (!live) {
                chat.person("::export /work/a.md");
            }
            SubagentTest fresh = new SubagentTest();
            fresh.temporary = temporary.resolve("live-" + live);
            fresh.run(chat, SubagentDetail.FOLD, agent);
            String text = fresh.note(NOTE);
            assertThat(fresh.turns(NOTE))
                    .isEqualTo(joined(before, agent.turns(), chat.turns().subList(1, 2)));
            assertThat(text.indexOf("<code>Task</code>"))
                    .isLessThan(text.indexOf("<summary>Claude’s subagent a1</summary>"));
            assertThat(text.indexOf("turn-a1-2-")).isLessThan(text.indexOf("Done by a1"));
            assertThat(text.split("<details>", -1)).hasSameSizeAs(text.split("</details>", -1));
        }
    }

    @Test
    void inlineItStandsOpenAndOmittedItDoesNotStandThere() throws IOException {
        Chat chat = callsAgent(new Chat("session").says().person("::capture /work/a.md"), "call-1", "a1")
                .answers();
        run(chat, SubagentDetail.OMIT, agent("a1", 2));
        assertThat(turns(NOTE)).isEqualTo(chat.turns());

        SubagentTest inline = new SubagentTest();
        inline.temporary = temporary.resolve("inline");
        inline.run(chat, SubagentDetail.INLINE, agent("a1", 2));
        assertThat(inline.turns(NOTE)).contains("turn-a1-0-", "turn-a1-1-");
        assertThat(inline.note(NOTE)).doesNotContain("<summary>Claude’s subagent");
    }

    @Test
    void asLinesItsEventsStandThereAsTheyAre() throws IOException {
        Chat chat = callsAgent(new Chat("session").says().person("::capture /work/a.jsonl"), "call-1", "a1")
                .answers();
        run(chat, SubagentDetail.FOLD, agent("a1", 2));
        assertThat(note(LINES).lines()).allMatch(line -> line.startsWith("{\"kind\":"));
        assertThat(turns(LINES)).containsExactly("turn-0-", "turn-a1-0-", "turn-a1-1-", "turn-1-");
        assertThat(note(LINES)).contains("\"subagent\":\"a1\"");
    }

    @Test
    void twoAtATimeStandEachBeforeItsOwnResult() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md");
        chat.calls("Task", "call-1", "{}").calls("Task", "call-2", "{}");
        chat.result("call-2", "Done by a2", "{\"status\":\"completed\",\"agentId\":\"a2\"}");
        chat.result("call-1", "Done by a1", "{\"status\":\"completed\",\"agentId\":\"a1\"}")
                .answers();
        run(chat, SubagentDetail.FOLD, agent("a1", 2), agent("a2", 2));
        assertThat(turns(NOTE))
                .containsExactly("turn-0-", "turn-a2-0-", "turn-a2-1-", "turn-a1-0-", "turn-a1-1-", "turn-1-");
    }

    @Test
    void oneThatWorksInTheBackgroundIsNotToldWhereItOnlyBegan() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md").calls("Task", "call-1", "{}");
        chat.result("call-1", "Launched", "{\"isAsync\":true,\"status\":\"async_launched\",\"agentId\":\"a1\"}")
                .answers();
        run(chat, SubagentDetail.FOLD, agent("a1", 1));
        assertThat(turns(NOTE)).isEqualTo(chat.turns());
    }

    @Test
    void oneWhoseFileIsMissingDoesNotHoldUpTheNote() throws IOException {
        Chat chat = callsAgent(new Chat("session").says().person("::capture /work/a.md"), "call-1", "a9")
                .answers();
        run(chat, SubagentDetail.FOLD);
        assertThat(turns(NOTE)).isEqualTo(chat.turns());
        assertThat(note(NOTE)).contains("Done by a9");
    }

    @Test
    void aLongLineOfWorkIsReadPieceByPiece() throws IOException {
        Chat agent = Chat.ofSubagent("session", "a1");
        for (int i = 0; i < 120; i++) {
            agent.assistant("words of a line\n".repeat(2_000) + agent.turn());
        }
        Chat chat = callsAgent(new Chat("session").says().person("::capture /work/a.md"), "call-1", "a1")
                .answers();
        ModelRun run = run(chat, SubagentDetail.FOLD, agent);
        assertThat(turns(NOTE)).hasSize(2 + 120).doesNotHaveDuplicates();
        assertThat(disk.writes(NOTE)).allMatch(bytes -> bytes <= 64 * 1024);
        assertThat(run.mostHeld()).as("bytes that readers held at most").isLessThan(2_000_000);
    }

    private static Chat launches(Chat chat, String call, String agent) {
        return chat.calls("Agent", call, "{\"prompt\":\"go\"}")
                .result(
                        call,
                        "Launched",
                        "{\"isAsync\":true,\"status\":\"async_launched\",\"agentId\":\"" + agent + "\"}");
    }

    @Test
    void workInTheBackgroundStandsWhereItsEndIsToldAlsoInAnExport() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md");
        launches(chat, "call-1", "a1").answers().says();
        chat.ended("a1").answers();
        Chat shell = chat.ended("b77").says();
        run(shell, SubagentDetail.FOLD, agent("a1", 2));
        assertThat(turns(NOTE))
                .containsExactly("turn-0-", "turn-1-", "turn-2-", "turn-a1-0-", "turn-a1-1-", "turn-3-", "turn-4-");
        assertThat(note(NOTE).split("subagent b77", -1)).hasSize(1);
        assertThat(exported(shell, Map.of("a1", agent("a1", 2)))).isEqualTo(turns(NOTE));
    }

    @Test
    void whatALineDidMoreSinceItWasToldStandsWhereThatIsToldAndNothingTwice() throws IOException {
        disk.makeFolder(Path.of("/work"));
        Chat agent = agent("a1", 2);
        Chat chat = new Chat("session").says().person("::capture /work/a.md");
        launches(chat, "call-1", "a1");
        chat.ended("a1").answers();
        Conversation first =
                Conversation.of(temporary, "session", chat.records(), Map.of("a1", List.copyOf(agent.records())));
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(5));
        run.startRead();
        run.read(first);
        run.settle();
        assertThat(turns(NOTE)).containsExactly("turn-0-", "turn-a1-0-", "turn-a1-1-", "turn-1-");

        agent.answers();
        chat.says().ended("a1").ended("a1").says();
        SubagentTest whole = new SubagentTest();
        whole.temporary = temporary.resolve("whole");
        whole.run(chat, SubagentDetail.FOLD, agent);
        assertThat(whole.turns(NOTE))
                .containsExactly("turn-0-", "turn-a1-0-", "turn-a1-1-", "turn-a1-2-", "turn-1-", "turn-2-", "turn-3-");
        assertThat(exported(chat, Map.of("a1", agent))).isEqualTo(whole.turns(NOTE));
        run.goOn(first.append(chat, "a1", agent));
        run.settle();
        assertThat(turns(NOTE))
                .containsExactly("turn-0-", "turn-a1-0-", "turn-a1-1-", "turn-1-", "turn-2-", "turn-a1-2-", "turn-3-");
    }

    @Test
    void aSubagentsSubagentStandsInItsFold() throws IOException {
        Chat outer = agent("a1", 1);
        callsAgent(outer, "inner-call", "a2").answers();
        Chat inner = agent("a2", 2);
        // Nonsense, and no reason to go round and round.
        callsAgent(inner, "back", "a1");
        Chat chat = callsAgent(new Chat("session").says().person("::capture /work/a.md"), "call-1", "a1")
                .answers();
        run(chat, SubagentDetail.FOLD, outer, inner);
        assertThat(turns(NOTE))
                .containsExactly("turn-0-", "turn-a1-0-", "turn-a2-0-", "turn-a2-1-", "turn-a1-1-", "turn-1-");
        String text = note(NOTE);
        assertThat(text.indexOf("subagent a1</summary>")).isLessThan(text.indexOf("subagent a2</summary>"));
        assertThat(text.split("<details>", -1)).hasSameSizeAs(text.split("</details>", -1));
        assertThat(exported(chat, Map.of("a1", outer, "a2", inner))).isEqualTo(turns(NOTE));
    }

    @Test
    void oneThatStandsInTheMainFileIsFoldedUnderTheCallWhoseWordsItBeginsWith() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md");
        chat.calls("Task", "call-1", "{\"prompt\":\"Count the pears\"}");
        chat.calls("Task", "call-2", "{\"prompt\":\"Count the plums\"}");
        chat.inlineSubagent("Count the plums", "plums-0", "plums-1");
        chat.inlineSubagent("Count the pears", "pears-0");
        chat.result("call-1", "Seven pears", "{\"totalTokens\":5}");
        chat.result("call-2", "Nine plums", "{\"totalTokens\":5}").answers();
        run(chat, SubagentDetail.FOLD);
        String text = note(NOTE);
        assertThat(Pattern.compile("turn-\\d+-|p(ears|lums)-\\d|Seven pears|Nine plums")
                        .matcher(text)
                        .results()
                        .map(MatchResult::group))
                .containsExactly("turn-0-", "pears-0", "Seven pears", "plums-0", "plums-1", "Nine plums", "turn-1-");
        assertThat(text.split("<summary>Claude’s subagent", -1)).hasSize(3);
        assertThat(exportedText(chat, Map.of())).contains(text.substring(text.indexOf("<code>Task</code>")));
    }

    @Test
    void workThatNoResultNamesStandsAtTheEndOfAnExport() throws IOException {
        Chat chat = new Chat("session").says().calls("Task", "call-1", "{\"prompt\":\"go\"}");
        chat.inlineSubagent("Count the pears", "pears-0").answers();
        Chat killed = agent("a1", 1).calls("Bash", "call-2", "{\"command\":\"ls\"}");
        Chat done = agent("a2", 1);
        String text = exportedText(chat, Map.of("a1", killed, "a2", done));
        assertThat(Pattern.compile("turn-(a\\d-)?\\d+-|pears-0|— stopped —")
                        .matcher(text)
                        .results()
                        .map(MatchResult::group))
                .contains("pears-0")
                .containsSubsequence("turn-0-", "turn-1-", "turn-a1-0-", "— stopped —", "turn-a2-0-");
        assertThat(text.substring(text.indexOf("turn-a2-0-"), text.indexOf("</details>", text.indexOf("turn-a2-0-"))))
                .doesNotContain("stopped");
    }

    private List<String> marksIn(String text) {
        return Pattern.compile("turn-(a\\d-)?\\d+-|p(ears|lums)-\\d|— stopped —|Interrupted")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private void assertInNoteAndExport(Chat chat, Map<String, Chat> agents, String... marks) throws IOException {
        run(chat, SubagentDetail.FOLD, agents.values().toArray(Chat[]::new));
        assertThat(marksIn(note(NOTE))).containsExactly(marks);
        assertThat(note(NOTE).split("<details>", -1)).hasSameSizeAs(note(NOTE).split("</details>", -1));
        assertThat(marksIn(exportedText(chat, agents))).containsExactly(marks);
    }

    @Test
    void workThatAnErrorEndedIsMarkedAsStopped() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md");
        chat.calls("Task", "call-1", "{\"prompt\":\"go\"}");
        chat.fails("call-1", "Interrupted", "{\"status\":\"failed\",\"agentId\":\"a1\"}")
                .answers();
        assertInNoteAndExport(
                chat, Map.of("a1", agent("a1", 1)), "turn-0-", "turn-a1-0-", "— stopped —", "Interrupted", "turn-1-");
    }

    @Test
    void workWhoseStoppedCallDoesNotNameItIsTheLineThatBeganWithItsWords() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md");
        chat.calls("Task", "call-1", "{\"prompt\":\"Count the plums\"}");
        chat.calls("Task", "call-2", "{\"prompt\":\"Count the plums\"}");
        chat.fails("call-1", "Interrupted", "\"Error: stopped\"");
        chat.fails("call-2", "Interrupted", "\"Error: stopped\"").answers();
        Map<String, Chat> agents = new java.util.LinkedHashMap<>();
        agents.put(
                "a1",
                Chat.ofSubagent("session", "a1").user("\"Count the plums\"", "").answers());
        agents.put(
                "a2",
                Chat.ofSubagent("session", "a2").user("\"Count the plums\"", "").answers());
        assertInNoteAndExport(
                chat,
                agents,
                "turn-0-",
                "turn-a1-0-",
                "— stopped —",
                "Interrupted",
                "turn-a2-0-",
                "— stopped —",
                "Interrupted",
                "turn-1-");
    }

    @Test
    void workOfACallWithoutAResultStandsWhereThePersonGoesOn() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md");
        chat.calls("Agent", "call-1", "{\"prompt\":\"Count the plums\"}").says().answers();
        Chat killed =
                Chat.ofSubagent("session", "a1").user("\"Count the plums\"", "").answers();
        assertInNoteAndExport(chat, Map.of("a1", killed), "turn-0-", "turn-a1-0-", "— stopped —", "turn-1-", "turn-2-");
    }

    @Test
    void workInTheMainFileThatNoCallClaimsStandsWhereThePersonGoesOnAndIsMarkedUnlessItCameToItsEnd()
            throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md");
        chat.calls("Task", "call-1", "{\"prompt\":\"Count the pears\"}");
        chat.inlineSubagent("Count the pears", "pears-0");
        chat.inlineSubagent("Warm up", "plums-0");
        chat.says().answers();
        chat.inlineSubagent("Count the plums").says();
        chat.inlineSubagent("Never gone on from", "plums-9");
        run(chat, SubagentDetail.FOLD);
        assertThat(marksIn(note(NOTE)))
                .containsExactly(
                        "turn-0-", "pears-0", "— stopped —", "plums-0", "turn-1-", "turn-2-", "— stopped —", "turn-3-");
        assertThat(marksIn(exportedText(chat, Map.of())))
                .containsExactly(
                        "turn-0-",
                        "pears-0",
                        "— stopped —",
                        "plums-0",
                        "turn-1-",
                        "turn-2-",
                        "— stopped —",
                        "turn-3-",
                        "plums-9");
    }

    private List<String> exported(Chat chat, Map<String, Chat> agents) throws IOException {
        return Pattern.compile("turn-(a\\d-)?\\d+-")
                .matcher(exportedText(chat, agents))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** What {@code kept export} writes, without its beginning. */
    private String exportedText(Chat chat, Map<String, Chat> agents) throws IOException {
        Map<String, List<String>> lines = new java.util.LinkedHashMap<>();
        agents.forEach((line, agent) -> lines.put(line, agent.records()));
        Path folder = temporary.resolve("exported-" + chat.records().size());
        return Conversation.of(folder, "session", chat.records(), lines).exported();
    }
}
