package dev.kept.recording;

import dev.kept.command.CommandLine;
import dev.kept.command.InChatCommand;
import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.CommandRules.Decision;
import dev.kept.recording.RecorderStep.Deliver;
import dev.kept.recording.RecorderStep.Missed;
import dev.kept.recording.RecorderStep.Move;
import dev.kept.recording.RecorderStep.Obey;
import dev.kept.recording.RecordingReport.Prepared;
import dev.kept.recording.destination.GeneratedName;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalEntry.CommandDecided;
import dev.kept.recording.journal.JournalEntry.DestinationSet;
import dev.kept.recording.journal.JournalEntry.RecordingBounded;
import dev.kept.recording.journal.JournalEntry.RecordingContinued;
import dev.kept.recording.journal.JournalEntry.RecordingEnded;
import dev.kept.recording.journal.JournalEntry.RecordingStarted;
import dev.kept.recording.journal.JournalEntry.SourceLeft;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The commands and recordings of one session.
 *
 * <p>Events and commands are steps, carried out in their order. A command that names a file waits for a worker to say
 * whether it may be written; the steps behind it wait too, so that each command acts at the boundary where it stands.
 * Owned by the pipeline thread.
 */
final class SessionRecorder {
    private static final long PREPARE_SECONDS = 10;

    /** Records whose events wait for a command to be carried out; what comes beyond that is read from the tape. */
    private static final long MAX_HELD_BYTES = 1024 * 1024;

    private record Asked(Obey step, InChatCommand command, long ticket, Instant at) {}

    private final SessionKey key;
    private final RecordingContext context;
    private final SessionJournal journal = new SessionJournal();
    private final Map<String, ActiveRecording> active = new LinkedHashMap<>();
    private final Deque<RecorderStep> steps = new ArrayDeque<>();
    private long heldBytes;
    private final Neighbours neighbours;
    private final SessionSources sources = new SessionSources();
    private @Nullable Asked asked;

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
            sources.beIn(open.plan().sourceId());
        }
        journal.following().ifPresent(open -> sources.beIn(open.plan().sourceId()));
    }

    /** Whether nothing here is bound to a source. */
    private boolean isFree() {
        return active.isEmpty() && steps.isEmpty() && asked == null;
    }

    /** The source of the main line that the steps stand in. */
    private SessionSources.Source source() {
        return sources.current().orElseThrow(() -> new IllegalStateException(key + " has no source yet"));
    }

    /** Where a recording is read from; empty until that is known. */
    Optional<LineSource> source(RecordingPlan plan) {
        return sources.find(plan.sourceId())
                .map(SessionSources.Source::facts)
                .filter(facts -> !mayRepeat(facts) || neighbours.startIsRead() || sources.have(journal.left()))
                .map(facts -> lineOf(facts, mayRepeat(facts) ? toldBefore(facts) : List.of()));
    }

    /** Only where a path does not tell the session, a source may begin with what another one told. */
    private static boolean mayRepeat(RecordingFacts facts) {
        return facts.kind().sessionId().isEmpty();
    }

    private List<LineSource.Told> toldBefore(RecordingFacts facts) {
        return sources.before(facts).stream()
                .flatMap(earlier -> journal
                        .leftAt(earlier.sourceId())
                        .map(until -> new LineSource.Told(lineOf(earlier, List.of()), until))
                        .stream())
                .toList();
    }

    private LineSource lineOf(RecordingFacts facts, List<LineSource.Told> told) {
        return new LineSource(facts.provider(), facts.kind(), facts.tapeFolder(), key.sessionId(), told);
    }

    /** Another source told before what stands in this one up to a place: it is on this tape, too. */
    void repeated(RecordingFacts facts, TapePosition next) {
        SessionSources.Source source = sources.meet(facts);
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

    String speaker() {
        return sources.facts().map(facts -> facts.provider().displayName()).orElse(key.provider());
    }

    /** The first place of a recording's source whose event was not delivered yet. */
    TapePosition position(RecordingPlan plan) {
        return sources.find(plan.sourceId())
                .map(SessionSources.Source::position)
                .orElse(TapePosition.START);
    }

    RecordingHeader header(RecordingPlan plan, RecordingHeader.Place place) {
        List<String> participants =
                List.of(context.styles().settings(key.provider()).userName(), speaker());
        return new RecordingHeader(plan.title(), key, speaker(), participants, plan.created(), origin(plan), place);
    }

    private Optional<RecordingHeader.Origin> origin(RecordingPlan plan) {
        String from = sources.facts().map(RecordingFacts::forkedFrom).orElse("");
        if (from.isEmpty() || from.equals(key.sessionId())) {
            return Optional.empty();
        }
        SessionKey parent = new SessionKey(key.provider(), from);
        Optional<Path> folder = Optional.ofNullable(plan.path().getParent());
        String note = neighbours
                .noteOf(parent)
                .filter(path -> !path.equals(plan.path()))
                .flatMap(path -> folder.map(here -> here.relativize(path).toString()))
                .orElse("");
        return Optional.of(new RecordingHeader.Origin(parent, note));
    }

    boolean wroteBefore(RecordingPlan plan) {
        return journal.wroteBefore(plan);
    }

    boolean isContinuation(RecordingPlan plan) {
        return journal.isContinuation(plan);
    }

    void journalLazily(JournalEntry entry) {
        journal.apply(entry);
        context.workers().journalLazily(key, entry);
    }

    void journalEnd(RecordingPlan plan) {
        journal.apply(new RecordingEnded(plan.recordingId()));
        context.workers().end(plan);
    }

    /**
     * The next event of the main line, with the commands that stand in it.
     *
     * <p>Where it comes from another source than the one before, the conversation goes on there; while all sources are read
     * at the start, that is left open until they are.
     *
     * @param old whether they were given before Kept started
     * @param facts of the source that the event comes from
     */
    void take(
            ConversationEvent event,
            MessageCommands commands,
            String workingDirectory,
            boolean old,
            RecordingFacts facts) {
        TapePosition place = event.header().source().position();
        SessionSources.Source from = sources.meet(facts);
        boolean elsewhere = !sources.endIn(facts.sourceId());
        if (elsewhere && isFree()) {
            sources.beIn(facts.sourceId());
        } else if (elsewhere && journal.hasLeft(facts.sourceId(), place)) {
            passOver(event, from);
            return;
        } else if (elsewhere && !neighbours.startIsRead()) {
            passOver(event, from);
            orders(commands.first(), place, workingDirectory, old).forEach(from.orders()::add);
            orders(commands.last(), place.next(), workingDirectory, old).forEach(from.orders()::add);
            return;
        } else if (elsewhere) {
            goOnIn(facts.sourceId(), place);
        }
        boolean busy = asked != null || !steps.isEmpty();
        if (!busy && commands.isEmpty()) {
            deliver(event);
            return;
        }
        orders(commands.first(), place, workingDirectory, old).forEach(steps::add);
        hold(event);
        orders(commands.last(), place.next(), workingDirectory, old).forEach(steps::add);
        run();
    }

    private void goOnIn(String sourceId, TapePosition place) {
        steps.add(new Move(sourceId, place));
        sources.moveTo(sourceId);
    }

    private static Stream<Obey> orders(
            List<MessageCommands.Keyed> orders, TapePosition boundary, String workingDirectory, boolean old) {
        return orders.stream()
                .map(order -> new Obey(order.key(), order.line(), boundary, workingDirectory, old, Optional.empty()));
    }

    /** An event of a source that the conversation does not go on in, or not yet: it is for what is recorded from there. */
    private void passOver(ConversationEvent event, SessionSources.Source from) {
        from.reach(event.header().source().position().next());
        of(from.facts().sourceId()).forEach(recording -> recording.deliver(event));
        dropEnded();
    }

    /** All sources that were there at the start have been read: the conversation goes on in the youngest. */
    void startRead() {
        if (!isFree() || sources.haveOrders()) {
            List<MainLines.MainLine> all = context.mainLines().of(key);
            if (active.isEmpty() && asked == null && all.size() > 1) {
                beginIn(all);
            } else {
                goOnIn(all);
            }
        }
        run();
        List.copyOf(active.values()).forEach(ActiveRecording::goOn);
        dropEnded();
    }

    /** Nothing was recorded before: the commands that waited are carried out in the order of their sources. */
    private void beginIn(List<MainLines.MainLine> all) {
        SessionSources.Source read = source();
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
            SessionSources.Source source = sources.meet(line.facts());
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
            SessionSources.Source source = sources.meet(line.facts());
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

    private void goOnIn(SessionSources.Source source, TapePosition end) {
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
        steps.add(typed(order, 0));
        run();
        return true;
    }

    private static Obey typed(TypedOrder order, int number) {
        return new Obey(
                order.key() + "#" + number,
                new CommandLine.Order(number, order.commands().get(number)),
                order.boundary(),
                order.workingDirectory(),
                false,
                Optional.of(order));
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
        while (asked == null && !steps.isEmpty() && !waits(steps.getFirst())) {
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
                case Obey obey when neighbours.takeOn(obey.key()) -> obey(obey);
                case Obey _ -> {
                    // A copy of its message was met, and obeyed, elsewhere.
                }
            }
        }
        dropEnded();
    }

    private boolean waits(RecorderStep step) {
        return step instanceof Obey obey && obey.old() && !neighbours.startIsRead();
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
            entries.add(new RecordingBounded(plan.recordingId(), position(plan)));
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
        // What stands before was not shown to a session that nobody had recorded: it is read from the tape.
        source().reach(step.boundary());
        switch (step.line()) {
            case CommandLine.NearMiss miss -> {
                String message = "“" + miss.text() + "”: " + miss.message();
                decide(step, "?", Decision.failed(message, "Type it again."));
                context.listener().problem(key, "command.unclear", message, "Type it again.");
            }
            case CommandLine.Order order -> {
                InChatCommand command = order.command();
                Optional<Decision> decision = rules(step).withoutFile(command);
                if (decision.isPresent()) {
                    settle(step, command, decision.get());
                } else {
                    ask(step, command);
                }
            }
        }
    }

    private CommandRules rules(Obey step) {
        return new CommandRules(key, journal, sources.currentId(), step.boundary());
    }

    private void ask(Obey step, InChatCommand command) {
        long ticket = neighbours.ticket(this);
        Instant now = context.clock().instant();
        asked = new Asked(step, command, ticket, now);
        RecordingFacts known = source().facts();
        GeneratedName generated = GeneratedName.of(
                context.styles().settings(key.provider()),
                known.firstEventAt().orElse(now),
                context.styles().nameable(known.title()),
                key,
                pathOf(step.workingDirectory()));
        context.workers().prepare(ticket, rules(step).argument(command), pathOf(step.workingDirectory()), generated);
    }

    private static Optional<Path> pathOf(String directory) {
        try {
            return directory.isEmpty() ? Optional.empty() : Optional.of(Path.of(directory));
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    /** A worker says where the path of the command leads that was asked about. */
    void prepared(Prepared prepared) {
        Asked waiting = asked;
        if (waiting == null || waiting.ticket() != prepared.ticket()) {
            return;
        }
        asked = null;
        switch (prepared.verdict()) {
            case Prepared.Ready ready -> carryOut(waiting.step(), waiting.command(), ready.path());
            case Prepared.Refused(var refusal) -> refused(waiting.step(), waiting.command(), refusal);
        }
        run();
    }

    private void refused(Obey step, InChatCommand command, Refusal refusal) {
        context.listener().denied(key, refusal);
        if (refusal.code().liftedByAllow() && step.typed().isEmpty()) {
            // Not decided: after `kept allow` it is met again, and runs once.
            context.listener()
                    .problem(
                            key,
                            "command.pending",
                            "::" + command.verb() + " waits: " + refusal.message(),
                            refusal.remedy());
        } else {
            settle(step, command, Decision.failed(refusal.message(), refusal.remedy()));
        }
    }

    private void carryOut(Obey step, InChatCommand command, Path path) {
        Optional<SessionKey> other = neighbours.ownerOtherThan(key, path);
        RecordingFacts known = source().facts();
        CommandRules.Subject subject = new CommandRules.Subject(
                known.title(), known.firstEventAt(), context.clock().instant(), earlierSources());
        settle(
                step,
                command,
                other.map(owner -> Decision.failed(
                                path + " belongs to session " + owner.sessionId(), "Choose another file."))
                        .orElseGet(() -> rules(step).withFile(command, path, subject)));
    }

    /** The sources that the conversation went on from, each up to where that was. */
    private List<SourceLeft> earlierSources() {
        Instant here = source().facts().createdAt();
        return context.mainLines().of(key).stream()
                .filter(line -> line.facts().createdAt().isBefore(here))
                .map(line -> new SourceLeft(
                        line.facts().sourceId(),
                        journal.leftAt(line.facts().sourceId()).orElse(line.end())))
                .toList();
    }

    private void settle(Obey step, InChatCommand command, Decision decision) {
        decide(step, command.verb(), decision);
        step.typed().ifPresent(order -> answer(order, step.line().line(), decision));
        switch (decision.outcome()) {
            case DONE -> context.listener().obeyed(key, command.verb(), decision.message());
            case FAILED -> {
                // Who ordered at the command line is told there.
                if (step.typed().isEmpty()) {
                    String message = "::" + command.verb() + ": " + decision.message();
                    context.listener().problem(key, "command.failed", message, decision.remedy());
                }
            }
        }
    }

    /** Goes on with the rest of an order, or says what came of it. */
    private void answer(TypedOrder order, int number, Decision decision) {
        boolean done = decision.outcome() == CommandDecided.Outcome.DONE;
        if (done && number + 1 < order.commands().size()) {
            steps.addFirst(typed(order, number + 1));
        } else {
            order.reply().accept(new TypedOrder.Reply(done, decision.message(), decision.remedy()));
        }
    }

    /** Makes a decision durable with all that follows from it, and lets it take effect. */
    private void decide(Obey step, String verb, Decision decision) {
        List<JournalEntry> entries = new ArrayList<>();
        entries.add(new CommandDecided(
                step.key(),
                verb,
                decision.outcome(),
                decision.message(),
                sources.currentId(),
                step.boundary(),
                context.clock().instant()));
        entries.addAll(decision.consequences());
        makeSo(entries);
    }

    private void makeSo(List<JournalEntry> entries) {
        List<String> started = new ArrayList<>();
        for (JournalEntry entry : entries) {
            journal.apply(entry);
            if (entry instanceof RecordingStarted(var plan)) {
                started.add(plan.recordingId());
                active.put(plan.recordingId(), ActiveRecording.starting(context, this, plan));
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
            settle(
                    waiting.step(),
                    waiting.command(),
                    Decision.failed(
                            "its destination did not answer within " + PREPARE_SECONDS + " s",
                            "Type it again when the file system answers."));
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
