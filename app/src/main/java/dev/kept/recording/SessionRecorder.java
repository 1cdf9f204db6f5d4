package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecorderStep.Deliver;
import dev.kept.recording.RecorderStep.Move;
import dev.kept.recording.RecorderStep.Obey;
import dev.kept.recording.RecorderStep.Skipped;
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
 * The commands and recordings of one session, in the order of its conversation.
 *
 * <p>That order is its only task. Events and commands are steps, carried out one after another. Those that wait are its
 * {@link PendingSteps}; the recordings that they start are its {@link SessionRecordings}. A command that names a file
 * waits until a worker reports whether the file may be written. The steps after it wait too, so that each command acts
 * at its own boundary. What would take too much memory while it waits is left to the tape
 * ({@link RecorderStep.Skipped}).
 *
 * <p>A conversation may continue in another source. That is a step as well ({@link RecorderStep.Move}): the source is
 * left at the position that was reached, the current recording is bounded there, and another one continues in the same
 * note from the next source on. The journal holds all of this in one line. During the initial scan sources are read in
 * any order and nothing moves: events of another source are skipped, its commands wait with it, and
 * {@link #completeInitialScan} later goes through the sources by their age.
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

    /** Applies the next journal entry of an earlier run. */
    void load(JournalEntry entry) {
        journal.apply(entry);
    }

    /** Resumes the open recordings, once all entries were applied. */
    void completeLoading() {
        for (SessionJournal.Open open : journal.open()) {
            recordings.resume(recorded, open);
            sources.setCurrent(open.plan().sourceId());
        }
        journal.following().ifPresent(open -> sources.setCurrent(open.plan().sourceId()));
    }

    /** Reports whether nothing here is bound to a source. */
    private boolean isFree() {
        return recordings.isEmpty() && steps.isEmpty() && !orders.isWaiting();
    }

    /** Returns the main branch's source of the last step carried out. */
    private ConversationSources.Source source() {
        return sources.current().orElseThrow(() -> new IllegalStateException(key + " has no source yet"));
    }

    /** Accepts that another source already delivered what this one holds up to a position. It is on this tape, too. */
    void acceptRepeated(RecordingFacts facts, TapePosition next) {
        ConversationSources.Source source = sources.register(facts);
        if (!recordings.hasRecordingsOf(facts.sourceId())) {
            return;
        }
        if (sources.endsIn(facts.sourceId()) && !steps.isEmpty()) {
            steps.add(new Skipped(next));
        } else {
            source.reach(next);
            recordings.noteSkipped(facts.sourceId());
        }
    }

    String name() {
        return key.toString();
    }

    /**
     * Returns the time at which the conversation began, as far as its files say. A copy is younger than its original.
     */
    Instant createdAt() {
        return sources.createdAt();
    }

    /**
     * Accepts the next event of the main branch, with the commands in it.
     *
     * <p>If it comes from another source than the one before, the conversation continues there. During the initial scan
     * that is left open.
     *
     * @param wait whether the commands wait until the initial scan is complete
     * @param facts of the source that the event comes from
     */
    void accept(
            ConversationEvent event,
            MessageCommands commands,
            String workingDirectory,
            boolean wait,
            RecordingFacts facts) {
        TapePosition place = event.header().source().position();
        ConversationSources.Source from = sources.register(facts);
        boolean elsewhere = !sources.endsIn(facts.sourceId());
        if (elsewhere && isFree() && from.orders().isEmpty()) {
            sources.setCurrent(facts.sourceId());
        } else if (elsewhere && journal.hasLeft(facts.sourceId(), place)) {
            deliver(event, from);
            return;
        } else if (elsewhere && !sessionRegistry.isInitialScanComplete()) {
            // The conversation does not continue there yet: the event is for what is recorded from there, up to the
            // first command.
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
        boolean busy = orders.isWaiting() || !steps.isEmpty();
        if (!busy && commands.isEmpty()) {
            deliver(event, source());
            return;
        }
        orders(commands.first(), place, workingDirectory, wait).forEach(steps::add);
        steps.addEvent(event);
        orders(commands.last(), place.next(), workingDirectory, wait).forEach(steps::add);
        run();
    }

    /**
     * Continues a source that was delivered to an earlier run up to that position. {@link #isAllInItsJournal} was true
     * then.
     */
    void resume(RecordingFacts facts, TapePosition delivered) {
        ConversationSources.Source source = sources.register(facts);
        if (isFree()) {
            // As its first event would do.
            sources.setCurrent(facts.sourceId());
        }
        source.reach(delivered);
        recordings.resumeSource(facts.sourceId());
    }

    /**
     * Reports whether a later run that only knows this position behaves as if everything were delivered to it again:
     * nothing waits, each command is finally decided and that is durable, and the conversation is in one source.
     */
    boolean isAllInItsJournal() {
        return steps.isEmpty()
                && orders.isAllDecided()
                && sessionRegistry.isInitialScanComplete()
                && journal.left().isEmpty()
                && sources.isOnly(sources.currentId())
                && context.mainBranches().of(key).size() == 1
                && journal.open().stream().allMatch(of -> of.plan().sourceId().equals(sources.currentId()))
                && !context.workers().hasPendingEntries(key);
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

    /** Returns the number of commands in messages that were decided here, or wait. */
    long commandCount() {
        return journal.decidedInChat() + waiting().count();
    }

    /** Returns the keys of the commands that wait here. */
    Stream<String> waiting() {
        return Stream.concat(steps.orders(), sources.allOrders()).map(Obey::key);
    }

    /** Continues the conversation in its youngest source. Called when the initial scan is complete. */
    void completeInitialScan() {
        new InitialSources(key, context.mainBranches(), journal, sources, steps)
                .addSteps(recordings.isEmpty(), orders.isWaiting());
        run();
        recordings.advanceAll();
    }

    /**
     * Accepts an order from outside the chat.
     *
     * @param facts of the source that it is about
     * @return whether it is accepted: not while another source of the session is recorded
     */
    boolean accept(CommandLineOrder order, RecordingFacts facts) {
        sources.register(facts);
        if (!sources.endsIn(facts.sourceId())) {
            if (!isFree()) {
                return false;
            }
            sources.setCurrent(facts.sourceId());
        }
        steps.add(SessionCommands.typed(order, 0));
        run();
        return true;
    }

    /** Carries out all steps that need not wait. */
    void run() {
        while (!orders.isWaiting() && !steps.isEmpty() && !waits(steps.first())) {
            switch (steps.remove()) {
                case Deliver(var event) -> deliver(event, source());
                case Skipped(var next) -> {
                    source().reach(next);
                    recordings.noteSkipped(sources.currentId());
                }
                case Move move -> move(move);
                case Obey obey when sessionRegistry.claim(this, obey.key()) -> orders.obey(obey);
                case Obey _ -> {
                    // A copy of its message was read, and obeyed, elsewhere.
                }
            }
        }
    }

    private boolean waits(RecorderStep step) {
        return step instanceof Obey obey && obey.waits() && !sessionRegistry.isInitialScanComplete();
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
        sources.completeMove(move.sourceId());
        apply(entries);
    }

    /** Writes the entries to the journal, and applies them. */
    void apply(List<JournalEntry> entries) {
        List<String> started = new ArrayList<>();
        for (JournalEntry entry : entries) {
            journal.apply(entry);
            if (entry instanceof RecordingStarted(var plan)) {
                started.add(plan.recordingId());
                recordings.start(recorded, plan);
            }
            if (entry instanceof DestinationSet(var path)) {
                sessionRegistry.assignOwner(key, path);
            }
        }
        context.workers().journal(key, entries, started);
        for (JournalEntry entry : entries) {
            if (entry instanceof RecordingBounded(var recordingId, var until)) {
                recordings.endAt(recordingId, until);
            }
        }
    }

    /** Handles a worker's answer about the path of the command that waits. */
    void handlePrepared(Prepared prepared) {
        if (orders.handlePrepared(prepared)) {
            run();
        }
    }

    /** Adds a step before all that wait. */
    void addFirst(Obey step) {
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

    /** Returns the size in bytes of the records whose events wait. */
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
