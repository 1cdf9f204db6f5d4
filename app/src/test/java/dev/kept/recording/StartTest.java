package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.recording.ModelRun.Conversation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands that are typed while Kept still reads what was there at its start. */
class StartTest extends OneModelRun {
    private static final Path WORK = Path.of("/work");
    private static final Pattern TURN = Pattern.compile("turn-\\S+-");

    StartTest() {
        super(7);
    }

    @BeforeEach
    @Override
    void start() throws IOException {
        disk.makeFolder(WORK);
        run = anotherRunThatReads();
        clock.pass(Duration.ofMinutes(5));
    }

    private Conversation file(Chat chat, String session, String name, Instant created) throws IOException {
        return Conversation.of(temporary, session, name, created, chat.records(), Map.of());
    }

    private List<String> turns(String note) {
        String text = disk.seen().text(WORK.resolve(note)).orElseThrow();
        return TURN.matcher(text).results().map(MatchResult::group).toList();
    }

    private static List<String> turns(Chat... chats) {
        return Stream.of(chats).flatMap(chat -> chat.turns().stream()).toList();
    }

    private void finish() {
        run.startRead();
        run.settle();
        assertThat(run.problems()).isEmpty();
        assertThat(run.engine().statuses()).allMatch(status -> status.trouble().isEmpty());
    }

    @Test
    void aCaptureThatIsTypedBeforeAnEarlierFileOfItsSessionIsReadHoldsThatFileToo() throws IOException {
        Chat earlier = new Chat("session").says().answers();
        Chat later = Chat.inAnotherFile("session").at(ModelRun.NOW.plusSeconds(60));
        later.says().person("::capture /work/a.md").answers().person("::export /work/b.md");
        Conversation first = file(earlier, "session", "first", ModelRun.NOW.minusSeconds(3600));
        Conversation second = file(later, "session", "second", ModelRun.NOW.plusSeconds(59));
        run.found(first);
        run.found(second);

        // What was changed last is read first.
        run.read(second);
        run.settle();
        run.read(first);
        finish();

        assertThat(turns("a.md")).isEqualTo(turns(earlier, later));
        assertThat(turns("b.md")).isEqualTo(turns(earlier, later));
    }

    @Test
    void theFirstCaptureOfASessionHoldsItsEarlierFilesToo() throws IOException {
        Chat earlier = new Chat("session").says().answers();
        Conversation first = file(earlier, "session", "first", ModelRun.NOW.minusSeconds(3600));
        run.read(first);
        finish();
        Chat later = Chat.inAnotherFile("session").at(ModelRun.NOW.plusSeconds(60));
        later.says().person("::capture /work/a.md").answers();
        run.read(file(later, "session", "second", ModelRun.NOW.plusSeconds(59)));
        run.settle();

        assertThat(turns("a.md")).isEqualTo(turns(earlier, later));
        assertThat(disk.seen().text(WORK.resolve("a.md")).orElseThrow()).containsOnlyOnce("# The title");
    }

    @Test
    void aCopyOfACommandThatIsReadBeforeItsOriginalIsNotObeyedInItsPlace() throws IOException {
        Chat parent = new Chat("parent").at(ModelRun.NOW.plusSeconds(60));
        parent.says().person("::capture /work/a.md").answers();
        Chat copy = new Chat("copy").at(ModelRun.NOW.plusSeconds(60));
        copy.says().person("::capture /work/a.md").answers();
        Conversation original = file(parent, "parent", "parent", ModelRun.NOW.minusSeconds(3600));
        Conversation fork = file(copy, "copy", "copy", ModelRun.NOW.plusSeconds(90));
        run.found(original);
        run.found(fork);

        run.read(fork);
        run.settle();
        run.read(original);
        finish();

        assertThat(run.obeyed()).containsExactly("capture");
        assertThat(run.engine().statuses())
                .extracting(status -> status.session().sessionId())
                .containsExactly("parent");
    }

    @Test
    void aCopyDoesNotOvertakeItsOriginalWhichWaitsForTheAnswerToACommandBefore() throws IOException {
        Chat parent = new Chat("parent").at(ModelRun.NOW.minusSeconds(60));
        parent.says().person("::capture /work/a.md").answers().person("::stop").answers();
        Chat copy = new Chat("copy").at(ModelRun.NOW.minusSeconds(60));
        copy.says().person("::capture /work/a.md").answers().person("::stop").answers();
        run.read(file(copy, "copy", "copy", ModelRun.NOW.minusSeconds(50)));
        run.read(file(parent, "parent", "parent", ModelRun.NOW.minusSeconds(3600)));
        finish();

        assertThat(run.obeyed()).containsExactly("capture", "stop");
        assertThat(run.engine().statuses()).isEmpty();
        assertThat(turns("a.md")).isEqualTo(parent.turns().subList(0, 2));
    }

    @Test
    void ofTwoSessionsThatWereBegunAtOnceTheFirstByNameObeysACommandThatBothHave() throws IOException {
        Instant created = ModelRun.NOW.minusSeconds(3600);
        for (String name : List.of("delta", "foxtrot", "alpha", "echo", "charlie", "bravo")) {
            Chat chat = new Chat(name).at(ModelRun.NOW.minusSeconds(60));
            chat.says().person("::capture /work/a.md").answers();
            run.read(file(chat, name, name, created));
        }
        finish();
        assertThat(run.engine().statuses())
                .extracting(status -> status.session().sessionId())
                .containsExactly("alpha");
    }

    @Test
    void aFileThatWasLeftForAnotherAndGrewWhileKeptWasDownIsGoneOnIn() throws IOException {
        Chat earlier = new Chat("session").says().person("::capture /work/a.md").answers();
        Chat later = Chat.inAnotherFile("session").says().answers();
        Conversation first = file(earlier, "session", "first", ModelRun.NOW.minusSeconds(3600));
        Conversation second = file(later, "session", "second", ModelRun.NOW.minusSeconds(480));
        run.startRead();
        run.read(first);
        run.read(second);
        run.settle();
        List<String> before = turns(earlier, later);
        assertThat(turns("a.md")).isEqualTo(before);
        assertThat(run.engine().statuses())
                .extracting(RecordingStatus::recordingId)
                .as("it went on once")
                .containsExactly("session-2");

        int known = earlier.turns().size();
        first = first.append(earlier.says().answers(), "", later);
        run = anotherRunThatReads();
        run.read(first);
        run.read(second);
        run.settle();
        finish();
        List<String> grown = new ArrayList<>(before);
        grown.addAll(earlier.turns().subList(known, earlier.turns().size()));
        assertThat(turns("a.md")).isEqualTo(grown);

        // And from there into a third.
        Chat last = new Chat("session").at(ModelRun.NOW.plusSeconds(60)).says();
        run.read(file(renamed(last), "session", "third", ModelRun.NOW.plusSeconds(59)));
        run.settle();
        assertThat(turns("a.md")).hasSize(grown.size() + 1);
    }

    /** Its records are others than those of the first file. */
    private static Chat renamed(Chat chat) {
        chat.records().replaceAll(record -> record.replace("id-", "third-"));
        return chat;
    }

    @Test
    void aCommandInAnotherFileIsObeyedAlsoWhereTheOneBeforeItCameToNothing() throws IOException {
        Chat earlier = new Chat("session").at(ModelRun.NOW.plusSeconds(60));
        earlier.person("::capture /work/a.md").answers();
        Chat later = Chat.inAnotherFile("session").at(ModelRun.NOW.plusSeconds(120));
        later.person("::capture /work/b.md\n\nAnd look at it.").answers();
        run.hold("prepare");
        run.read(file(earlier, "session", "first", ModelRun.NOW.plusSeconds(60)));
        run.read(file(later, "session", "second", ModelRun.NOW.plusSeconds(120)));
        clock.pass(Duration.ofSeconds(11));
        run.engine().tick();
        assertThat(run.problems()).singleElement().asString().contains("did not answer");
        run.release();
        run.startRead();
        run.settle();

        assertThat(run.obeyed()).containsExactly("capture");
        assertThat(turns("b.md")).isEqualTo(turns(earlier, later));
    }

    @Test
    void aCopyDoesNotOvertakeItsOriginalInAnotherFileOfAnOlderSession() throws IOException {
        Chat parent = new Chat("parent").at(ModelRun.NOW.minusSeconds(60));
        parent.says().person("::capture /work/a.md").answers();
        Chat second = Chat.inAnotherFile("parent").at(ModelRun.NOW.minusSeconds(50));
        second.says().person("::export /work/b.md");
        Chat copy = Chat.inAnotherFile("copy").at(ModelRun.NOW.minusSeconds(50));
        copy.says().person("::export /work/b.md").answers();
        run.read(file(copy, "copy", "copy", ModelRun.NOW.minusSeconds(40)));
        run.read(file(parent, "parent", "parent", ModelRun.NOW.minusSeconds(3600)));
        run.read(file(second, "parent", "second", ModelRun.NOW.minusSeconds(49)));
        finish();

        assertThat(run.obeyed()).containsExactly("capture", "export");
        assertThat(turns("b.md")).isEqualTo(turns(parent, second));
    }

    @Test
    void aFileThatBeginsWithWhatTheOneBeforeToldIsReadFromItsTapeWithoutThat() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md").answers();
        Instant begun = ModelRun.NOW.minusSeconds(3600);
        Conversation first = file(chat, "session", "first", begun);
        int common = first.events().size();
        chat.says().answers().says();
        Conversation second = Conversation.ofUnnamedFile(
                temporary, "session", "second", ModelRun.NOW.minusSeconds(480), chat.records());
        run.startRead();
        run.read(first);
        run.settle();
        // The rest comes while the note's folder hangs, and the daemon ends.
        run.hold("writer " + WORK);
        run.repeated(second, second.events().get(common - 1));
        run.readFrom(second, common);
        run.settle();
        assertThat(turns("a.md")).hasSize(2);

        run = anotherRunThatReads();
        run.found(first);
        run.found(second);
        run.read(second);
        while (run.step()) {
            // All that can be done as long as the first file is not read.
        }
        assertThat(turns("a.md"))
                .as("what the first file told is not known yet")
                .hasSize(2);
        run.read(first);
        finish();
        assertThat(turns("a.md")).isEqualTo(chat.turns());
    }

    @Test
    void aCaptureInAFileThatBeginsWithWhatTheOneBeforeToldHoldsEachTurnOnce() throws IOException {
        Chat chat = new Chat("session").says().answers();
        Conversation first = file(chat, "session", "first", ModelRun.NOW.minusSeconds(3600));
        int common = first.events().size();
        chat.says().person("::capture /work/a.md").answers();
        Conversation second = Conversation.ofUnnamedFile(
                temporary, "session", "second", ModelRun.NOW.minusSeconds(480), chat.records());
        run.startRead();
        run.read(first);
        run.repeated(second, second.events().get(common - 1));
        run.readFrom(second, common);
        run.settle();
        assertThat(turns("a.md")).isEqualTo(chat.turns());
    }
}
