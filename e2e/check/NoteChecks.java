import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** Whether the notes hold what was said, once each, and nothing else was written. */
final class NoteChecks {
    private NoteChecks() {}

    static void ask(Scenario scenario, Verdicts verdicts) throws IOException, InterruptedException {
        scenario.awaitAnswer("ANSWER-6");
        String note = scenario.note("notes.md");
        once(verdicts, note, "USE-SHELL TURN-1 Run echo hello", "BEFORE-TOOL-1", "FINAL-1");
        verdicts.that("the tool's output is in the note", note.contains("tool-output-1"));
        once(verdicts, note, "TURN-2 goes on.", "ANSWER-2", "TURN-3 is resumed", "ANSWER-3");
        once(verdicts, note, "TURN-6 goes on after the fork.", "ANSWER-6");
        never(verdicts, note, "TURN-4", "ANSWER-4", "TURN-5", "ANSWER-5");
        verdicts.equal("files that were written", List.of("notes.md"), scenario.written());
        verdicts.that(
                "nothing was written outside the project",
                !Files.exists(scenario.folder().resolve("outside.md")));
        verdicts.equal("commands that were carried out", List.of("capture done"), scenario.decided());
        understood(scenario, verdicts);
    }

    static void headlessOff(Scenario scenario, Verdicts verdicts) throws IOException, InterruptedException {
        scenario.awaitAnswer("FINAL-1");
        verdicts.equal("conversations on tape", 1, scenario.tapes().size());
        quiet(scenario, verdicts);
    }

    /** Nothing was ordered, so nothing was written. */
    static void quiet(Scenario scenario, Verdicts verdicts) throws IOException {
        verdicts.equal("files that were written", List.of(), scenario.written());
        verdicts.equal("commands that were carried out", List.of(), scenario.decided());
        understood(scenario, verdicts);
    }

    static void chat(Scenario scenario, Verdicts verdicts) throws IOException, InterruptedException {
        scenario.awaitAnswer("ANSWER-11");
        String note = scenario.note("notes.md");
        once(verdicts, note, "TURN-1 is said before anything is recorded", "FINAL-1", "ANSWER-CAPTURE");
        once(verdicts, note, "TURN-3 takes its time", "TURN-4 is typed while the third works");
        once(verdicts, note, "TURN-5 thinks", "ANSWER-5", "TURN-6 is typed while the fifth thinks", "ANSWER-6");
        once(verdicts, note, "TURN-7 is interrupted", "TURN-8 comes after the interruption", "ANSWER-8");
        once(verdicts, note, "TURN-9 comes after compacting", "ANSWER-9");
        once(verdicts, note, "TURN-10 comes after going back", "ANSWER-10");
        never(verdicts, note, "TURN-11", "ANSWER-11");
        verdicts.equal("files that were written", List.of("notes.md"), scenario.written());
        verdicts.equal("commands that were carried out", List.of("capture done"), scenario.decided());
        verdicts.equal(
                "conversations on tape",
                2L,
                scenario.tapes().stream()
                        .filter(tape -> tape.kind().line().equals(dev.kept.model.EventHeader.MAIN_LINE))
                        .count());
        understood(scenario, verdicts);
    }

    private static void understood(Scenario scenario, Verdicts verdicts) throws IOException {
        verdicts.equal("record types that were not understood", Map.of(), Scenario.unknown(scenario.tapes()));
    }

    private static void once(Verdicts verdicts, String note, String... texts) {
        for (String text : texts) {
            verdicts.equal("“" + text + "” in the note", 1, count(note, text));
        }
    }

    private static void never(Verdicts verdicts, String note, String... texts) {
        for (String text : texts) {
            verdicts.equal("“" + text + "” in the note", 0, count(note, text));
        }
    }

    private static int count(String note, String text) {
        int count = 0;
        for (int at = note.indexOf(text); at >= 0; at = note.indexOf(text, at + text.length())) {
            count++;
        }
        return count;
    }
}
