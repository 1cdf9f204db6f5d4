package dev.kept.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The five commands, obeyed by the real daemon: each note holds exactly the turns that it should, once, in order. */
@Timeout(120)
class CaptureTest {
    @TempDir
    private static Path temporary;

    private static DaemonHarness daemon;

    @BeforeAll
    static void startDaemon() throws Exception {
        daemon = new DaemonHarness(temporary).start();
    }

    @AfterAll
    static void endDaemon() {
        daemon.close();
    }

    private static Path note(String name) {
        return daemon.work().resolve(name);
    }

    /**
     * The transition table. Two turns, a first command that brings the session into its state, two turns, the command,
     * two turns. What a note holds is written as the numbers of the turns: 1 and 2 before all, 3 and 4 in between, 5
     * and 6 after.
     */
    @ParameterizedTest(name = "{0}: {1} then {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // state             first             command            in one.md         in two.md    recording to
                "not-recording     | -               | ::init one.md    | head            | -          | -",
                "not-recording     | ::init one.md   | ::record         | 5 6             | -          | one",
                "not-recording     | -               | ::capture one.md | 1 2 3 4 5 6     | -          | one",
                "not-recording     | ::init one.md   | ::capture        | 1 2 3 4 5 6     | -          | one",
                "not-recording     | -               | ::export one.md  | 1 2 3 4         | -          | -",
                "not-recording     | ::init one.md   | ::stop           | head            | -          | -",
                "recording         | ::capture one.md| ::init one.md    | 1 2 3 4         | -          | -",
                "recording         | ::capture one.md| ::record         | 1 2 3 4 5 6     | -          | one",
                "recording         | ::capture one.md| ::capture one.md | 1 2 3 4 5 6     | -          | one",
                "recording         | ::capture one.md| ::capture        | 1 2 3 4 5 6     | -          | one",
                "recording         | ::capture one.md| ::export two.md  | 1 2 3 4 5 6     | 1 2 3 4    | one",
                "recording         | ::capture one.md| ::stop           | 1 2 3 4         | -          | -",
                "record-elsewhere  | ::capture one.md| ::init two.md    | 1 2 3 4         | head       | -",
                "record-elsewhere  | ::capture one.md| ::capture two.md | 1 2 3 4         | 1 2 3 4 5 6| two",
            })
    void everyTransitionWritesExactlyItsTurns(
            String state, String first, String command, String one, String two, String recordingTo) throws Exception {
        ClaudeSession session = daemon.session("t" + Math.abs((state + first + command).hashCode() % 100_000));
        Path folder = Files.createDirectories(note(session.word()));
        List<String> turns = new ArrayList<>();
        turns.add(session.personSays());
        turns.add(session.agentSays());
        if (first != null) {
            session.person(in(folder, first));
        }
        turns.add(session.personSays());
        turns.add(session.agentSays());
        session.person(in(folder, command));
        turns.add(session.personSays());
        turns.add(session.agentSays());
        daemon.settle(session);

        expect(folder.resolve("one.md"), one, turns);
        expect(folder.resolve("two.md"), two, turns);
        daemon.eventually(() -> assertThat(daemon.status(session).orElseThrow().recording())
                .map(recording -> Path.of(recording.outputPath()))
                .isEqualTo(java.util.Optional.ofNullable(recordingTo).map(name -> folder.resolve(name + ".md"))));
    }

    private static String in(Path folder, String command) {
        return command.replace(" ", " " + folder + "/");
    }

    private static void expect(Path note, String numbers, List<String> turns) throws Exception {
        if (numbers == null) {
            assertThat(note).doesNotExist();
            return;
        }
        List<String> expected = new ArrayList<>();
        for (int number = 1; number <= turns.size(); number++) {
            if (numbers.contains(Integer.toString(number))) {
                expected.add(turns.get(number - 1));
            }
        }
        // The file is there, and empty, a moment before its head is.
        daemon.eventually(() -> assertThat(Files.readString(note).lines().filter("---"::equals))
                .as("lines of front matter marks in\n%s", Files.readString(note))
                .hasSize(2));
        daemon.awaitTurns(note, expected);
    }

    @Test
    void aNoteThatIsAlsoAFileElsewhereIsNotWrittenAndWhatWasSaidMeanwhileFollowsOnceItIsNot() throws Exception {
        for (String name : List.of("linked.md", "linked.jsonl")) {
            ClaudeSession session = daemon.session("names" + name.length());
            // The title, so that a later turn stands in the note only once it was written as one.
            session.personSays();
            session.person("::capture " + name);
            String before = session.personSays();
            daemon.eventually(() -> assertThat(Files.readString(note(name))).contains(before));
            Path elsewhere = Files.createLink(temporary.resolve(name + ".elsewhere"), note(name));
            byte[] linked = Files.readAllBytes(elsewhere);

            String meanwhile = session.personSays();
            daemon.eventually(() -> assertThat(daemon.problems())
                    .anyMatch(problem -> problem.contains(name + " is refused: this file has 2 names (hard links)")
                            && problem.contains("cp -p ")));
            assertThat(elsewhere).hasBinaryContent(linked);
            Files.delete(elsewhere);
            daemon.eventually(() -> assertThat(Files.readString(note(name))).containsOnlyOnce(meanwhile));
            daemon.eventually(
                    () -> assertThat(daemon.problems()).noneMatch(problem -> problem.contains(name + " is refused")));
        }
    }

    @Test
    void aNoteIsNotBegunInAFileThatIsAlsoOneElsewhere() throws Exception {
        Path elsewhere = Files.writeString(temporary.resolve("precious"), "precious");
        Files.createLink(note("precious.md"), elsewhere);
        ClaudeSession session = daemon.session("precious");
        session.personSays();
        session.person("::capture precious.md");
        session.personSays();

        daemon.eventually(() -> assertThat(daemon.problems())
                .anyMatch(problem -> problem.contains("precious.md is refused: this file has 2 names")));
        assertThat(elsewhere).hasContent("precious");
    }

    @Test
    void theLineAfterACaptureIsThereAndSoIsEveryLineAfterIt() throws Exception {
        ClaudeSession session = daemon.session("first");
        session.person("::capture first.md");
        for (int i = 0; i < 200; i++) {
            session.personSays();
            session.agentSays();
        }
        daemon.awaitTurns(note("first.md"), session.turns());
    }

    @Test
    void aCommandAtTheTopActsBeforeItsMessageAndOneAtTheBottomAfterIt() throws Exception {
        ClaudeSession top = daemon.session("top");
        top.personSays();
        String fromHere = top.turn();
        top.person("::init top.md\n::record\n\nThis is " + fromHere);
        String answer = top.agentSays();
        daemon.awaitTurns(note("top.md"), List.of(fromHere, answer));

        ClaudeSession bottom = daemon.session("bottom");
        bottom.personSays();
        bottom.person("This is " + bottom.turn() + "\n\n::init bottom.md\n::record");
        String next = bottom.agentSays();
        daemon.awaitTurns(note("bottom.md"), List.of(next));
    }

    @Test
    void severalCommandsInOneMessageAreObeyedInTheirOrder() throws Exception {
        ClaudeSession session = daemon.session("several");
        String before = session.personSays();
        String said = session.turn();
        session.person(
                "::capture a-several.md\n::export b-several.md\n\nHere: " + said + "\n\n::stop\n::export c-several.md");
        session.agentSays();
        daemon.settle(session);
        daemon.awaitTurns(note("a-several.md"), List.of(before, said));
        daemon.awaitTurns(note("b-several.md"), List.of(before));
        daemon.awaitTurns(note("c-several.md"), List.of(before, said));
    }

    @Test
    void aPromptThatWasQueuedWhileTheAgentWorkedIsObeyedAndRecorded() throws Exception {
        ClaudeSession session = daemon.session("queue");
        session.personSays();
        session.queued("And " + session.turn() + "\n\n::capture queue.md");
        session.agentSays();
        daemon.awaitTurns(note("queue.md"), session.turns());
    }

    @Test
    void aNearMissIsReportedAndNothingIsDone() throws Exception {
        ClaudeSession session = daemon.session("slip");
        session.person("::captrue slip.md");
        session.person("::stop now");
        daemon.settle(session);
        assertThat(note("slip.md")).doesNotExist();
        daemon.eventually(() -> assertThat(daemon.problems()).anyMatch(text -> text.contains("::stop")));
    }

    @Test
    void aRefusedPathIsReportedWithItsReasonAndTheSessionGoesOn() throws Exception {
        ClaudeSession session = daemon.session("refuse");
        session.personSays();
        session.person("::capture CLAUDE.md");
        daemon.eventually(() -> assertThat(daemon.problems())
                .anyMatch(text -> text.startsWith("command.failed") && text.contains("CLAUDE.md")));
        session.person("::capture refuse.md");
        daemon.awaitTurns(note("refuse.md"), session.turns());
        assertThat(note("CLAUDE.md")).doesNotExist();
        daemon.eventually(
                () -> assertThat(Files.readString(daemon.home().auditLog())).contains("write.instructs-agents"));
    }

    @Test
    void aFileOfThePersonsIsAppendedToBelowWhatStandsThere() throws Exception {
        Path mine = Files.writeString(note("mine.md"), "---\nkind: mine\n---\n\nMy own words, no line end");
        ClaudeSession session = daemon.session("mine");
        session.personSays();
        session.person("::capture mine.md");
        session.agentSays();
        daemon.awaitTurns(mine, session.turns());
        assertThat(Files.readString(mine))
                .startsWith("---\nkind: mine\n---\n\nMy own words, no line end\n")
                .doesNotContain("participants:");
    }

    @Test
    void aNoteThatThePersonEditsKeepsTheirWordsAndGoesOnBelow() throws Exception {
        ClaudeSession session = daemon.session("edit");
        session.personSays();
        session.person("::capture edit.md");
        Path note = note("edit.md");
        daemon.awaitTurns(note, session.turns());
        Files.writeString(note, Files.readString(note).replace("Please look at", "PLEASE SEE") + "\nMy remark");
        session.agentSays();
        daemon.awaitTurns(note, session.turns());
        assertThat(Files.readString(note)).contains("PLEASE SEE").contains("\nMy remark\n");

        Path saved = Files.writeString(note("edit.md.new"), Files.readString(note) + "Saved by rename\n");
        Files.move(saved, note, StandardCopyOption.ATOMIC_MOVE);
        session.agentSays();
        daemon.awaitTurns(note, session.turns());
        assertThat(Files.readString(note)).contains("Saved by rename\n");
    }

    @Test
    void aNoteThatThePersonDeletesStartsAgainWithFrontMatterAndAWord() throws Exception {
        ClaudeSession session = daemon.session("gone");
        session.personSays();
        session.person("::capture gone.md");
        Path note = note("gone.md");
        daemon.awaitTurns(note, session.turns());
        // What can be read in the note may not be noted as written yet: it would be written again.
        daemon.settle(session);
        Files.delete(note);
        String later = session.agentSays();
        daemon.awaitTurns(note, List.of(later));
        assertThat(Files.readString(note)).startsWith("---\ntitle: ");
        // The turn can be read before the thread that wrote it has said how that went.
        daemon.eventually(() -> assertThat(daemon.problems()).anyMatch(text -> text.startsWith("recording.restarted")));
    }

    @Test
    void twoSessionsCannotShareADestination() throws Exception {
        ClaudeSession owner = daemon.session("owner");
        owner.personSays();
        owner.person("::capture shared.md");
        daemon.awaitTurns(note("shared.md"), owner.turns());
        ClaudeSession other = daemon.session("other");
        other.personSays();
        other.person("::capture shared.md");
        other.agentSays();
        daemon.settle(other);
        daemon.awaitTurns(note("shared.md"), owner.turns());
        assertThat(daemon.problems()).anyMatch(text -> text.contains("belongs to session " + owner.id()));
    }

    @Test
    void withoutAPathANameIsMadeInTheRecordingsFolder() throws Exception {
        ClaudeSession session = daemon.session("named");
        session.personSays();
        session.person("::capture");
        daemon.eventually(() -> assertThat(daemon.status(session).orElseThrow().recording())
                .hasValueSatisfying(recording -> assertThat(Path.of(recording.outputPath()))
                        .hasParent(daemon.home().recordings())));
        Path note = Path.of(
                daemon.status(session).orElseThrow().recording().orElseThrow().outputPath());
        daemon.awaitTurns(note, session.turns());
    }

    @Test
    void aJsonlDestinationGetsAnEventALine() throws Exception {
        ClaudeSession session = daemon.session("lines");
        session.personSays();
        session.tool("the output of " + session.turn());
        session.person("::capture lines.jsonl");
        session.agentSays();
        daemon.awaitTurns(note("lines.jsonl"), session.turns());
        assertThat(Files.readString(note("lines.jsonl")).lines()).allMatch(line -> line.startsWith("{"));
    }
}
