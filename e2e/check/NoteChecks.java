import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Whether the notes hold what was said, once each, and nothing else was written. */
final class NoteChecks {
    private NoteChecks() {}

    static void ask(Scenario scenario, Verdicts verdicts) throws IOException, InterruptedException {
        scenario.awaitAnswer("ANSWER-6");
        String note = scenario.note("project/notes.md");
        askedFor(verdicts, note);
        verdicts.equal("files that were written", List.of("project/notes.md"), scenario.written());
        verdicts.equal("commands that were carried out", List.of("capture DONE"), scenario.decided());
        understood(scenario, verdicts);
    }

    /** The command that waited for its folder is carried out once, and no other again. */
    static void allowed(Scenario scenario, Verdicts verdicts) throws IOException, InterruptedException {
        scenario.awaitFile("elsewhere/late.md");
        askedFor(verdicts, scenario.note("project/notes.md"));
        String late = scenario.note("elsewhere/late.md");
        once(verdicts, late, "TURN-5 wants to write elsewhere.", "ANSWER-5");
        verdicts.equal(
                "files that were written", List.of("elsewhere/late.md", "project/notes.md"), scenario.written());
        verdicts.equal(
                "commands that were carried out", List.of("capture DONE", "capture DONE"), scenario.decided());
    }

    static void askedFor(Verdicts verdicts, String note) {
        once(verdicts, note, "USE-SHELL TURN-1 Run echo hello", "BEFORE-TOOL-1", "FINAL-1");
        verdicts.that("the tool's output is in the note", note.contains("tool-output-1"));
        once(verdicts, note, "TURN-2 goes on.", "ANSWER-2", "TURN-3 is resumed", "ANSWER-3");
        once(verdicts, note, "TURN-6 goes on after the fork.", "ANSWER-6");
        never(verdicts, note, "TURN-4", "ANSWER-4", "TURN-5", "ANSWER-5");
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
        String note = scenario.note("project/notes.md");
        once(verdicts, note, "TURN-1 is said before anything is recorded", "FINAL-1", "ANSWER-CAPTURE");
        once(verdicts, note, "TURN-3 takes its time", "TURN-4 is typed while the third works");
        once(verdicts, note, "TURN-5 thinks", "ANSWER-5", "TURN-6 is typed while the fifth thinks", "ANSWER-6");
        once(verdicts, note, "TURN-7 is interrupted", "TURN-8 comes after the interruption", "ANSWER-8");
        once(verdicts, note, "TURN-9 comes after compacting", "ANSWER-9");
        once(verdicts, note, "TURN-10 comes after going back", "ANSWER-10");
        never(verdicts, note, "TURN-11", "ANSWER-11");
        verdicts.that(
                "the turns are in their order",
                inOrder(note, "TURN-1 ", "FINAL-1", "::capture", "TURN-3", "TURN-4", "TURN-5", "TURN-6", "TURN-7")
                        && inOrder(note, "TURN-7", "TURN-8", "/compact", "TURN-9", "TURN-10"));
        verdicts.equal("files that were written", List.of("project/notes.md"), scenario.written());
        verdicts.equal("commands that were carried out", List.of("capture DONE"), scenario.decided());
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

    static void once(Verdicts verdicts, String note, String... texts) {
        for (String text : texts) {
            verdicts.equal("“" + text + "” in the note", 1, count(note, text));
        }
    }

    static void never(Verdicts verdicts, String note, String... texts) {
        for (String text : texts) {
            verdicts.equal("“" + text + "” in the note", 0, count(note, text));
        }
    }

    static boolean inOrder(String note, String... texts) {
        int at = turns(note).indexOf(texts[0]);
        for (String text : texts) {
            at = at < 0 ? at : turns(note).indexOf(text, at);
        }
        return at >= 0;
    }

    /** Without the front matter and the heading: they say the title, which is the first prompt's beginning. */
    private static String turns(String note) {
        return note.substring(Math.max(0, note.indexOf("\n## ")));
    }

    private static int count(String note, String text) {
        int count = 0;
        String turns = turns(note);
        for (int at = turns.indexOf(text); at >= 0; at = turns.indexOf(text, at + text.length())) {
            count++;
        }
        return count;
    }
}
