package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecorderStep.Deliver;
import dev.kept.recording.RecorderStep.Missed;
import dev.kept.recording.RecorderStep.Move;
import dev.kept.recording.RecorderStep.Obey;
import dev.kept.recording.RecordingReport.Prepared;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The commands and recordings of one session, in the order in which the conversation went on.
 *
 * <p>That order is its one task, and the reason for its length. Events and commands are steps, carried out one after
 * another. A command that names a file waits for a worker to say whether it may be written; the steps behind it wait too, so
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
    /** Records whose events wait for a command to be carried out; what comes beyond that is read from the tape. */
    private static final long MAX_HELD_BYTES = 1024 * 1024;

    private final SessionKey key;
    private final RecordingContext context;
    private final SessionJournal journal = new SessionJournal();
    private final Map<String, ActiveRecording> active = new LinkedHashMap<>();
    private final Deque<RecorderStep> steps = new ArrayDeque<>();
    private long heldBytes;
    private final Neighbours neighbours;
    private final ConversationSources sources = new ConversationSources();
    private final RecordedSession recorded;
    private final SessionCommands orders;

    SessionRecorder(SessionKey key, RecordingContext context, Neighbours neighbours) {
        this.key = key;
        this.context = context;
        this.neighbours = neighbours;
        this.recorded = new RecordedSession(key, context, neighbours, journal, sources, this::mayWrite);
        this.orders = new SessionCommands(key, context, neighbours, journal, sources, this);
    }

    /** Takes up what an earlier run left. */
    void load(List<JournalEntry> entries) {
        entries.forEach(journal::apply);
        for (SessionJournal.Open open : journal.open()) {
            neighbours.opened(open.plan().recordingId(), this);
            active.put(open.plan().recordingId(), ActiveRecording.resumed(context, recorded, open));
            sources.beIn(open.plan().sourceId());
        }
        journal.following().ifPresent(open -> sources.beIn(open.plan().sourceId()));
    }

    /** Whether nothing here is bound to a source. */
    private boolean isFree() {
        return active.isEmpty() && steps.isEmpty() && !orders.isAsking();
    }

    /** The source of the main line that the steps stand in. */
    private ConversationSources.Source source() {
        return sources.current().orElseThrow(() -> new IllegalStateException(key + " has no source yet"));
    }

    /** Another source told before what stands in this one up to a place: it is on this tape, too. */
    void repeated(RecordingFacts facts, TapePosition next) {
        ConversationSources.Source source = sources.meet(facts);
        if (of(facts.sourceId()).isEmpty()) {
            return;
        }
        if (sources.endIn(facts.sourceId()) && !steps.isEmpty()) {
            steps.add(new Missed(next));
        } else {
            source.reach(next);
            of(facts.sourceId()).forEach(ActiveRecording::missed);
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
        if (elsewhere && isFree()) {
            sources.beIn(facts.sourceId());
        } else if (elsewhere && journal.hasLeft(facts.sourceId(), place)) {
            passOver(event, from);
            return;
        } else if (elsewhere && !neighbours.startIsRead()) {
            passOver(event, from);
            orders(commands.first(), place, workingDirectory, wait).forEach(from.orders()::add);
            orders(commands.last(), place.next(), workingDirectory, wait).forEach(from.orders()::add);
            return;
        } else if (elsewhere) {
            goOnIn(facts.sourceId(), place);
        }
        boolean busy = orders.isAsking() || !steps.isEmpty();
        if (!busy && commands.isEmpty()) {
            deliver(event);
            return;
        }
        orders(commands.first(), place, workingDirectory, wait).forEach(steps::add);
        hold(event);
        orders(commands.last(), place.next(), workingDirectory, wait).forEach(steps::add);
        run();
    }

    private void goOnIn(String sourceId, TapePosition place) {
        steps.add(new Move(sourceId, place));
        sources.moveTo(sourceId);
    }

    private static Stream<Obey> orders(
            List<MessageCommands.Keyed> orders, TapePosition boundary, String workingDirectory, boolean wait) {
        return orders.stream()
                .map(order -> new Obey(order.key(), order.line(), boundary, workingDirectory, wait, Optional.empty()));
    }

    /** An event of a source that the conversation does not go on in, or not yet: it is for what is recorded from there. */
    private void passOver(ConversationEvent event, ConversationSources.Source from) {
        from.reach(event.header().source().position().next());
        of(from.facts().sourceId()).forEach(recording -> recording.deliver(event));
        dropEnded();
    }

    /** The keys of the commands that wait here. */
    Stream<String> waiting() {
        Stream<Obey> inSteps = steps.stream().filter(Obey.class::isInstance).map(Obey.class::cast);
        return Stream.concat(inSteps, sources.allOrders()).map(Obey::key);
    }

    /** All sources that were there at the start have been read: the conversation goes on in the youngest. */
    void startRead() {
        if (!isFree() || sources.haveOrders()) {
            List<MainLines.MainLine> all = context.mainLines().of(key);
            if (active.isEmpty() && !orders.isAsking() && all.size() > 1) {
                beginIn(all);
            } else {
                goOnIn(all);
            }
        }
        for (MainLines.MainLine line : context.mainLines().of(key)) {
            if (!sources.endIn(line.facts().sourceId())
                    && !sources.currentId().equals(line.facts().sourceId())) {
                // All of it was shown, or lies before what is recorded: what ends there ends.
                sources.meet(line.facts()).reach(line.end());
            }
        }
        run();
        List.copyOf(active.values()).forEach(ActiveRecording::goOn);
        dropEnded();
    }

    /** Nothing was recorded before: the commands that waited are carried out in the order of their sources. */
    private void beginIn(List<MainLines.MainLine> all) {
        ConversationSources.Source read = source();
        for (RecorderStep step : steps) {
            switch (step) {
                case Obey obey -> read.orders().add(obey);
                case Deliver(var event) -> {
                    // It is read from the tape, should it be wanted.
                    heldBytes -= event.header().source().length();
                }
                case Missed _, Move _ -> {}
            }
        }
        steps.clear();
        boolean begun = false;
        for (MainLines.MainLine line : all) {
            ConversationSources.Source source = sources.meet(line.facts());
            if (begun) {
                goOnIn(source, line.end());
            } else if (!source.orders().isEmpty()) {
                source.reach(line.end());
                sources.beIn(line.facts().sourceId());
                begun = true;
            }
            steps.addAll(source.orders());
            source.orders().clear();
        }
    }

    private void goOnIn(List<MainLines.MainLine> all) {
        Instant here =
                sources.arriving().map(source -> source.facts().createdAt()).orElse(Instant.MAX);
        for (MainLines.MainLine line : all) {
            ConversationSources.Source source = sources.meet(line.facts());
            String id = line.facts().sourceId();
            boolean hasNews = journal.leftAt(id)
                    .map(left -> left.isBefore(source.position()))
                    .orElse(line.facts().createdAt().isAfter(here));
            if (!sources.endIn(id) && (hasNews || !source.orders().isEmpty())) {
                goOnIn(source, line.end());
            }
            steps.addAll(source.orders());
            source.orders().clear();
        }
    }

    private void goOnIn(ConversationSources.Source source, TapePosition end) {
        String id = source.facts().sourceId();
        source.reach(end);
        goOnIn(id, journal.leftAt(id).orElse(TapePosition.START));
    }

    /**
     * An order from outside the chat.
     *
     * @param facts of the source that it is about
     * @return whether it is taken: not while another source of the session is recorded
     */
    boolean take(TypedOrder order, RecordingFacts facts) {
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

    private void hold(ConversationEvent event) {
        long bytes = event.header().source().length();
        TapePosition next = event.header().source().position().next();
        if (heldBytes + bytes <= MAX_HELD_BYTES) {
            heldBytes += bytes;
            steps.add(new Deliver(event));
        } else {
            if (steps.peekLast() instanceof Missed) {
                steps.removeLast();
            }
            steps.add(new Missed(next));
        }
    }

    /** Carries out what can be: also when all sources of the start were read. */
    void run() {
        while (!orders.isAsking() && !steps.isEmpty() && !waits(steps.getFirst())) {
            switch (steps.remove()) {
                case Deliver(var event) -> {
                    heldBytes -= event.header().source().length();
                    deliver(event);
                }
                case Missed(var next) -> {
                    source().reach(next);
                    of(sources.currentId()).forEach(ActiveRecording::missed);
                }
                case Move move -> move(move);
                case Obey obey when neighbours.takeOn(this, obey.key()) -> orders.obey(obey);
                case Obey _ -> {
                    // A copy of its message was met, and obeyed, elsewhere.
                }
            }
        }
        dropEnded();
    }

    private boolean waits(RecorderStep step) {
        return step instanceof Obey obey && obey.waits() && !neighbours.startIsRead();
    }

    private void deliver(ConversationEvent event) {
        source().reach(event.header().source().position().next());
        of(sources.currentId()).forEach(recording -> recording.deliver(event));
        dropEnded();
    }

    private List<ActiveRecording> of(String sourceId) {
        return active.values().stream()
                .filter(recording -> recording.plan().sourceId().equals(sourceId))
                .toList();
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

    private void dropEnded() {
        while (active.values().removeIf(this::closed)) {
            // What waited for the file goes on, and may have nothing to do.
            List.copyOf(active.values()).forEach(ActiveRecording::goOn);
        }
    }

    private boolean closed(ActiveRecording recording) {
        if (recording.ended()) {
            neighbours.closed(recording.plan().recordingId());
        }
        return recording.ended();
    }

    /** True when no earlier recording is still writing to the file of that one. */
    private boolean mayWrite(ActiveRecording recording) {
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

    /** Makes it durable, and lets it take effect. */
    void makeSo(List<JournalEntry> entries) {
        List<String> started = new ArrayList<>();
        for (JournalEntry entry : entries) {
            journal.apply(entry);
            if (entry instanceof RecordingStarted(var plan)) {
                started.add(plan.recordingId());
                active.put(plan.recordingId(), ActiveRecording.starting(context, recorded, plan));
                neighbours.opened(plan.recordingId(), this);
            }
            if (entry instanceof DestinationSet(var path)) {
                neighbours.owns(key, path);
            }
        }
        context.workers().journal(key, entries, started);
        for (JournalEntry entry : entries) {
            if (entry instanceof RecordingBounded(var recordingId, var until)) {
                ActiveRecording recording = active.get(recordingId);
                if (recording != null) {
                    recording.endAt(until);
                }
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
        if (orders.tick(now)) {
            run();
        }
    }

    /** Bytes of records whose events wait. */
    long heldBytes() {
        return heldBytes;
    }

    Optional<Path> destination() {
        return journal.destination();
    }

    List<RecordingStatus> statuses() {
        return active.values().stream().map(ActiveRecording::status).toList();
    }
}
