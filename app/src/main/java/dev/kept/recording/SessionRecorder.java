package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecorderStep.Deliver;
import dev.kept.recording.RecorderStep.Missed;
import dev.kept.recording.RecorderStep.Move;
import dev.kept.recording.RecorderStep.Obey;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.recording.command.MessageCommands;
import dev.kept.recording.contract.RecordingContext;
import dev.kept.recording.contract.RecordingFacts;
import dev.kept.recording.contract.RecordingReport;
import dev.kept.recording.contract.RecordingReport.Prepared;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalEntry.DestinationSet;
import dev.kept.recording.journal.JournalEntry.RecordingBounded;
import dev.kept.recording.journal.JournalEntry.RecordingContinued;
import dev.kept.recording.journal.JournalEntry.RecordingStarted;
import dev.kept.recording.journal.JournalEntry.SourceLeft;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.SessionJournal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The commands and recordings of one session, in the order in which the conversation went on.
 *
 * <p>That order is its one task. Events and commands are steps, carried out one after another; those that wait are its
 * {@link PendingSteps}, and what they set going its {@link SessionRecordings}. A command that names a file waits for a worker to say whether it may be written; the steps behind it wait too, so
 * that each command acts at the boundary where it stands. What would take too much memory while it waits is left to the tape
 * ({@link RecorderStep.Missed}).
 *
 * <p>A conversation may go on in another source. That is a step as well ({@link RecorderStep.Move}): the source is left at the
 * place that was reached, the recording that follows is bounded there, and another one goes on in the same note from the next
 * source on; the journal holds all of it in one line. While all sources are read at the start, in whatever order, nothing
 * moves: what another source says is passed over, its commands wait with it, and {@link #startRead} goes through the sources
 * by their age.
 *
 * <p>Owned by the pipeline thread.
 */
final class SessionRecorder {
    private final SessionKey key;
    private final RecordingContext context;
    private final SessionJournal journal = new SessionJournal();
    private final SessionRegistry sessionRegistry;
    private final ConversationSources sources = new ConversationSources();
    private final PendingSteps steps = new PendingSteps();
    private final SessionRecordings recordings;
    private final RecordedSession recorded;
    private final SessionCommands orders;

    SessionRecorder(SessionKey key, RecordingContext context, SessionRegistry sessionRegistry) {
        this.key = key;
        this.context = context;
        this.sessionRegistry = sessionRegistry;
        this.recordings = new SessionRecordings(this, context, sessionRegistry);
        this.recorded = new RecordedSession(key, context, sessionRegistry, journal, sources, recordings::mayWrite);
        this.orders = new SessionCommands(key, context, sessionRegistry, journal, sources, this);
    }

    /** Takes up the next entry that an earlier run left. */
    void load(JournalEntry entry) {
        journal.apply(entry);
    }

    /** All entries were taken up. */
    void loaded() {
        for (SessionJournal.Open open : journal.open()) {
            recordings.resume(recorded, open);
            sources.beIn(open.plan().sourceId());
        }
        journal.following().ifPresent(open -> sources.beIn(open.plan().sourceId()));
    }

    /** Whether nothing here is bound to a source. */
    private boolean isFree() {
        return recordings.isEmpty() && steps.isEmpty() && !orders.isAsking();
    }

    /** The source of the main line that the steps stand in. */
    private ConversationSources.Source source() {
        return sources.current().orElseThrow(() -> new IllegalStateException(key + " has no source yet"));
    }

    /** Another source told before what stands in this one up to a place: it is on this tape, too. */
    void repeated(RecordingFacts facts, TapePosition next) {
        ConversationSources.Source source = sources.meet(facts);
        if (!recordings.areOf(facts.sourceId())) {
            return;
        }
        if (sources.endIn(facts.sourceId()) && !steps.isEmpty()) {
            steps.add(new Missed(next));
        } else {
            source.reach(next);
            recordings.missed(facts.sourceId());
        }
    }

    String name() {
        return key.toString();
    }

    /** When its conversation was begun, as far as its files tell: a copy is younger than what it is a copy of. */
    Instant createdAt() {
        return sources.createdAt();
    }

    /**
     * The next event of the main line, with the commands that stand in it.
     *
     * <p>Where it comes from another source than the one before, the conversation goes on there; while all sources are read
     * at the start, that is left open until they are.
     *
     * @param wait whether they wait until all sources that were there at the start were read
     * @param facts of the source that the event comes from
     */
    void take(
            ConversationEvent event,
            MessageCommands commands,
            String workingDirectory,
            boolean wait,
            RecordingFacts facts) {
        TapePosition place = event.header().source().position();
        ConversationSources.Source from = sources.meet(facts);
        boolean elsewhere = !sources.endIn(facts.sourceId());
        if (elsewhere && isFree() && from.orders().isEmpty()) {
            sources.beIn(facts.sourceId());
        } else if (elsewhere && journal.hasLeft(facts.sourceId(), place)) {
            deliver(event, from);
            return;
        } else if (elsewhere && !sessionRegistry.startIsRead()) {
            // The conversation does not go on there yet: it is for what is recorded from there, up to the first
            // command.
            orders(commands.first(), place, workingDirectory, wait).forEach(from.orders()::add);
            if (from.orders().isEmpty()) {
                deliver(event, from);
            }
            orders(commands.last(), place.next(), workingDirectory, wait).forEach(from.orders()::add);
            return;
        } else if (elsewhere) {
            steps.add(new Move(facts.sourceId(), place));
            sources.moveTo(facts.sourceId());
        }
        boolean busy = orders.isAsking() || !steps.isEmpty();
        if (!busy && commands.isEmpty()) {
            deliver(event, source());
            return;
        }
        orders(commands.first(), place, workingDirectory, wait).forEach(steps::add);
        steps.hold(event);
        orders(commands.last(), place.next(), workingDirectory, wait).forEach(steps::add);
        run();
    }

    /** An earlier run was shown that source up to there; {@link #isAllInItsJournal} was true then. */
    void takenUp(RecordingFacts facts, TapePosition told) {
        ConversationSources.Source source = sources.meet(facts);
        if (isFree()) {
            // As its first event would.
            sources.beIn(facts.sourceId());
        }
        source.reach(told);
        recordings.takenUp(facts.sourceId());
    }

    /**
     * Whether a later run that is only told how far this one came does what it would do if it were shown everything: nothing
     * waits, each command is decided for good, that is durable, and the conversation stands in one source.
     */
    boolean isAllInItsJournal() {
        return steps.isEmpty()
                && orders.areAllDecided()
                && sessionRegistry.startIsRead()
                && journal.left().isEmpty()
                && sources.areOnly(sources.currentId())
                && context.mainLines().of(key).size() == 1
                && journal.open().stream().allMatch(of -> of.plan().sourceId().equals(sources.currentId()))
                && !context.workers().owes(key);
    }

    private static Stream<Obey> orders(
            List<MessageCommands.Keyed> orders, TapePosition boundary, String workingDirectory, boolean wait) {
        return orders.stream()
                .map(order -> new Obey(order.key(), order.line(), boundary, workingDirectory, wait, Optional.empty()));
    }

    private void deliver(ConversationEvent event, ConversationSources.Source from) {
        from.reach(event.header().source().position().next());
        recordings.deliver(from.facts().sourceId(), event);
    }

    /** How many commands of messages were decided here, or wait. */
    long commandsTaken() {
        return journal.decidedInChat() + waiting().count();
    }

    /** The keys of the commands that wait here. */
    Stream<String> waiting() {
        return Stream.concat(steps.orders(), sources.allOrders()).map(Obey::key);
    }

    /** All sources that were there at the start have been read: the conversation goes on in the youngest. */
    void startRead() {
        new InitialSources(key, context.mainLines(), journal, sources, steps)
                .read(recordings.isEmpty(), orders.isAsking());
        run();
        recordings.goOn();
    }

    /**
     * An order from outside the chat.
     *
     * @param facts of the source that it is about
     * @return whether it is taken: not while another source of the session is recorded
     */
    boolean take(CommandLineOrder order, RecordingFacts facts) {
        sources.meet(facts);
        if (!sources.endIn(facts.sourceId())) {
            if (!isFree()) {
                return false;
            }
            sources.beIn(facts.sourceId());
        }
        steps.add(SessionCommands.typed(order, 0));
        run();
        return true;
    }

    /** Carries out what can be: also when all sources of the start were read. */
    void run() {
        while (!orders.isAsking() && !steps.isEmpty() && !waits(steps.first())) {
            switch (steps.remove()) {
                case Deliver(var event) -> deliver(event, source());
                case Missed(var next) -> {
                    source().reach(next);
                    recordings.missed(sources.currentId());
                }
                case Move move -> move(move);
                case Obey obey when sessionRegistry.takeOn(this, obey.key()) -> orders.obey(obey);
                case Obey _ -> {
                    // A copy of its message was met, and obeyed, elsewhere.
                }
            }
        }
    }

    private boolean waits(RecorderStep step) {
        return step instanceof Obey obey && obey.waits() && !sessionRegistry.startIsRead();
    }

    private void move(Move move) {
        List<JournalEntry> entries = new ArrayList<>();
        sources.current().ifPresent(left -> entries.add(new SourceLeft(sources.currentId(), left.position())));
        journal.following().map(SessionJournal.Open::plan).ifPresent(plan -> {
            RecordingPlan next = plan.continued(
                    key.sessionId() + "-" + (journal.started() + 1),
                    move.sourceId(),
                    move.from(),
                    context.clock().instant());
            entries.add(new RecordingBounded(plan.recordingId(), recorded.position(plan)));
            entries.add(new RecordingStarted(next));
            entries.add(new RecordingContinued(next.recordingId(), plan.recordingId()));
        });
        sources.moved(move.sourceId());
        makeSo(entries);
    }

    /** Makes it durable, and lets it take effect. */
    void makeSo(List<JournalEntry> entries) {
        List<String> started = new ArrayList<>();
        for (JournalEntry entry : entries) {
            journal.apply(entry);
            if (entry instanceof RecordingStarted(var plan)) {
                started.add(plan.recordingId());
                recordings.start(recorded, plan);
            }
            if (entry instanceof DestinationSet(var path)) {
                sessionRegistry.owns(key, path);
            }
        }
        context.workers().journal(key, entries, started);
        for (JournalEntry entry : entries) {
            if (entry instanceof RecordingBounded(var recordingId, var until)) {
                recordings.endAt(recordingId, until);
            }
        }
    }

    /** A worker says where the path of the command leads that was asked about. */
    void prepared(Prepared prepared) {
        if (orders.prepared(prepared)) {
            run();
        }
    }

    /** Is carried out before all that waits. */
    void next(Obey step) {
        steps.addFirst(step);
    }

    void report(RecordingReport.OfRecording report) {
        recordings.report(report);
    }

    void tick(Instant now) {
        recordings.tick(now);
        if (orders.tick(now)) {
            run();
        }
    }

    /** Bytes of records whose events wait. */
    long heldBytes() {
        return steps.heldBytes();
    }

    Optional<Path> destination() {
        return journal.destination();
    }

    List<RecordingStatus> statuses() {
        return recordings.statuses();
    }
}
