package dev.kept.recording;

import dev.kept.command.CommandLine;
import dev.kept.command.InChatCommand;
import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.recording.RecordingReport.Prepared;
import dev.kept.recording.destination.GeneratedName;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalEntry.CommandDecided;
import dev.kept.recording.journal.JournalEntry.DestinationSet;
import dev.kept.recording.journal.JournalEntry.RecordingBounded;
import dev.kept.recording.journal.JournalEntry.RecordingEnded;
import dev.kept.recording.journal.JournalEntry.RecordingStarted;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.SessionJournal;
import dev.kept.recording.writer.RecordingHeader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commands and recordings of one session.
 *
 * <p>Events and commands are steps, carried out in their order. A command that names a file waits for a worker to say
 * whether it may be written; the steps behind it wait too, so that each command acts at the boundary where it stands.
 * Owned by the pipeline thread.
 */
public final class SessionRecorder {
    private static final int SHORT_ID = 8;
    private static final long PREPARE_SECONDS = 10;

    /** What a session's source and metadata say, as far as recordings need it. */
    public record Facts(
            Provider provider,
            SourceKind.Session kind,
            String sourceId,
            Path tapeFolder,
            String title,
            Optional<Instant> firstEventAt) {}

    private sealed interface Step {}

    private record Deliver(ConversationEvent event) implements Step {}

    /** A command at its boundary: it acts before the event at that place. */
    private record Obey(String key, CommandLine line, TapePosition boundary, String workingDirectory) implements Step {}

    private record Asked(Obey step, InChatCommand command, long ticket, Instant at) {}

    private final SessionKey key;
    private final RecordingContext context;
    private final SessionJournal journal = new SessionJournal();
    private final Map<String, ActiveRecording> active = new LinkedHashMap<>();
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Map<String, String> pending = new LinkedHashMap<>();
    private final Neighbours neighbours;
    private TapePosition position = TapePosition.START;
    private @Nullable Facts facts;
    private @Nullable Asked asked;

    /** What sessions have to agree on. */
    interface Neighbours {
        /** A number for a request, by which its answer finds the session. */
        long ticket(SessionRecorder session);

        /** A recording is open; what is reported about it is for that session. */
        void opened(String recordingId, SessionRecorder session);

        /** A destination is that session's from now on. */
        void owns(SessionKey session, Path path);

        /** The other session that a destination belongs to, if one does. */
        Optional<SessionKey> ownerOtherThan(SessionKey session, Path path);
    }

    SessionRecorder(SessionKey key, RecordingContext context, Neighbours neighbours) {
        this.key = key;
        this.context = context;
        this.neighbours = neighbours;
    }

    /** Takes up what an earlier run left. */
    void load(List<JournalEntry> entries) {
        entries.forEach(journal::apply);
        for (SessionJournal.Open open : journal.open()) {
            neighbours.opened(open.plan().recordingId(), this);
            active.put(open.plan().recordingId(), ActiveRecording.resumed(context, this, open));
        }
    }

    void facts(Facts now) {
        boolean first = facts == null;
        facts = now;
        if (first) {
            active.values().forEach(ActiveRecording::goOn);
        }
    }

    boolean known() {
        return facts != null;
    }

    private Facts knownFacts() {
        Facts known = facts;
        if (known == null) {
            throw new IllegalStateException(key + " has no source yet");
        }
        return known;
    }

    Provider provider() {
        return knownFacts().provider();
    }

    SourceKind.Session kind() {
        return knownFacts().kind();
    }

    Path tapeFolder() {
        return knownFacts().tapeFolder();
    }

    String speaker() {
        return facts == null ? key.provider() : facts.provider().displayName();
    }

    /** The first place whose event was not delivered yet. */
    TapePosition position() {
        return position;
    }

    boolean idle() {
        return active.isEmpty() && asked == null && steps.isEmpty();
    }

    RecordingHeader header(RecordingPlan plan, RecordingHeader.Place place) {
        List<String> participants = List.of(context.options().userName(), speaker());
        return new RecordingHeader(plan.title(), key, speaker(), participants, plan.created(), place);
    }

    boolean wroteBefore(RecordingPlan plan) {
        return journal.wroteBefore(plan);
    }

    void journalLazily(JournalEntry entry) {
        journal.apply(entry);
        context.workers().journalLazily(key, entry);
    }

    void journalEnd(RecordingPlan plan) {
        journal.apply(new RecordingEnded(plan.recordingId()));
        context.workers().end(plan);
    }

    /** The next event of the main line, with the commands that stand in it. */
    void take(ConversationEvent event, Commands commands, String workingDirectory) {
        TapePosition place = event.header().source().position();
        boolean busy = asked != null || !steps.isEmpty();
        if (!busy && commands.isEmpty()) {
            deliver(event);
            return;
        }
        commands.first().forEach(order -> steps.add(new Obey(order.key(), order.line(), place, workingDirectory)));
        steps.add(new Deliver(event));
        commands.last()
                .forEach(order -> steps.add(new Obey(order.key(), order.line(), place.next(), workingDirectory)));
        run();
    }

    /** The commands of one message that may be carried out, with the keys that they are remembered by. */
    record Commands(List<Keyed> first, List<Keyed> last) {
        static final Commands NONE = new Commands(List.of(), List.of());

        record Keyed(String key, CommandLine line) {}

        Commands {
            first = List.copyOf(first);
            last = List.copyOf(last);
        }

        boolean isEmpty() {
            return first.isEmpty() && last.isEmpty();
        }
    }

    private void run() {
        while (asked == null && !steps.isEmpty()) {
            switch (steps.remove()) {
                case Deliver(var event) -> deliver(event);
                case Obey obey -> obey(obey);
            }
        }
        dropEnded();
    }

    private void deliver(ConversationEvent event) {
        position = event.header().source().position().next();
        for (ActiveRecording recording : List.copyOf(active.values())) {
            recording.deliver(event);
        }
        dropEnded();
    }

    private void dropEnded() {
        while (active.values().removeIf(ActiveRecording::ended)) {
            // What waited for the file goes on, and may have nothing to do.
            List.copyOf(active.values()).forEach(ActiveRecording::goOn);
        }
    }

    /** True when no earlier recording is still writing to the file of that one. */
    boolean mayWrite(ActiveRecording recording) {
        for (ActiveRecording other : active.values()) {
            if (other.plan().recordingId().equals(recording.plan().recordingId())) {
                return true;
            }
            if (!other.ended() && other.plan().path().equals(recording.plan().path())) {
                return false;
            }
        }
        return true;
    }

    private void obey(Obey step) {
        if (position.isBefore(step.boundary())) {
            // What stands before was not shown to a session that nobody had recorded: it is read from the tape.
            position = step.boundary();
        }
        switch (step.line()) {
            case CommandLine.NearMiss miss -> {
                String message = "“" + miss.text() + "”: " + miss.message();
                decide(step, "?", CommandDecided.Outcome.FAILED, message, List.of());
                context.listener().problem(key, "command.unclear", message, "Type it again.");
            }
            case CommandLine.Order order -> {
                InChatCommand command = order.command();
                boolean late = step.boundary().isBefore(journal.lastDecided());
                if (late && !(command instanceof InChatCommand.Export)) {
                    failed(
                            step,
                            command,
                            "later commands of this session were carried out before it could be",
                            "Type it again.");
                } else if (command instanceof InChatCommand.Stop) {
                    stop(step, command);
                } else if (command instanceof InChatCommand.StartRecording
                        && journal.following().isPresent()) {
                    done(
                            step,
                            command,
                            "already recording to "
                                    + journal.following().orElseThrow().plan().path(),
                            List.of());
                } else {
                    ask(step, command);
                }
            }
        }
    }

    private void ask(Obey step, InChatCommand command) {
        long ticket = neighbours.ticket(this);
        asked = new Asked(step, command, ticket, context.clock().instant());
        Optional<String> argument = argument(command);
        Facts known = knownFacts();
        Instant at = known.firstEventAt().orElse(context.clock().instant());
        GeneratedName generated = new GeneratedName(
                at.atZone(context.options().zone()).toLocalDate(),
                known.title(),
                key.sessionId().substring(0, Math.min(SHORT_ID, key.sessionId().length())));
        context.workers().prepare(ticket, argument, pathOf(step.workingDirectory()), generated);
    }

    private static Optional<Path> pathOf(String directory) {
        try {
            return directory.isEmpty() ? Optional.empty() : Optional.of(Path.of(directory));
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    private Optional<String> argument(InChatCommand command) {
        Optional<String> primary = journal.destination().map(Path::toString);
        return switch (command) {
            case InChatCommand.Initialize(var path) -> path.or(() -> primary);
            case InChatCommand.Capture(var path) -> path.or(() -> primary);
            case InChatCommand.Export(var path) -> Optional.of(path);
            case InChatCommand.StartRecording _, InChatCommand.Stop _ -> primary;
        };
    }

    /** A worker says where the path of the command leads that was asked about. */
    void prepared(Prepared prepared) {
        Asked waiting = asked;
        if (waiting == null || waiting.ticket() != prepared.ticket()) {
            return;
        }
        asked = null;
        switch (prepared.verdict()) {
            case Prepared.Ready ready -> carryOut(waiting.step(), waiting.command(), ready);
            case Prepared.Refused(var refusal) -> refused(waiting.step(), waiting.command(), refusal);
        }
        run();
    }

    private void refused(Obey step, InChatCommand command, Refusal refusal) {
        context.listener().denied(key, refusal);
        if (refusal.code().liftedByAllow()) {
            // Not decided: after `kept allow` it is met again, and runs once.
            pending.put(step.key(), "::" + command.verb() + " waits: " + refusal.message());
            context.listener()
                    .problem(
                            key,
                            "command.pending",
                            "::" + command.verb() + " waits: " + refusal.message(),
                            refusal.remedy());
        } else {
            failed(step, command, refusal.message(), refusal.remedy());
        }
    }

    private void carryOut(Obey step, InChatCommand command, Prepared.Ready ready) {
        Optional<SessionKey> other = neighbours.ownerOtherThan(key, ready.path());
        if (other.isPresent()) {
            failed(
                    step,
                    command,
                    ready.path() + " belongs to session " + other.get().sessionId(),
                    "Choose another file.");
            return;
        }
        List<JournalEntry> entries = new ArrayList<>();
        Optional<SessionJournal.Open> following = journal.following();
        switch (command) {
            case InChatCommand.Capture _ -> {
                if (following.isPresent() && alreadyWhole(following.get(), ready.path())) {
                    done(step, command, "already recording all of it to " + ready.path(), List.of());
                    return;
                }
                following.ifPresent(
                        open -> entries.add(new RecordingBounded(open.plan().recordingId(), step.boundary())));
                entries.add(new DestinationSet(ready.path()));
                start(step, command, ready, RecordingPlan.Purpose.RECORDING, TapePosition.START, entries);
            }
            case InChatCommand.StartRecording _ -> {
                entries.add(new DestinationSet(ready.path()));
                start(step, command, ready, RecordingPlan.Purpose.RECORDING, step.boundary(), entries);
            }
            case InChatCommand.Export _ ->
                start(step, command, ready, RecordingPlan.Purpose.EXPORT, TapePosition.START, entries);
            case InChatCommand.Initialize _ -> {
                following.ifPresent(
                        open -> entries.add(new RecordingBounded(open.plan().recordingId(), step.boundary())));
                entries.add(new DestinationSet(ready.path()));
                start(step, command, ready, RecordingPlan.Purpose.PREPARATION, step.boundary(), entries);
            }
            case InChatCommand.Stop _ -> stop(step, command);
        }
    }

    private static boolean alreadyWhole(SessionJournal.Open following, Path path) {
        return following.plan().path().equals(path) && following.plan().from().equals(TapePosition.START);
    }

    private void start(
            Obey step,
            InChatCommand command,
            Prepared.Ready ready,
            RecordingPlan.Purpose purpose,
            TapePosition from,
            List<JournalEntry> entries) {
        Facts known = knownFacts();
        RecordingPlan plan = new RecordingPlan(
                key.sessionId() + "-" + (journal.started() + 1),
                key,
                purpose,
                ready.path(),
                known.sourceId(),
                from,
                known.title(),
                known.firstEventAt(),
                context.clock().instant());
        entries.add(new RecordingStarted(plan));
        if (purpose != RecordingPlan.Purpose.RECORDING) {
            entries.add(new RecordingBounded(plan.recordingId(), step.boundary()));
        }
        String message = switch (purpose) {
            case RECORDING -> "recording to " + ready.path();
            case EXPORT -> "exporting to " + ready.path();
            case PREPARATION -> "will record to " + ready.path();
        };
        ActiveRecording recording = ActiveRecording.starting(context, this, plan);
        active.put(plan.recordingId(), recording);
        neighbours.opened(plan.recordingId(), this);
        decide(step, command.verb(), CommandDecided.Outcome.DONE, message, entries);
        context.listener().obeyed(key, command.verb(), message);
    }

    private void stop(Obey step, InChatCommand command) {
        Optional<SessionJournal.Open> following = journal.following();
        if (following.isEmpty()) {
            failed(step, command, "nothing is being recorded", "Nothing to do.");
            return;
        }
        RecordingPlan plan = following.get().plan();
        done(
                step,
                command,
                "stopped recording to " + plan.path(),
                List.of(new RecordingBounded(plan.recordingId(), step.boundary())));
    }

    private void done(Obey step, InChatCommand command, String message, List<JournalEntry> entries) {
        decide(step, command.verb(), CommandDecided.Outcome.DONE, message, entries);
        context.listener().obeyed(key, command.verb(), message);
    }

    private void failed(Obey step, InChatCommand command, String message, String remedy) {
        decide(step, command.verb(), CommandDecided.Outcome.FAILED, message, List.of());
        context.listener().problem(key, "command.failed", "::" + command.verb() + ": " + message, remedy);
    }

    /** Makes a decision durable with all that follows from it, and lets it take effect. */
    private void decide(
            Obey step, String verb, CommandDecided.Outcome outcome, String message, List<JournalEntry> entries) {
        List<JournalEntry> all = new ArrayList<>();
        all.add(new CommandDecided(
                step.key(),
                verb,
                outcome,
                message,
                step.boundary(),
                context.clock().instant()));
        all.addAll(entries);
        Optional<String> started = Optional.empty();
        for (JournalEntry entry : all) {
            journal.apply(entry);
            if (entry instanceof RecordingStarted(var plan)) {
                started = Optional.of(plan.recordingId());
            }
            if (entry instanceof DestinationSet(var path)) {
                neighbours.owns(key, path);
            }
        }
        context.workers().journal(key, all, started);
        for (JournalEntry entry : all) {
            if (entry instanceof RecordingBounded(var recordingId, var until)) {
                ActiveRecording recording = active.get(recordingId);
                if (recording != null) {
                    recording.endAt(until);
                }
            }
        }
    }

    void report(String recordingId, RecordingReport report) {
        ActiveRecording recording = active.get(recordingId);
        if (recording != null) {
            recording.report(report);
            dropEnded();
        }
    }

    void tick(Instant now) {
        for (ActiveRecording recording : List.copyOf(active.values())) {
            recording.tick(now);
        }
        Asked waiting = asked;
        if (waiting != null && now.isAfter(waiting.at().plusSeconds(PREPARE_SECONDS))) {
            asked = null;
            failed(
                    waiting.step(),
                    waiting.command(),
                    "its destination did not answer within " + PREPARE_SECONDS + " s",
                    "Type it again when the file system answers.");
            run();
        }
    }

    /** The commands that wait, by key. */
    Map<String, String> pending() {
        return Map.copyOf(pending);
    }

    Optional<Path> destination() {
        return journal.destination();
    }

    List<RecordingStatus> statuses() {
        return active.values().stream().map(ActiveRecording::status).toList();
    }
}
