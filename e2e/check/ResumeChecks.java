import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What agents without forks do: a recording that is continued and resumed, and files that go away. */
final class ResumeChecks {
    private ResumeChecks() {}

    static void ask(Scenario scenario, Verdicts verdicts) throws IOException, InterruptedException {
        scenario.awaitAnswer("ANSWER-4");
        String note = scenario.note("project/notes.md");
        NoteChecks.once(verdicts, note, "USE-SHELL TURN-1 Run echo hello", "BEFORE-TOOL-1", "FINAL-1");
        verdicts.that("the tool's output is in the note", note.contains("tool-output-1"));
        NoteChecks.once(verdicts, note, "TURN-2 goes on.", "ANSWER-2", "TURN-3 is resumed", "ANSWER-3");
        NoteChecks.never(verdicts, note, "TURN-4", "ANSWER-4");
        recordedOnce(scenario, verdicts);
    }

    static void chat(Scenario scenario, Verdicts verdicts) throws IOException, InterruptedException {
        scenario.awaitAnswer("ANSWER-6");
        String note = scenario.note("project/notes.md");
        NoteChecks.once(verdicts, note, "TURN-1 is said before anything is recorded", "FINAL-1", "ANSWER-CAPTURE");
        NoteChecks.once(verdicts, note, "TURN-3 takes its time", "TURN-4 is typed while the third works");
        NoteChecks.once(verdicts, note, "TURN-5 comes after a resume", "ANSWER-5");
        NoteChecks.never(verdicts, note, "TURN-6", "ANSWER-6");
        verdicts.that(
                "the turns are in their order",
                NoteChecks.inOrder(note, "TURN-1 ", "FINAL-1", "::capture", "TURN-3", "TURN-4", "TURN-5"));
        recordedOnce(scenario, verdicts);
    }

    private static void recordedOnce(Scenario scenario, Verdicts verdicts) throws IOException {
        verdicts.equal("files that were written", List.of("project/notes.md"), scenario.written());
        verdicts.equal("commands that were carried out", List.of("capture DONE"), scenario.decided());
        verdicts.equal("record types that were not understood", Map.of(), Scenario.unknown(scenario.tapes()));
    }

    /** Each copy that was made of a session file while it was there is the beginning of its tape. */
    static void bytes(Scenario scenario, Verdicts verdicts, Path copies, String status) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(copies)) {
            files = all.filter(file -> file.toString().endsWith(".jsonl")).toList();
        }
        int held = 0;
        List<Scenario.TapeText> tapes = scenario.tapes();
        for (Path file : files) {
            byte[] copy = Files.readAllBytes(file);
            for (Scenario.TapeText tape : tapes) {
                if (tape.card().path().getFileName().equals(file.getFileName())
                        && Arrays.equals(copy, beginning(scenario, tape, copy.length))) {
                    held++;
                }
            }
        }
        verdicts.that("there are copies", !files.isEmpty());
        verdicts.equal("copies whose bytes are on tape", files.size(), held);
        List<String> gone = new ArrayList<>();
        for (JsonValue value : Scenario.object(Files.readString(Path.of(status))).array("sessions")) {
            JsonObject session = (JsonObject) value;
            if (!session.isTrue("sourcePresent")) {
                gone.add(session.stringOr("sessionId", ""));
            }
        }
        long deleted = tapes.stream()
                .filter(tape -> !Files.exists(tape.card().path()))
                .count();
        System.out.println("  files of the client's that are gone: " + deleted + "; sessions shown as gone: " + gone.size());
        verdicts.that("the status shows a session as gone if its files are", (deleted > 0) == !gone.isEmpty());
    }

    private static byte[] beginning(Scenario scenario, Scenario.TapeText tape, int length) throws IOException {
        Path folder = scenario.folder()
                .resolve("kept/tapes")
                .resolve(tape.card().provider())
                .resolve(tape.card().sourceId());
        try (TapeReader reader = TapeReader.open(folder)) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining() && reader.read(1, bytes.position(), bytes) > 0) {
                // Until it is read, or the tape ends.
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }
}
