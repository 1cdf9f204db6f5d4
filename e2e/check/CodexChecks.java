import dev.kept.model.EventHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What only Codex does: moving its files, and a chat as it goes there. */
final class CodexChecks {
    private CodexChecks() {}

    /** The file was moved; nothing else happened. */
    static void archived(Scenario scenario, Verdicts verdicts) throws IOException, InterruptedException {
        Thread.sleep(3_000);
        moved(scenario, verdicts, "archived_sessions");
        NoteChecks.askedFor(verdicts, scenario.note("project/notes.md"));
    }

    /** The file is back, and the conversation and its note went on. */
    static void unarchived(Scenario scenario, Verdicts verdicts) throws IOException, InterruptedException {
        scenario.awaitAnswer("ANSWER-7");
        moved(scenario, verdicts, "sessions");
        String note = scenario.note("project/notes.md");
        NoteChecks.askedFor(verdicts, note);
        NoteChecks.once(verdicts, note, "TURN-7 comes after the archive.", "ANSWER-7");
    }

    private static void moved(Scenario scenario, Verdicts verdicts, String folder) throws IOException {
        List<Scenario.TapeText> tapes = scenario.tapes();
        verdicts.equal("tapes", 3, tapes.size());
        verdicts.equal(
                "files of the thread in " + folder,
                1L,
                tapes.stream()
                        .filter(tape -> tape.events().stream()
                                .anyMatch(event -> event instanceof dev.kept.model.ConversationEvent.UserMessage message
                                        && message.text().contains("TURN-6")))
                        .filter(tape -> Path.of(folder)
                                .equals(tape.card().root().relativize(tape.card().path()).getName(0)))
                        .count());
        verdicts.equal(
                "generations of tapes",
                3,
                tapes.stream().mapToInt(tape -> tape.card().generations().size()).sum());
        verdicts.equal(
                "commands that were carried out", List.of("capture DONE", "capture DONE"), scenario.decided());
    }

    static void chat(Scenario scenario, Verdicts verdicts) throws IOException, InterruptedException {
        scenario.awaitAnswer("ANSWER-11");
        String note = scenario.note("project/notes.md");
        NoteChecks.once(verdicts, note, "TURN-1 is said before anything is recorded", "FINAL-1", "ANSWER-CAPTURE");
        NoteChecks.once(verdicts, note, "TURN-3 takes its time", "TURN-4 is typed while the third works", "ANSWER-4");
        NoteChecks.once(verdicts, note, "TURN-7 is interrupted", "TURN-8 comes after the interruption", "ANSWER-8");
        NoteChecks.once(verdicts, note, "TURN-9 comes after compacting", "ANSWER-9");
        NoteChecks.never(verdicts, note, "TURN-11", "ANSWER-11");
        verdicts.that(
                "the turns are in their order",
                NoteChecks.inOrder(note, "TURN-1 ", "FINAL-1", "::capture", "TURN-3", "TURN-4", "TURN-7", "TURN-8", "TURN-9"));
        verdicts.equal("files that were written", List.of("project/notes.md"), scenario.written());
        verdicts.equal("commands that were carried out", List.of("capture DONE"), scenario.decided());
        verdicts.equal(
                "conversations on tape",
                2L,
                scenario.tapes().stream()
                        .filter(tape -> tape.kind().line().equals(EventHeader.MAIN_LINE))
                        .count());
        verdicts.equal("record types that were not understood", Map.of(), Scenario.unknown(scenario.tapes()));
    }
}
