package dev.kept.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.command.ParsedMessage;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.command.CommandBudget;
import dev.kept.recording.command.DecidedCommandKeys;
import dev.kept.recording.command.LateCommands;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalEntry.CommandDecided;
import dev.kept.recording.journal.JournalEntry.RecordingEnded;
import dev.kept.recording.journal.JournalEntry.RecordingStarted;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.SessionJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.GraphLayout;

/** However many commands the files hold, what is kept of them and what they set going is bounded. */
class CommandBoundsTest extends OneModelRun {
    private static final Instant AT = ModelRun.NOW;

    CommandBoundsTest() {
        super(7);
    }

    private static String commands(int count, String command) {
        return IntStream.range(0, count).mapToObj(i -> command).collect(Collectors.joining("\n"));
    }

    private static CommandDecided decided(String key, Instant at) {
        return new CommandDecided(key, "stop", CommandDecided.Outcome.FAILED, "m", "s", TapePosition.START, at);
    }

    @Test
    void aMessageWithTooManyCommandsIsRefusedWithOneProblemAndTheSessionGoesOn() throws IOException {
        read(new Chat("session")
                .says()
                .person(commands(5_000, "::capture /work/a.md"))
                .person("::capture /work/b.md"));
        assertThat(run.obeyed()).containsExactly("capture");
        assertThat(run.problems())
                .containsExactly("command.many: a message has more than 32 commands; none of them was carried out");
    }

    @Test
    void asManyCommandsAsAMessageMayHaveAreCarriedOut() throws IOException {
        read(new Chat("session").says().person(commands(ParsedMessage.MAX_COMMANDS, "::capture /work/a.md")));
        assertThat(run.obeyed()).hasSize(ParsedMessage.MAX_COMMANDS);
        assertThat(run.problems()).isEmpty();
    }

    @Test
    void lateCommandsTakeMemoryForEachSessionAndNotForEachMessage() {
        LateCommands late = new LateCommands();
        SessionKey one = new SessionKey("claude", "one");
        for (int i = 0; i < 400_000; i++) {
            late.add(one, "message-" + i, Optional.of(AT.plusSeconds(i)));
        }
        late.add(one, "message-399999", Optional.of(AT));
        assertThat(late.count()).isEqualTo(400_000);
        assertThat(late.words())
                .containsExactly("claude/one: 400000 commands, the last from " + AT.plusSeconds(399_999));
        assertThat(late.hasAny(one)).isTrue();
        assertThat(late.heldBytes()).isLessThan(4_096);
        assertThat(GraphLayout.parseInstance(late).totalSize()).isLessThan(8_192);
    }

    @Test
    void lateCommandsOfManySessionsAreChargedWhatTheyTake() {
        LateCommands late = new LateCommands();
        Object[] keys = new Object[1_000];
        for (int i = 0; i < keys.length; i++) {
            SessionKey key = new SessionKey("claude", "session-" + i);
            keys[i] = key;
            late.add(key, "message-" + i, Optional.of(AT.plusSeconds(i)));
        }
        long took = GraphLayout.parseInstance(late)
                .subtract(GraphLayout.parseInstance(keys))
                .totalSize();
        System.out.printf("1,000 sessions with late commands: %,d bytes, %,d charged%n", took, late.heldBytes());
        assertThat(late.heldBytes()).isBetween(took * 8 / 10, took * 3 / 2);
    }

    @Test
    void aKeyIsDecidedOnceAndWhatMayHaveBeenForgottenIsNotObeyed() {
        DecidedCommandKeys keys = new DecidedCommandKeys();
        assertThat(keys.add("first", AT)).isTrue();
        assertThat(keys.add("first", AT)).isFalse();
        assertThat(keys.mayHaveForgotten(AT, AT)).isFalse();
        for (int i = 0; i < DecidedCommandKeys.MOST; i++) {
            keys.add("key-" + i, AT.plusMillis(i));
        }
        assertThat(keys.contains("first")).isFalse();
        assertThat(keys.mayHaveForgotten(AT, AT.plusSeconds(600))).isTrue();
        assertThat(keys.contains("key-" + (DecidedCommandKeys.MOST - 1))).isTrue();
        assertThat(keys.mayHaveForgotten(AT.plusSeconds(500), AT.plusSeconds(600)))
                .isFalse();
        // A time that is still to come proves nothing.
        assertThat(keys.mayHaveForgotten(AT.plusSeconds(700), AT.plusSeconds(600)))
                .isTrue();
        assertThat(keys.heldBytes()).isLessThan(4 * 1024 * 1024);
    }

    @Test
    void commandsThatFindNoRoomAreToldAndNotCarriedOut() throws IOException {
        SessionKey session = new SessionKey("claude", "session");
        for (int i = 0; i < CommandBudget.MAX_COMMANDS; i++) {
            run.engine().load(session, decided("old-" + i + "#0", AT.minus(Duration.ofDays(2))));
        }
        run.engine().completeLoading();
        read(new Chat("session").says().person("::capture /work/a.md").person("::stop"));
        assertThat(run.obeyed()).isEmpty();
        assertThat(run.problems())
                .isNotEmpty()
                .allMatch(problem -> problem.startsWith("command.many: more than 1000 commands"));
        // Who orders at the command line is not held up.
        assertThat(run.engine().tooLateCount()).isZero();
    }

    @Test
    void whatASessionWithCommandsTakesIsCharged() throws IOException {
        ModelRun empty = anotherRun();
        int sessions = 500;
        long before = GraphLayout.parseInstance(empty.engine()).totalSize();
        long chargedBefore = empty.engine().heldPermanently();
        for (int i = 0; i < sessions; i++) {
            empty.engine().load(new SessionKey("claude", "session-" + i), decided("key-" + i + "#0", AT));
        }
        empty.engine().completeLoading();
        long took = GraphLayout.parseInstance(empty.engine()).totalSize() - before;
        long charged = empty.engine().heldPermanently() - chargedBefore;
        System.out.printf("%d sessions with a command: %,d bytes, %,d charged%n", sessions, took, charged);
        assertThat(charged).isBetween(took, 2 * took);
    }

    @Test
    void aJournalForgetsRecordingsThatHaveEnded() {
        SessionJournal journal = new SessionJournal();
        SessionKey key = new SessionKey("claude", "session");
        long empty = GraphLayout.parseInstance(journal).totalSize();
        for (int i = 0; i < 10_000; i++) {
            RecordingPlan plan = new RecordingPlan(
                    "session-" + i,
                    key,
                    RecordingPlan.Purpose.EXPORT,
                    Path.of("/work/same.md"),
                    "source",
                    TapePosition.START,
                    "title",
                    Optional.empty(),
                    AT);
            for (JournalEntry entry : List.of(new RecordingStarted(plan), new RecordingEnded(plan.recordingId()))) {
                journal.apply(entry);
            }
        }
        assertThat(journal.started()).isEqualTo(10_000);
        assertThat(journal.open()).isEmpty();
        assertThat(GraphLayout.parseInstance(journal).totalSize() - empty).isLessThan(2_048);
    }

    @Test
    void textThatWaitsIsBoundedForAllRecordingsTogether() {
        List<Integer> shares = new ArrayList<>();
        for (int open : List.of(1, 32, 64, 1_000)) {
            shares.add(RecordingText.mostWaiting(open));
        }
        assertThat(shares).containsExactly(256 * 1024, 256 * 1024, 128 * 1024, 8_388);
    }
}
