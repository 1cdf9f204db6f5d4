package dev.kept.daemon;

import dev.kept.command.InChatCommand;
import dev.kept.ingest.Chunk;
import dev.kept.ingest.SourceInfo;
import dev.kept.model.ConversationEvent;
import dev.kept.model.EventHeader;
import dev.kept.model.SessionKey;
import dev.kept.observe.FlightEvents;
import dev.kept.provider.Provider;
import dev.kept.provider.RecordReading;
import dev.kept.provider.SessionFact;
import dev.kept.recording.LineSource;
import dev.kept.recording.MainLines;
import dev.kept.recording.RecordingEngine;
import dev.kept.recording.RecordingFacts;
import dev.kept.recording.RecordingStatus;
import dev.kept.recording.TypedOrder;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.session.SessionSnapshotStore;
import dev.kept.session.SessionUpdate;
import dev.kept.session.SnapshotMemoryStats;
import dev.kept.status.SessionProjection;
import dev.kept.status.StatusReport.Problem;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns what changes: readings, snapshot store, commands, recordings. It takes messages in their order
 * and does no file I/O but that of the {@link ReadingPark}; what it publishes is immutable.
 *
 * <p>A message is one of four kinds. Bytes of a source: its reading makes records of them, {@link FollowedSource} says which
 * session they belong to, {@link SessionSources} leaves out what another source of that session told, and what is left goes
 * to the store and, from a main line, to the {@link RecordingEngine}. News of a source: found, rewritten, seen or gone,
 * counted. A report of the recordings' workers. A question of another thread, which is answered with a future: a view, an
 * order's reply, the state of some sessions.
 *
 * <p>Work for a message is proportional to what the message brings. What is read while the first import runs is history:
 * the store holds of it what there is room for, and orders in it wait until all of it is read. Every
 * {@value #HEARTBEAT_SECONDS} s the heartbeat publishes a {@link DaemonView}, made of metadata alone, if anything changed.
 * A fault in one message is reported and ends nothing: the bytes are on tape.
 */
final class Pipeline {
    static final int HEARTBEAT_SECONDS = 5;
    private static final long ORDER_SECONDS = 15;

    /** Of files that were made at once the names decide, as where a conversation is read from its tapes. */
    private static final Comparator<FollowedSource> OLDEST_FIRST = Comparator.comparing(
                    (FollowedSource source) -> source.info().createdAt())
            .thenComparing(source -> source.info().path());

    private final BlockingQueue<PipelineMessage> inbox = new LinkedBlockingQueue<>();
    private final Map<Integer, FollowedSource> sources = new HashMap<>();
    private final SessionSources bySession = new SessionSources();
    private final Map<String, SavedSource> restored = new HashMap<>();
    private final Tallies tallies;
    private final SessionSnapshotStore store;
    private final DaemonLog log;
    private final Clock clock;
    private final Instant startedAt;
    private final Concerns concerns;
    private final ReadingPark park;
    private final CompletableFuture<DaemonView> firstView = new CompletableFuture<>();
    private final Thread thread;
    private @Nullable RecordingEngine recordings;
    private @Nullable CheckpointThread checkpoints;
    private volatile @Nullable DaemonView published;
    private volatile Instant heartbeatAt;
    private boolean changed = true;
    private boolean importing = true;
    private long readBytes;
    private long evictionsTold;

    Pipeline(
            Map<Provider, List<Path>> roots, SessionSnapshotStore store, ReadingPark park, DaemonLog log, Clock clock) {
        this.park = park;
        this.store = store;
        this.log = log;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.heartbeatAt = startedAt;
        this.concerns = new Concerns(new ProblemBook(clock), log);
        this.tallies = new Tallies(roots, concerns);
        this.thread = Thread.ofPlatform().name("kept-pipeline").unstarted(this::run);
    }

    /**
     * Begins to take messages. The engine's journals are loaded; it is the pipeline's from now on.
     *
     * @param earlier what an earlier run read; its sessions are in the store
     */
    void start(RecordingEngine engine, Checkpoints.Restored earlier, CheckpointThread saves) {
        recordings = engine;
        checkpoints = saves;
        restored.putAll(earlier.sources());
        restored.values().forEach(tallies::add);
        thread.start();
    }

    /** Whom commands and recordings tell; on the pipeline thread only. */
    Concerns concerns() {
        return concerns;
    }

    void send(PipelineMessage message) {
        inbox.add(message);
    }

    /** Takes what is there, publishes a last time, and ends. */
    void end() throws InterruptedException {
        send(new PipelineMessage.End());
        thread.join(Duration.ofSeconds(10));
    }

    /** What is so now; what was published last if the pipeline does not answer soon. */
    DaemonView view() {
        CompletableFuture<DaemonView> answer = new CompletableFuture<>();
        send(new PipelineMessage.ViewWanted(answer));
        try {
            return answer.get(1, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException busy) {
            return published().orElseGet(firstView::join);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return published().orElseGet(firstView::join);
        }
    }

    /** The last published view and the time of the last heartbeat. */
    Optional<DaemonView> published() {
        return Optional.ofNullable(published);
    }

    Instant heartbeatAt() {
        return heartbeatAt;
    }

    /** Has an order carried out; what came of it, or that nobody said so in time. */
    TypedOrder.Reply order(SessionKey session, List<InChatCommand> commands) {
        CompletableFuture<TypedOrder.Reply> answer = new CompletableFuture<>();
        send(new PipelineMessage.Ordered(session, commands, answer));
        return answer.completeOnTimeout(
                        new TypedOrder.Reply(
                                false, "the daemon was too busy to say whether it was done", "Look at: kept status"),
                        ORDER_SECONDS,
                        TimeUnit.SECONDS)
                .join();
    }

    private RecordingEngine engine() {
        RecordingEngine engine = recordings;
        if (engine == null) {
            throw new IllegalStateException("not started");
        }
        return engine;
    }

    private void run() {
        long nextHeartbeat = System.nanoTime();
        boolean ended = false;
        try {
            while (!ended) {
                long wait = nextHeartbeat - System.nanoTime();
                PipelineMessage message = wait > 0 ? inbox.poll(wait, TimeUnit.NANOSECONDS) : null;
                if (message == null) {
                    heartbeat();
                    nextHeartbeat = System.nanoTime() + TimeUnit.SECONDS.toNanos(HEARTBEAT_SECONDS);
                } else {
                    ended = handledOrReported(message);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        changed = true;
        heartbeat();
    }

    /** A fault of ours in one message must not end the daemon's work on all others; the bytes are on tape. */
    private boolean handledOrReported(PipelineMessage message) {
        try {
            return handle(message);
        } catch (RuntimeException fault) {
            concerns.fault(message.getClass().getSimpleName(), fault);
            return false;
        }
    }

    private void tickedOrReported() {
        try {
            engine().tick();
        } catch (RuntimeException fault) {
            concerns.fault("Tick", fault);
            changed = true;
        }
    }

    private boolean handle(PipelineMessage message) {
        changed |= !asksOnly(message);
        switch (message) {
            case PipelineMessage.Found(var source, var workingDirectory) -> {
                SavedSource saved =
                        restored.remove(TapeLibrary.name(source.provider().name(), source.sourceId()));
                FollowedSource followed = saved == null
                        ? new FollowedSource(source, workingDirectory, park)
                        : new FollowedSource(source, workingDirectory, saved);
                followed.session().ifPresent(session -> bySession.meet(session, followed));
                sources.put(source.number(), followed);
                store.chargeElsewhere(followed.heldBytes());
                followed.session().ifPresent(session -> tellLine(followed, session));
            }
            case PipelineMessage.Opaque(var source) ->
                source.kind()
                        .sessionId()
                        .map(id -> new SessionKey(source.provider().name(), id))
                        .ifPresent(session -> engine().output(session, source.path(), source.tapeFolder()));
            case PipelineMessage.Bytes bytes -> {
                try {
                    read(bytes);
                } finally {
                    bytes.chunk().release();
                }
            }
            case PipelineMessage.Rewritten(var source, var generation, var why) -> {
                FollowedSource followed = sources.get(source.number());
                if (followed != null) {
                    followed.reading().use(reading -> reading.beginGeneration(generation));
                }
                log.info("source.rewritten", Map.of("path", source.path().toString(), "why", why));
            }
            case PipelineMessage.Presence(var source, var present, var modifiedAtMs) ->
                presence(source, present, modifiedAtMs);
            case PipelineMessage.Counted(var counts) -> tallies.counted(counts);
            case PipelineMessage.FileProblem problem ->
                concerns.file(problem.code(), problem.path(), problem.message());
            case PipelineMessage.IngestIdle _ -> {
                if (importing) {
                    FlightEvents.imported(sources.size(), tallies.importBytes());
                }
                importing = false;
                engine().startRead();
            }
            case PipelineMessage.FromRecordings(var report) -> engine().report(report);
            case PipelineMessage.ViewWanted(var answer) -> answer.complete(look());
            case PipelineMessage.Ordered ordered -> order(ordered);
            case PipelineMessage.KeysWanted(var answer) ->
                answer.complete(store.listMetadataOnly().stream()
                        .map(SessionSnapshotStatusMetadata::key)
                        .toList());
            case PipelineMessage.StatesWanted(var keys, var answer) -> states(keys, answer);
            case PipelineMessage.End _ -> {
                return true;
            }
        }
        return false;
    }

    private static boolean asksOnly(PipelineMessage message) {
        return message instanceof PipelineMessage.ViewWanted
                || message instanceof PipelineMessage.KeysWanted
                || message instanceof PipelineMessage.StatesWanted;
    }

    /** What the engine has to do with is read from the tape: its journal decides how far it came. */
    private boolean mayBeSaved(SessionKey session) {
        return !engine().remembers(session);
    }

    private void states(List<SessionKey> keys, CompletableFuture<List<byte[]>> answer) {
        try {
            answer.complete(Checkpoints.slice(store, bySession, keys, this::mayBeSaved));
        } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    /** Saves everything that was read; after {@link #end}. */
    void save(Checkpoints into) throws IOException {
        into.save(store, bySession, this::mayBeSaved);
    }

    private void read(PipelineMessage.Bytes bytes) {
        FollowedSource source = sources.get(bytes.source().number());
        readBytes += bytes.chunk().length();
        if (source != null) {
            Chunk chunk = bytes.chunk();
            source.reading()
                    .use(reading -> reading.accept(
                            chunk.bytes(), 0, chunk.length(), chunk.prepared(), record -> take(source, record)));
            park.settle();
            store.chargeElsewhere(park.recharge());
        }
    }

    private void take(FollowedSource source, RecordReading reading) {
        tallies.count(source, reading);
        for (RecordReading next : source.take(reading)) {
            Optional<SessionKey> session = source.session();
            if (session.isPresent()) {
                RecordReading untold = bySession.untold(source, session.get(), next);
                if (untold.events().size() < next.events().size()) {
                    tellRepeated(source, session.get(), next, untold);
                }
                pass(source, session.get(), untold);
            }
        }
    }

    /** What another source told of the main line is no news, but a recording may still have to read it from this tape. */
    private void tellRepeated(FollowedSource source, SessionKey session, RecordReading all, RecordReading untold) {
        for (ConversationEvent event : all.events().reversed()) {
            if (event.header().onMainLine() && !untold.events().contains(event)) {
                engine().repeated(session, event.header().source().position().next(), () -> facts(source, session));
                return;
            }
        }
    }

    private void pass(FollowedSource source, SessionKey session, RecordReading reading) {
        source.note(reading.facts());
        tellLine(source, session);
        if (!reading.events().isEmpty() || !reading.facts().isEmpty()) {
            SessionUpdate update = new SessionUpdate(session, reading.events(), reading.facts());
            if (importing && wasThere(reading)) {
                store.upsertHistory(update);
            } else {
                store.upsert(update);
            }
            FlightEvents.appended(session, reading.events().size());
            tellPresence(source, session);
        }
        boolean copied = isCopied(reading);
        Supplier<RecordingFacts> facts = () -> facts(source, session);
        for (ConversationEvent event : reading.events()) {
            if (event.header().onMainLine()) {
                engine().take(source.info(), session, event, copied, source.workingDirectory(), facts);
            }
        }
    }

    private static boolean isCopied(RecordReading reading) {
        for (SessionFact fact : reading.facts()) {
            if (fact instanceof SessionFact.ForkedFrom) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing of it was said since the daemon started. */
    private boolean wasThere(RecordReading reading) {
        for (ConversationEvent event : reading.events()) {
            Optional<Instant> at = event.header().timestamp();
            if (at.isPresent() && at.get().isAfter(startedAt)) {
                return false;
            }
        }
        return true;
    }

    private void tellLine(FollowedSource source, SessionKey session) {
        if (source.tellLine()) {
            SourceInfo info = source.info();
            engine().subagent(
                            session,
                            new LineSource(info.provider(), info.kind(), info.tapeFolder(), session.sessionId()));
        }
    }

    private void order(PipelineMessage.Ordered ordered) {
        SessionKey session = ordered.session();
        Optional<FollowedSource> followed = bySession.newestMain(session);
        if (importing || followed.isEmpty()) {
            ordered.answer()
                    .complete(new TypedOrder.Reply(
                            false,
                            importing
                                    ? "the daemon still reads what was there before it"
                                    : session + " is not followed by the daemon",
                            importing
                                    ? "Try again in a moment; kept status shows how far it is."
                                    : "See: kept sessions"));
            return;
        }
        FollowedSource source = followed.get();
        engine().order(
                        session,
                        facts(source, session),
                        new TypedOrder(
                                TypedOrder.ORIGIN + UUID.randomUUID(),
                                ordered.commands(),
                                source.end(),
                                source.workingDirectory(),
                                ordered.answer()::complete));
    }

    /** The sources of a session's main line, the oldest first. On the pipeline thread only. */
    List<MainLines.MainLine> mainLines(SessionKey session) {
        return bySession.of(session).stream()
                .filter(source -> source.info().kind().line().equals(EventHeader.MAIN_LINE))
                .filter(source -> source.session().equals(Optional.of(session)))
                .sorted(OLDEST_FIRST)
                .map(source -> new MainLines.MainLine(facts(source, session), source.end()))
                .toList();
    }

    private RecordingFacts facts(FollowedSource source, SessionKey session) {
        SourceInfo info = source.info();
        Optional<SessionSnapshotStatusMetadata> metadata = store.metadata(session);
        String title =
                metadata.map(m -> m.title().isEmpty() ? m.snippet() : m.title()).orElse("");
        return new RecordingFacts(
                info.provider(),
                info.kind(),
                info.sourceId(),
                info.tapeFolder(),
                info.createdAt(),
                metadata.map(SessionSnapshotStatusMetadata::forkedFrom).orElse(""),
                title,
                metadata.flatMap(SessionSnapshotStatusMetadata::firstEventAt));
    }

    private void presence(SourceInfo info, boolean present, long modifiedAtMs) {
        FollowedSource source = sources.get(info.number());
        if (source != null && info.kind().line().equals(EventHeader.MAIN_LINE)) {
            source.seen(new FollowedSource.Presence(present, modifiedAtMs));
            source.session()
                    .filter(session -> store.metadata(session).isPresent())
                    .ifPresent(session -> tellPresence(source, session));
        }
    }

    /** A file is seen before its first record is read, and a session is held only from its first record on. */
    private void tellPresence(FollowedSource source, SessionKey session) {
        Optional<FollowedSource.Presence> seen = source.tell();
        if (seen.isPresent() && (seen.get().present() || !bySession.anyPresent(session))) {
            store.sourceSeen(session, seen.get().present(), seen.get().modifiedAtMs());
        }
    }

    private void heartbeat() {
        tickedOrReported();
        heartbeatAt = clock.instant();
        if (!importing && checkpoints != null) {
            checkpoints.offer(readBytes, heartbeatAt.toEpochMilli());
        }
        if (changed) {
            changed = false;
            DaemonView view = look();
            tellEvictions(view.memory());
            FlightEvents.heartbeat(
                    view.sessions().size(),
                    view.memory().eventCount(),
                    view.memory().estimatedBytes());
            published = view;
            firstView.complete(view);
            log.heartbeat();
        }
    }

    /** One line for all evictions since the last: under pressure there are hundreds a second. */
    private void tellEvictions(SnapshotMemoryStats stats) {
        long since = stats.evictions() - evictionsTold;
        if (since > 0) {
            evictionsTold = stats.evictions();
            log.info(
                    "sessions.evicted",
                    Map.of(
                            "since", Long.toString(since),
                            "total", Long.toString(stats.evictions()),
                            "bytesReclaimed", Long.toString(stats.bytesReclaimed())));
        }
    }

    private DaemonView look() {
        List<Problem> all = new ArrayList<>(concerns.problems().list());
        List<String> late = engine().tooLate();
        if (!late.isEmpty()) {
            all.add(new Problem(
                    "command.late",
                    String.join("; ", late.subList(0, Math.min(3, late.size()))),
                    "Type it again if it is still wanted.",
                    Optional.empty(),
                    late.size()));
        }
        Instant now = clock.instant();
        List<RecordingStatus> recorded = engine().statuses();
        return new DaemonView(
                now,
                store.listMetadataOnly(),
                live(recorded, now),
                store.memoryStats(),
                recorded,
                tallies.statuses(),
                tallies.imports(importing, sources.size()),
                all);
    }

    private List<SessionSnapshotStatusMetadata> live(List<RecordingStatus> recorded, Instant now) {
        Map<SessionKey, SessionSnapshotStatusMetadata> live = new LinkedHashMap<>();
        store.listActiveSince(now.minus(SessionProjection.STALE_AFTER))
                .forEach(session -> live.put(session.key(), session));
        for (RecordingStatus recording : recorded) {
            store.metadata(recording.session()).ifPresent(session -> live.put(session.key(), session));
        }
        return List.copyOf(live.values());
    }
}
