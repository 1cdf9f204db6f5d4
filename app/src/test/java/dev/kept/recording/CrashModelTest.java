package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.recording.ModelRun.Conversation;
import dev.kept.recording.ModelRun.Saved;
import dev.kept.recording.SimulatedDisk.Image;
import dev.kept.recording.io.EarlierState;
import dev.kept.recording.writer.SubagentDetail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Crashes the recorder after each operation on its disk, in every state that a crash may leave, and goes on from there:
 * the notes are the same, byte for byte, as if nothing had happened.
 */
class CrashModelTest {
    private static final int MOST_STATES = Integer.getInteger("kept.crashStates", 8);
    private static final long SEED = Long.getLong("kept.seed", 20_260_301L);
    private static final Path WORK = Path.of("/work");

    @TempDir
    private Path temporary;

    /** What is said, and what stands on the disk before. */
    record Scenario(
            String name, Chat chat, Optional<Chat> second, Map<String, Chat> subagents, Map<String, String> before) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Scenario of(String name, Chat chat) {
        return new Scenario(name, chat, Optional.empty(), Map.of(), Map.of());
    }

    private static Chat chat() {
        return new Chat("session");
    }

    static Stream<Scenario> scenarios() {
        Chat late = chat().says().answers().says();
        return Stream.of(
                of(
                        "capture at once",
                        chat().says()
                                .person("::capture /work/a.md")
                                .answers()
                                .says()
                                .answers()),
                of(
                        "capture late",
                        late.person("::capture /work/new/folder/a.md").answers().says()),
                of(
                        "record, stop, record again",
                        chat().says()
                                .person("::init /work/a.md\n::record")
                                .says()
                                .answers()
                                .person("::stop")
                                .says()
                                .person("::record")
                                .answers()),
                of(
                        "capture, export, capture elsewhere, capture again",
                        chat().says()
                                .person("::capture /work/a.md")
                                .answers()
                                .person("::export /work/b.md")
                                .says()
                                .person("::capture /work/c.jsonl")
                                .answers()
                                .person("::capture /work/a.md")
                                .says()),
                of(
                        "events as lines",
                        chat().says()
                                .person("::capture /work/a.jsonl")
                                .answers()
                                .says()),
                of(
                        "a turn of several chunks",
                        chat().says()
                                .person("::capture /work/a.md")
                                .assistant("Long\n" + "ü line of words\n".repeat(9_000) + "end")
                                .answers()),
                new Scenario(
                        "below a person's text",
                        chat().says()
                                .person("::capture /work/mine.md")
                                .answers()
                                .says(),
                        Optional.empty(),
                        Map.of(),
                        Map.of("/work/mine.md", "My own words, no line end")),
                withSubagent(),
                withSubagentsOfAllKinds(),
                withStoppedSubagents(),
                inTwoFiles(
                        "it goes on in another file",
                        chat().says().person("::capture /work/a.md").answers().says(),
                        Chat.inAnotherFile("session").says().answers()),
                inTwoFiles(
                        "another file, and the first commands in it",
                        chat().says().answers(),
                        Chat.inAnotherFile("session")
                                .says()
                                .person("::capture /work/a.md")
                                .answers()
                                .person("::export /work/b.md")
                                .says()),
                inTwoFiles(
                        "another file, and commands in it",
                        chat().says().person("::init /work/a.md\n::record").answers(),
                        Chat.inAnotherFile("session")
                                .says()
                                .answers()
                                .person("::export /work/b.md\n::stop")
                                .says()
                                .person("::capture /work/c.md")
                                .answers()));
    }

    private static Scenario inTwoFiles(String name, Chat chat, Chat second) {
        return new Scenario(name, chat, Optional.of(second), Map.of(), Map.of());
    }

    private static Scenario withSubagent() {
        Chat agent = Chat.ofSubagent("session", "a1");
        for (int i = 0; i < 4; i++) {
            agent.says().answers();
        }
        Chat chat = chat().says()
                .person("::capture /work/a.md")
                .calls("Task", "call-1", "{\"prompt\":\"go\"}")
                .result("call-1", "It is done", "{\"status\":\"completed\",\"agentId\":\"a1\"}")
                .answers()
                .says();
        return new Scenario("a subagent's work", chat, Optional.empty(), Map.of("a1", agent), Map.of());
    }

    private static Scenario withStoppedSubagents() {
        Chat chat = chat().says()
                .person("::capture /work/a.md")
                .calls("Task", "call-1", "{\"prompt\":\"Count\"}")
                .fails("call-1", "Stopped", "\"Error: stopped\"")
                .answers()
                .calls("Task", "call-2", "{\"prompt\":\"Count on\"}")
                .calls("Task", "call-3", "{\"prompt\":\"Count back\"}")
                .inlineSubagent("Count back", "turn-a3-0-")
                .says()
                .answers();
        Chat first = Chat.ofSubagent("session", "a1").user("\"Count\"", "").says();
        Chat second = Chat.ofSubagent("session", "a2")
                .user("\"Count on\"", "")
                .says()
                .assistant("words of a line\n".repeat(5_000))
                .says();
        return new Scenario(
                "subagents that were stopped", chat, Optional.empty(), Map.of("a1", first, "a2", second), Map.of());
    }

    private static Scenario withSubagentsOfAllKinds() {
        String done = "{\"status\":\"completed\",\"agentId\":\"";
        Chat inner = Chat.ofSubagent("session", "a2").answers().says();
        Chat outer = Chat.ofSubagent("session", "a1").answers();
        outer.calls("Task", "inner", "{}")
                .result("inner", "Done inside", done + "a2\"}")
                .answers();
        Chat background = Chat.ofSubagent("session", "a3")
                .says()
                .assistant("words of a line\n".repeat(5_000))
                .says();
        Chat chat = chat().says()
                .person("::capture /work/a.md")
                .calls("Task", "call-3", "{}")
                .result("call-3", "Launched", "{\"isAsync\":true,\"agentId\":\"a3\"}")
                .calls("Task", "call-1", "{}")
                .result("call-1", "It is done", done + "a1\"}")
                .answers()
                .calls("Task", "call-4", "{\"prompt\":\"Count\"}")
                .inlineSubagent("Count", "turn-a4-0-", "turn-a4-1-")
                .result("call-4", "Counted", "{}")
                .says()
                .ended("a3")
                .answers()
                .ended("a3")
                .says();
        return new Scenario(
                "subagents in the background, in others, in the main file",
                chat,
                Optional.empty(),
                Map.of("a1", outer, "a2", inner, "a3", background),
                Map.of());
    }

    private List<Conversation> conversation(Scenario scenario) throws IOException {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        scenario.subagents().forEach((line, chat) -> lines.put(line, chat.records()));
        List<Conversation> files = new ArrayList<>();
        files.add(Conversation.of(temporary, "session", scenario.chat().records(), lines));
        if (scenario.second().isPresent()) {
            files.add(Conversation.of(
                    temporary,
                    "session",
                    "another",
                    ModelRun.NOW.minusSeconds(480),
                    scenario.second().get().records(),
                    Map.of()));
        }
        return files;
    }

    private static Image start(Scenario scenario) {
        SimulatedDisk disk = new SimulatedDisk(Image.empty());
        disk.makeFolder(WORK);
        scenario.before().forEach((path, text) -> disk.save(Path.of(path), text));
        return disk.seen();
    }

    /** The files of a conversation are there in some order when Kept starts, or the second one comes later. */
    private static ModelRun run(SimulatedDisk disk, List<Conversation> files, Random random) throws IOException {
        return run(disk, files, random, Optional.empty());
    }

    /** @param from the run that was before it saved how far it was: that much is not read again */
    private static ModelRun run(SimulatedDisk disk, List<Conversation> files, Random random, Optional<Saved> from)
            throws IOException {
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, random);
        run.noteWhatCouldBeSaved();
        from.ifPresent(run::takeUp);
        List<Conversation> before = new ArrayList<>(files);
        List<Conversation> after = new ArrayList<>();
        if (files.size() > 1 && random.nextBoolean()) {
            after.add(before.removeLast());
        }
        Collections.shuffle(before, random);
        for (Conversation file : before) {
            run.read(file);
        }
        run.startRead();
        for (Conversation file : after) {
            run.settle();
            run.read(file);
        }
        run.settle();
        return run;
    }

    private static Map<Path, String> notes(Image image) {
        Map<Path, String> notes = new TreeMap<>();
        for (Path path : image.entries().keySet()) {
            if (path.startsWith(WORK) && image.entries().get(path) != 0) {
                notes.put(path, image.text(path).orElseThrow());
            }
        }
        return notes;
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void whereverItCrashesTheNotesAreThoseOfARunWithoutACrash(Scenario scenario) throws IOException {
        List<Conversation> conversation = conversation(scenario);
        Random random = new Random(SEED);
        SimulatedDisk whole = new SimulatedDisk(start(scenario));
        ModelRun first = run(whole, conversation, new Random(SEED));
        Map<Path, String> expected = notes(whole.seen());
        assertThat(first.problems()).isEmpty();
        assertThat(expected).as("something is written").isNotEmpty();
        assertThat(first.engine().statuses().stream()
                        .filter(status ->
                                status.purpose() != dev.kept.recording.journal.RecordingPlan.Purpose.RECORDING))
                .as("exports end")
                .isEmpty();
        int states = 0;
        for (int operations = 0; operations <= whole.operations(); operations++) {
            Image image = whole.after(operations);
            List<Image> left = new ArrayList<>(image.afterPowerLoss(MOST_STATES, random));
            left.add(image);
            for (Image state : left) {
                long seed = random.nextLong();
                SimulatedDisk disk = new SimulatedDisk(state);
                ModelRun again = run(disk, conversation, new Random(seed));
                assertSame(notes(disk.seen()), expected, scenario + " crashed after " + operations + ", seed " + seed);
                assertThat(notMended(again.problems()))
                        .as("%s after %s", scenario, operations)
                        .isEmpty();
                states++;
                Optional<Saved> saved = savedBy(first, operations, random);
                if (saved.isPresent()) {
                    SimulatedDisk disk1 = new SimulatedDisk(state);
                    ModelRun takenUp = run(disk1, conversation, new Random(seed), saved);
                    String when = scenario + " crashed after " + operations + ", seed " + seed + ", taken up at "
                            + saved.get().told();
                    assertSame(notes(disk1.seen()), expected, when);
                    assertThat(notMended(takenUp.problems())).as(when).isEmpty();
                    states++;
                }
                if (random.nextInt(8) == 0) {
                    // Once more, somewhere in the recovery.
                    Image second = disk.after(random.nextInt(disk.operations() + 1));
                    for (Image state2 : second.afterPowerLoss(3, random)) {
                        SimulatedDisk disk2 = new SimulatedDisk(state2);
                        run(disk2, conversation, new Random(seed + 1));
                        assertSame(
                                notes(disk2.seen()),
                                expected,
                                scenario + " crashed twice after " + operations + ", seed " + seed);
                        states++;
                    }
                }
            }
        }
        System.out.printf("%s: %d operations, %d states%n", scenario, whole.operations(), states);
    }

    /** One of the last states that could have been saved by then: what is saved is as old as ten minutes. */
    private static Optional<Saved> savedBy(ModelRun run, int operations, Random random) {
        List<Saved> saved = run.saved().stream()
                .filter(each -> each.operations() <= operations)
                .toList();
        return saved.isEmpty()
                ? Optional.empty()
                : Optional.of(random.nextBoolean() ? saved.getLast() : saved.get(random.nextInt(saved.size())));
    }

    private static void assertSame(Map<Path, String> notes, Map<Path, String> expected, String when) {
        assertThat(notes.keySet()).as(when).isEqualTo(expected.keySet());
        expected.forEach((path, text) -> {
            String note = notes.getOrDefault(path, "");
            if (!note.equals(text)) {
                int at = Math.max(0, Arrays.mismatch(note.toCharArray(), text.toCharArray()));
                throw new AssertionError(when + ": " + path + " differs at " + at + " of " + text.length() + "\n--- is "
                        + note.length() + "\n" + around(note, at) + "\n--- should be\n" + around(text, at));
            }
        });
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, Math.min(text.length(), at - 200)), Math.min(text.length(), at + 200));
    }

    private static final Path NOTE = Path.of("/work/a.md");
    private static final String REMARK = "My remark, which nobody else wrote.\n";
    private static final Pattern TURN = Pattern.compile("turn-\\d+-");

    /** What a person does to the note while Kept writes to it. */
    enum Edit {
        APPEND,
        SAVE_BY_RENAME,
        MOVE_THEN_WRITE,
        CUT,
        EARLIER,
        DELETE;

        void on(SimulatedDisk disk) {
            String text = disk.seen().text(NOTE).orElse("");
            switch (this) {
                case APPEND -> disk.append(NOTE, "\n" + REMARK);
                case SAVE_BY_RENAME -> disk.saveByRename(NOTE, text + "\n" + REMARK);
                case MOVE_THEN_WRITE -> {
                    disk.rename(NOTE, Path.of("/work/a.md~"));
                    disk.save(NOTE, text + "\n" + REMARK);
                }
                case CUT -> disk.save(NOTE, text.substring(0, text.length() / 2));
                case EARLIER -> disk.saveByRename(NOTE, text.substring(0, Math.max(0, text.lastIndexOf("\n## "))));
                case DELETE -> disk.remove(NOTE);
            }
        }

        /** Whether all that Kept wrote is left. */
        boolean keepsAll() {
            return switch (this) {
                case APPEND, SAVE_BY_RENAME, MOVE_THEN_WRITE -> true;
                case CUT, EARLIER, DELETE -> false;
            };
        }
    }

    private static Scenario edited() {
        return of(
                "edited",
                chat().says()
                        .person("::capture /work/a.md")
                        .answers()
                        .says()
                        .answers()
                        .says());
    }

    /** A run in which the person edits the note once, after that operation; {@code edited} is when they are done. */
    private static SimulatedDisk runWithEdit(
            Scenario scenario,
            List<Conversation> conversation,
            Edit edit,
            int after,
            List<String> problems,
            int[] edited)
            throws IOException {
        SimulatedDisk disk = new SimulatedDisk(start(scenario));
        disk.afterEach(() -> {
            if (edited[0] == 0 && disk.operations() >= after && disk.exists(NOTE)) {
                edited[0] = 1;
                edit.on(disk);
                edited[0] = disk.operations();
            }
        });
        problems.addAll(run(disk, conversation, new Random(SEED)).problems());
        return disk;
    }

    /**
     * A file that was there before the crash may come later than the others: until then a note says that it waits for
     * it.
     */
    private static List<String> notMended(List<String> problems) {
        return problems.contains("mended: recording.waits")
                ? problems.stream()
                        .filter(problem -> !problem.contains("recording.waits"))
                        .toList()
                : problems;
    }

    private static List<String> turns(Image image) {
        return TURN.matcher(image.text(NOTE).orElse(""))
                .results()
                .map(java.util.regex.MatchResult::group)
                .toList();
    }

    private static List<String> inOrder(List<String> all, List<String> some) {
        return all.stream().filter(some::contains).toList();
    }

    @ParameterizedTest
    @EnumSource(Edit.class)
    void whateverAPersonDoesToTheNoteAndWheneverNoTurnIsThereTwiceAndTheirWordsStay(Edit edit) throws IOException {
        Scenario scenario = edited();
        List<Conversation> conversation = conversation(scenario);
        List<String> all = scenario.chat().turns();
        int operations = 0;
        for (int after = 1; after == 1 || after < operations; after++) {
            List<String> problems = new ArrayList<>();
            int[] edited = new int[1];
            SimulatedDisk disk = runWithEdit(scenario, conversation, edit, after, problems, edited);
            operations = edited[0] == 0 ? 0 : disk.operations();
            if (edited[0] == 0) {
                continue;
            }
            List<String> turns = turns(disk.seen());
            String when =
                    edit + " after " + after + ": " + disk.seen().text(NOTE).orElse("nothing") + problems;
            if (edit.keepsAll()) {
                assertThat(turns).as(when).isEqualTo(all);
                assertThat(disk.seen().text(NOTE).orElseThrow().split(REMARK, -1))
                        .as(when)
                        .hasSize(2);
                assertThat(problems).as(when).noneMatch(text -> text.startsWith("recording."));
            } else {
                assertThat(turns).as(when).isEqualTo(inOrder(all, turns)).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void anEarlierStateThatIsPutBackGetsWhatIsMissingOnceWheneverThatIs() throws IOException {
        Scenario scenario = edited();
        List<Conversation> conversation = conversation(scenario);
        int noticed = 0;
        int operations = 0;
        for (int after = 1; after == 1 || after < operations; after++) {
            List<String> problems = new ArrayList<>();
            int[] edited = new int[1];
            SimulatedDisk disk = runWithEdit(scenario, conversation, Edit.EARLIER, after, problems, edited);
            operations = edited[0] == 0 ? 0 : disk.operations();
            String note = disk.seen().text(NOTE).orElse("");
            if (note.contains(EarlierState.LINE)) {
                noticed++;
                assertThat(turns(disk.seen()))
                        .as(note)
                        .isEqualTo(scenario.chat().turns());
                assertThat(note.split("put back to an earlier state", -1))
                        .as(note)
                        .hasSize(2);
                assertThat(problems).anyMatch(text -> text.startsWith("recording.put-back"));
            }
        }
        assertThat(noticed).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Edit.class)
    void whereAPersonEditsAndThenItCrashesNoTurnIsThereTwiceAndAMissingOneIsReported(Edit edit) throws IOException {
        Scenario scenario = edited();
        List<Conversation> conversation = conversation(scenario);
        List<String> all = scenario.chat().turns();
        Random random = new Random(SEED);
        int states = 0;
        int uncertain = 0;
        int operations = 0;
        for (int after = 1; after == 1 || after < operations; after++) {
            int[] edited = new int[1];
            SimulatedDisk disk = runWithEdit(scenario, conversation, edit, after, new ArrayList<>(), edited);
            operations = edited[0] == 0 ? 0 : disk.operations();
            for (int crash = edited[0]; crash <= Math.min(edited[0] + 8, operations); crash++) {
                Image killed = disk.after(crash);
                List<Image> left = new ArrayList<>(killed.afterPowerLoss(3, random));
                left.add(killed);
                for (int i = 0; i < left.size(); i++) {
                    boolean powerStayed = i == left.size() - 1;
                    long seed = random.nextLong();
                    SimulatedDisk rest = new SimulatedDisk(left.get(i));
                    ModelRun again = run(rest, conversation, new Random(seed));
                    List<String> turns = turns(rest.seen());
                    String when = edit + " after " + after + ", crash after " + crash + ", seed " + seed + ": "
                            + rest.seen().text(NOTE).orElse("nothing") + again.problems();
                    assertThat(turns).as(when).isEqualTo(inOrder(all, turns)).doesNotHaveDuplicates();
                    boolean said = again.problems().stream().anyMatch(text -> text.startsWith("recording.uncertain"));
                    if (edit.keepsAll() && powerStayed && !said) {
                        assertThat(turns).as(when).isEqualTo(all);
                    }
                    uncertain += said ? 1 : 0;
                    states++;
                }
            }
        }
        System.out.printf("%s and a crash: %d states, %d uncertain%n", edit, states, uncertain);
        assertThat(uncertain).as("what cannot be told is rare").isLessThan(states / 4);
    }
}
