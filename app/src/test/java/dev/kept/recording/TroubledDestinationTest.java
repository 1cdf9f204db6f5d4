package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.ConversationEvent;
import dev.kept.recording.ModelRun.Conversation;
import dev.kept.recording.writer.SubagentDetail;
import dev.kept.testing.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Destinations that fail or cannot be looked at: nothing is lost, nothing twice, and no tape is read again and again.
 */
class TroubledDestinationTest {
    private static final Path NOTE = Path.of("/work/a.md");

    @TempDir
    private Path temporary;

    private final TestClock clock = new TestClock(ModelRun.NOW);
    private SimulatedDisk disk = new SimulatedDisk(SimulatedDisk.Image.empty());

    @BeforeEach
    void makeTheFolder() {
        disk.makeFolder(Path.of("/work"));
    }

    private Conversation conversation(Chat chat) throws IOException {
        return Conversation.of(temporary, "session", chat.records(), Map.of());
    }

    private List<String> turns() {
        return java.util.regex.Pattern.compile("turn-\\d+-")
                .matcher(disk.seen().text(NOTE).orElse(""))
                .results()
                .map(java.util.regex.MatchResult::group)
                .toList();
    }

    @Test
    void aFileThatFailsForHoursHasTheTapeReadOnceAtMost() throws IOException {
        Chat chat = new Chat("session")
                .says()
                .answers()
                .person("::capture /work/a.md")
                .answers()
                .says();
        Conversation conversation = conversation(chat);
        TroubledAccess troubled = new TroubledAccess(disk);
        ModelRun run = new ModelRun(disk, troubled, SubagentDetail.FOLD, new Random(1), clock);
        run.startRead();
        troubled.opens = false;
        run.read(conversation);
        run.settle();
        assertThat(run.engine().statuses().getFirst().trouble().orElseThrow()).contains("No space left on device");

        // The tape is taken away: whoever reads it again fails.
        Path tape = conversation.source().tapeFolder();
        Path away = Files.move(tape, tape.resolveSibling("away"));
        for (int i = 0; i < 500; i++) {
            clock.pass(Duration.ofSeconds(6));
            run.engine().tick();
            while (run.step()) {
                // All that can be done now.
            }
        }
        assertThat(run.problems()).noneMatch(text -> text.startsWith("recording.unreadable"));
        Files.move(away, tape);
        troubled.opens = true;
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(run.problems()).contains("mended: recording.unwritable");
    }

    @Test
    void aFileThatCannotBeLookedAtAfterACrashIsNotWrittenToUntilItCan() throws IOException {
        Chat chat = new Chat("session")
                .says()
                .person("::capture /work/a.md")
                .answers()
                .says();
        Conversation conversation = conversation(chat);
        ModelRun first = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1));
        first.read(conversation);
        first.startRead();
        first.settle();
        String whole = disk.seen().text(NOTE).orElseThrow();

        // The journal forgets that the last chunk is done, as after a crash.
        int journaled = lastOperationBeforeTheLastChunkWasDone();
        disk = new SimulatedDisk(disk.after(journaled));
        TroubledAccess troubled = new TroubledAccess(disk);
        ModelRun again = new ModelRun(disk, troubled, SubagentDetail.FOLD, new Random(2), clock);
        troubled.reads = false;
        again.read(conversation);
        again.startRead();
        again.settle();
        assertThat(disk.seen().text(NOTE)).contains(whole);
        assertThat(again.problems()).anyMatch(text -> text.contains("cannot be seen: Input/output error"));
        troubled.reads = true;
        again.settle();
        assertThat(disk.seen().text(NOTE)).contains(whole);
        assertThat(again.engine().statuses().getFirst().trouble()).isEmpty();
    }

    private int lastOperationBeforeTheLastChunkWasDone() {
        int operations = disk.operations();
        while (!disk.after(operations - 1).seen().text(NOTE).equals(disk.seen().text(NOTE))) {
            operations--;
        }
        // From where the note is whole back to where it was written whole, forced or not.
        int first = operations;
        while (disk.after(first - 1).seen().text(NOTE).equals(disk.seen().text(NOTE))) {
            first--;
        }
        return first;
    }

    @Test
    void aHungFileIsSaidToHangAndIsNotAnyMoreWhenItAnswers() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md").answers();
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1), clock);
        run.startRead();
        Conversation conversation = conversation(chat);
        run.hold("writer /work");
        run.read(conversation);
        run.settle();
        assertThat(run.engine().statuses().getFirst().trouble().orElseThrow())
                .startsWith("/work/a.md has not answered since");
        assertThat(run.problems()).anyMatch(text -> text.startsWith("recording.hung"));
        run.release();
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(run.engine().statuses().getFirst().trouble()).isEmpty();
        assertThat(run.problems()).contains("mended: recording.hung");
    }

    @Test
    void whatWaitsForADestinationIsReadFromTheTapeWhenItIsMuch() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md");
        for (int i = 0; i < 40; i++) {
            chat.assistant("x".repeat(100_000) + "\n\n" + chat.turn());
        }
        chat.person("::export /work/b.md").says();
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1), clock);
        run.startRead();
        run.hold("prepare");
        Conversation conversation = conversation(chat);
        run.found(conversation);
        for (ConversationEvent event : conversation.events()) {
            run.take(conversation, event);
        }
        while (run.step()) {
            // All but what hangs.
        }
        assertThat(run.engine().heldBytes()).isLessThan(1_200_000);
        run.release();
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(disk.seen().text(Path.of("/work/b.md")).orElseThrow())
                .contains("turn-40-")
                .doesNotContain("turn-41-");
    }

    @Test
    void manyCapturesAtOnceOfALargeSessionAllComeToTheirEnd() throws IOException {
        Chat chat = new Chat("session");
        for (int i = 0; i < 150; i++) {
            chat.assistant("words of a line\n".repeat(2_000) + chat.turn());
        }
        for (int i = 0; i < 20; i++) {
            chat.person("::export /work/e" + i + ".md");
        }
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1), clock);
        run.startRead();
        Conversation conversation = conversation(chat);
        for (ConversationEvent event : conversation.events()) {
            run.take(conversation, event);
        }
        run.settle();
        assertThat(run.engine().openRecordings()).isZero();
        for (int i = 0; i < 20; i++) {
            assertThat(disk.seen().text(Path.of("/work/e" + i + ".md")).orElseThrow())
                    .contains("turn-149-");
        }
    }

    @Test
    void recordingsThatEndedAreForgotten() throws IOException {
        Chat chat = new Chat("session").says();
        for (int i = 0; i < 50; i++) {
            chat.person("::export /work/e" + i + ".md");
        }
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1), clock);
        run.startRead();
        run.read(conversation(chat));
        run.settle();
        assertThat(run.obeyed()).hasSize(50);
        assertThat(run.engine().openRecordings()).isZero();
        assertThat(run.held()).as("bytes of readers").isZero();
    }

    @Test
    void noChunkIsLargerThan64KiB() throws IOException {
        Chat chat = new Chat("session").says().person("::capture /work/a.md");
        chat.assistant("Long\n" + "ü words of a line\n".repeat(10_000) + chat.turn())
                .answers();
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1), clock);
        run.startRead();
        run.read(conversation(chat));
        run.settle();
        assertThat(turns()).isEqualTo(chat.turns());
        assertThat(writes(NOTE)).allMatch(bytes -> bytes <= 64 * 1024).hasSizeGreaterThan(2);
    }

    private Stream<Integer> writes(Path path) {
        return disk.writes(path).stream();
    }

    /** A small note's turn comes while a large session is captured, not after it. */
    @Test
    void whileALargeSessionIsCapturedOthersGoOn() throws IOException {
        Chat large = new Chat("large");
        for (int i = 0; i < 400; i++) {
            large.assistant("a line of words\n".repeat(1_000) + large.turn());
        }
        large.person("::capture /work/large.md");
        Chat small = new Chat("small")
                .says()
                .answers()
                .person("::capture /work/small.md")
                .answers();
        Conversation largeOne = Conversation.of(temporary, "large", large.records(), Map.of());
        Conversation smallOne = Conversation.of(temporary, "small", small.records(), Map.of());
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1), clock);
        run.startRead();
        for (Conversation conversation : List.of(largeOne, smallOne)) {
            for (ConversationEvent event : conversation.events()) {
                run.take(conversation, event);
            }
        }
        run.settle();
        List<Path> order = disk.writeOrder();
        int smallDone = order.lastIndexOf(Path.of("/work/small.md"));
        long largeBefore = order.subList(0, smallDone).stream()
                .filter(Path.of("/work/large.md")::equals)
                .count();
        long largeAll = order.stream().filter(Path.of("/work/large.md")::equals).count();
        assertThat(largeAll).isGreaterThan(50);
        assertThat(largeBefore)
                .as("chunks of the large note before the small one is whole")
                .isLessThan(15);
    }

    @Test
    void aNoteThatWaitsForAFileWhichDoesNotComeBackIsShown() throws IOException {
        Chat first = new Chat("session").says().person("::capture /work/a.md").says();
        Chat second = Chat.inAnotherFile("session").says();
        Conversation old = conversation(first);
        Conversation next = Conversation.of(
                temporary, "session", "another", ModelRun.NOW.minusSeconds(480), second.records(), Map.of());
        ModelRun run = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1), clock);
        run.startRead();
        run.hold("writer /work");
        run.read(old);
        run.read(next);
        run.settle();
        assertThat(turns()).isEmpty();

        ModelRun again = new ModelRun(disk, disk, SubagentDetail.FOLD, new Random(1), clock);
        again.read(next);
        again.startRead();
        again.settle();
        assertThat(again.problems())
                .singleElement()
                .asString()
                .startsWith("recording.waits: /work/a.md is not continued");
        assertThat(turns()).isEmpty();

        again.read(old);
        again.settle();
        assertThat(again.problems()).last().isEqualTo("mended: recording.waits");
        assertThat(disk.seen().text(NOTE).orElseThrow()).contains("turn-0-", "turn-1-", "turn-f0-");
    }
}
