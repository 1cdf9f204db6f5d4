package dev.kept.recording.command;

import dev.kept.command.InChatCommand;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalEntry.CommandDecided.Outcome;
import dev.kept.recording.journal.JournalEntry.DestinationSet;
import dev.kept.recording.journal.JournalEntry.RecordingBounded;
import dev.kept.recording.journal.JournalEntry.RecordingContinued;
import dev.kept.recording.journal.JournalEntry.RecordingStarted;
import dev.kept.recording.journal.JournalEntry.SourceLeft;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingPlan.Purpose;
import dev.kept.recording.journal.SessionJournal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The effects of commands on a session's recordings: a pure function of the journal, the command and its boundary. The
 * session is recording or not, and has a primary destination or not; commands move it between these states.
 *
 * @param key the session
 * @param journal the earlier decisions
 * @param sourceId the tape that holds the conversation there
 * @param boundary the position on it of the event before which the command acts
 */
public record CommandRules(SessionKey key, SessionJournal journal, String sourceId, TapePosition boundary) {

    /**
     * The decision about a command.
     *
     * @param message the effect, or the reason for the failure
     * @param remedy advice after a failure
     * @param consequences the journal entries that follow; made durable together with the decision
     */
    public record Decision(Outcome outcome, String message, String remedy, List<JournalEntry> consequences) {
        public Decision {
            consequences = List.copyOf(consequences);
        }

        static Decision done(String message, List<JournalEntry> consequences) {
            return new Decision(Outcome.DONE, message, "", consequences);
        }

        public static Decision failed(String message, String remedy) {
            return new Decision(Outcome.FAILED, message, remedy, List.of());
        }
    }

    /**
     * The facts of a session that a new recording needs.
     *
     * @param earlier the sources from which the conversation moved on, each with the position where its part ends
     */
    public record Subject(String title, Optional<Instant> firstEventAt, Instant now, List<SourceLeft> earlier) {
        public Subject {
            earlier = List.copyOf(earlier);
        }
    }

    /** Returns the decision, if it needs no file. */
    public Optional<Decision> withoutFile(InChatCommand command) {
        if (boundary.isBefore(journal.lastObeyed(sourceId)) && !(command instanceof InChatCommand.Export)) {
            return Optional.of(Decision.failed(
                    "it waited, and a command that was typed after it was obeyed first", "Type it again."));
        }
        Optional<RecordingPlan> following = following();
        return switch (command) {
            case InChatCommand.Stop _ ->
                Optional.of(following
                        .map(plan -> Decision.done("stopped recording to " + plan.path(), List.of(endOf(plan))))
                        .orElseGet(() -> Decision.failed("nothing is being recorded", "Nothing to do.")));
            case InChatCommand.StartRecording _ ->
                following.map(plan -> Decision.done("already recording to " + plan.path(), List.of()));
            case InChatCommand.Initialize _, InChatCommand.Capture _, InChatCommand.Export _ -> Optional.empty();
        };
    }

    /** Returns the path that a command names or implies; empty for a generated one. */
    public Optional<String> argument(InChatCommand command) {
        Optional<String> primary = journal.destination().map(Path::toString);
        return switch (command) {
            case InChatCommand.Initialize(var path) -> path.or(() -> primary);
            case InChatCommand.Capture(var path) -> path.or(() -> primary);
            case InChatCommand.Export(var path) -> Optional.of(path);
            case InChatCommand.StartRecording _, InChatCommand.Stop _ -> primary;
        };
    }

    /** Returns the decision about a command whose file may be written. */
    public Decision withFile(InChatCommand command, Path path, Subject subject) {
        Optional<RecordingPlan> following = following();
        List<JournalEntry> consequences = new ArrayList<>();
        return switch (command) {
            case InChatCommand.Capture _ -> {
                if (following.filter(plan -> isWhole(plan, path)).isPresent()) {
                    yield Decision.done("already recording all of it to " + path, List.of());
                }
                following.ifPresent(plan -> consequences.add(endOf(plan)));
                consequences.add(new DestinationSet(path));
                start(Purpose.RECORDING, TapePosition.START, path, subject, consequences);
                yield Decision.done("recording to " + path, consequences);
            }
            case InChatCommand.StartRecording _ -> {
                consequences.add(new DestinationSet(path));
                start(Purpose.RECORDING, boundary, path, subject, consequences);
                yield Decision.done("recording to " + path, consequences);
            }
            case InChatCommand.Export _ -> {
                start(Purpose.EXPORT, TapePosition.START, path, subject, consequences);
                yield Decision.done("exporting to " + path, consequences);
            }
            case InChatCommand.Initialize _ -> {
                following.ifPresent(plan -> consequences.add(endOf(plan)));
                consequences.add(new DestinationSet(path));
                start(Purpose.PREPARATION, boundary, path, subject, consequences);
                yield Decision.done("will record to " + path, consequences);
            }
            case InChatCommand.Stop _ -> throw new IllegalArgumentException("::stop needs no file");
        };
    }

    private Optional<RecordingPlan> following() {
        return journal.following().map(SessionJournal.Open::plan);
    }

    private boolean isWhole(RecordingPlan plan, Path path) {
        return plan.path().equals(path) && journal.isWhole(plan);
    }

    private RecordingBounded endOf(RecordingPlan plan) {
        return new RecordingBounded(plan.recordingId(), boundary);
    }

    /**
     * Adds the entries that start a recording. One that begins with the conversation also holds the sources before this
     * one, one after another.
     */
    private void start(
            Purpose purpose, TapePosition from, Path path, Subject subject, List<JournalEntry> consequences) {
        Optional<String> last = Optional.empty();
        int number = journal.started();
        if (from.equals(TapePosition.START)) {
            for (SourceLeft part : subject.earlier()) {
                RecordingPlan plan = plan(++number, purpose, part.sourceId(), from, path, subject);
                if (journal.leftAt(part.sourceId()).isEmpty()) {
                    consequences.add(part);
                }
                last = begin(plan, last, consequences);
                consequences.add(new RecordingBounded(plan.recordingId(), part.at()));
            }
        }
        RecordingPlan plan = plan(++number, purpose, sourceId, from, path, subject);
        begin(plan, last, consequences);
        if (purpose != Purpose.RECORDING) {
            consequences.add(endOf(plan));
        }
    }

    private static Optional<String> begin(
            RecordingPlan plan, Optional<String> earlier, List<JournalEntry> consequences) {
        consequences.add(new RecordingStarted(plan));
        earlier.ifPresent(before -> consequences.add(new RecordingContinued(plan.recordingId(), before)));
        return Optional.of(plan.recordingId());
    }

    private RecordingPlan plan(
            int number, Purpose purpose, String source, TapePosition from, Path path, Subject subject) {
        return new RecordingPlan(
                key.sessionId() + "-" + number,
                key,
                purpose,
                path,
                source,
                from,
                subject.title(),
                subject.firstEventAt(),
                subject.now());
    }
}
