package dev.kept.daemon.pipeline;

import dev.kept.command.InChatCommand;
import dev.kept.daemon.checkpoint.Checkpoints;
import dev.kept.daemon.source.DecoderSwap;
import dev.kept.daemon.source.FollowedSource;
import dev.kept.model.SessionKey;
import dev.kept.observe.FlightEvents;
import dev.kept.provider.Provider;
import dev.kept.recording.RecordingEngine;
import dev.kept.recording.RecordingStatus;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.recording.contract.MainBranches;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.session.SessionSnapshotStore;
import dev.kept.session.SnapshotMemoryStats;
import dev.kept.status.SessionProjection;
import dev.kept.status.StatusReport.Problem;
import dev.kept.tape.ReadingGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns all mutable state: decoders, snapshot store, commands, recordings. It handles messages in order
 * and does no file I/O except that of the {@link DecoderSwap}; what it publishes is immutable.
 *
 * <p>There are three kinds of messages: bytes and news of a source, for the {@link FollowedSources}; reports of the
 * recordings' workers; and requests of other threads, answered by a future: a view, an order's reply, the state of some
 * sessions.
 *
 * <p>Work for a message is proportional to what the message brings. Every {@value #HEARTBEAT_SECONDS} s the heartbeat
 * publishes a {@link DaemonView}, made of metadata alone, if anything changed. A fault in one message is reported and
 * ends nothing: the bytes are on tape.
 */
public final class Pipeline {
    static final int HEARTBEAT_SECONDS = 5;
    private static final long ORDER_SECONDS = 15;

    private final BlockingQueue<PipelineMessage> inbox = new LinkedBlockingQueue<>();
    private final FollowedSources sources;
    private final RecordCounters counters;
    private final SessionSnapshotStore store;
    private final DaemonLog log;
    private final Clock clock;
    private final ProblemReporter reporter;
    private final CompletableFuture<DaemonView> firstView = new CompletableFuture<>();
    private final Thread thread;
    private @Nullable RecordingEngine recordings;
    private @Nullable CheckpointThread checkpoints;
    private volatile @Nullable DaemonView published;
    private volatile Instant heartbeatAt;
    private boolean changed = true;
    private long evictionsLogged;

    public Pipeline(
            Map<Provider, List<Path>> roots,
            SessionSnapshotStore store,
            DecoderSwap swap,
            DaemonLog log,
            Clock clock,
            ReadingGuard guard) {
        this.store = store;
        this.log = log;
        this.clock = clock;
        Instant startedAt = clock.instant();
        this.heartbeatAt = startedAt;
        this.reporter = new ProblemReporter(new ProblemBook(clock), log);
        this.counters = new RecordCounters(roots, reporter);
        this.sources = new FollowedSources(store, swap, counters, startedAt, guard);
        this.thread = Thread.ofPlatform().name("kept-pipeline").unstarted(this::run);
    }

    /**
     * Starts the thread and returns it. The engine's journals are loaded; from now on the engine belongs to the
     * pipeline.
     *
     * @param earlier sources that an earlier run read; their sessions are in the store
     */
    public Thread start(RecordingEngine engine, Checkpoints.Restored earlier, CheckpointThread saves) {
        recordings = engine;
        checkpoints = saves;
        sources.start(engine, earlier);
        thread.start();
        return thread;
    }

    /** Returns the reporter that commands and recordings report to; for the pipeline thread only. */
    public ProblemReporter reporter() {
        return reporter;
    }

    public void send(PipelineMessage message) {
        inbox.add(message);
    }

    /** Handles what is in the inbox, publishes a last time, and ends. */
    public void end() throws InterruptedException {
        send(new PipelineMessage.End());
        thread.join(Duration.ofSeconds(10));
    }

    /**
     * Returns a view of the current state, or the last published one if the pipeline does not answer within a second.
     */
    public DaemonView view() {
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

    /** Returns the last published view. */
    public Optional<DaemonView> published() {
        return Optional.ofNullable(published);
    }

    public Instant heartbeatAt() {
        return heartbeatAt;
    }

    /** Carries out an order and returns its result, or a failure if there is none in time. */
    public CommandLineOrder.Reply order(SessionKey session, List<InChatCommand> commands) {
        CompletableFuture<CommandLineOrder.Reply> answer = new CompletableFuture<>();
        send(new PipelineMessage.Ordered(session, commands, answer));
        return answer.completeOnTimeout(
                        new CommandLineOrder.Reply(
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
                    ended = handleOrReport(message);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        changed = true;
        heartbeat();
    }

    /**
     * Handles a message, or reports the fault: a fault of Kept in one message must not end the work on all others; the
     * bytes are on tape.
     */
    private boolean handleOrReport(PipelineMessage message) {
        try {
            return handle(message);
        } catch (RuntimeException fault) {
            reporter.reportFault(message.getClass().getSimpleName(), fault);
            return false;
        } catch (StackOverflowError tooDeep) {
            reporter.reportFault(message.getClass().getSimpleName(), new IllegalStateException(tooDeep));
            return false;
        }
    }

    private void tickOrReport() {
        try {
            engine().tick();
        } catch (RuntimeException fault) {
            reporter.reportFault("Tick", fault);
            changed = true;
        }
    }

    private boolean handle(PipelineMessage message) {
        changed |= !isQuestion(message);
        switch (message) {
            case PipelineMessage.Found(var source, var noted) -> sources.add(source, noted);
            case PipelineMessage.Named(var source, var name) -> sources.rename(source, name);
            case PipelineMessage.Continues(var source) -> sources.continueSession(source);
            case PipelineMessage.Opaque(var source) -> sources.addBeside(source);
            case PipelineMessage.Bytes bytes -> {
                try {
                    sources.read(bytes.source(), bytes.chunk());
                } finally {
                    bytes.chunk().release();
                }
            }
            case PipelineMessage.Rewritten(var source, var generation, var why) -> {
                sources.beginGeneration(source, generation);
                log.info("source.rewritten", Map.of("path", source.path().toString(), "why", why));
            }
            case PipelineMessage.Presence(var source, var present, var modifiedAtMs) ->
                sources.notePresence(source, present, modifiedAtMs);
            case PipelineMessage.Counted(var counts) -> counters.updateFiles(counts);
            case PipelineMessage.FileProblem problem -> reporter.reportFile(problem);
            case PipelineMessage.IngestIdle _ -> sources.endImport();
            case PipelineMessage.FromRecordings(var report) -> engine().report(report);
            case PipelineMessage.ViewWanted(var answer) -> answer.complete(currentView());
            case PipelineMessage.Ordered ordered -> order(ordered);
            case PipelineMessage.KeysWanted(var answer) ->
                answer.complete(store.listMetadataOnly().stream()
                        .map(SessionSnapshotStatusMetadata::key)
                        .toList());
            case PipelineMessage.StatesWanted(var keys, var answer) -> {
                try {
                    answer.complete(sources.states(keys));
                } catch (IOException | RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            }
            case PipelineMessage.End _ -> {
                return true;
            }
        }
        return false;
    }

    private static boolean isQuestion(PipelineMessage message) {
        return message instanceof PipelineMessage.ViewWanted
                || message instanceof PipelineMessage.KeysWanted
                || message instanceof PipelineMessage.StatesWanted;
    }

    private void order(PipelineMessage.Ordered ordered) {
        SessionKey session = ordered.session();
        Optional<FollowedSource> followed = sources.newestMain(session);
        boolean importing = sources.importing();
        if (importing || followed.isEmpty()) {
            ordered.answer()
                    .complete(new CommandLineOrder.Reply(
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
                        source.facts().get(),
                        new CommandLineOrder(
                                CommandLineOrder.ORIGIN + UUID.randomUUID(),
                                ordered.commands(),
                                source.end(),
                                source.workingDirectory(),
                                ordered.answer()::complete));
    }

    /** Returns the sources of a session's main branch, the oldest first. On the pipeline thread only. */
    public List<MainBranches.MainBranch> mainLines(SessionKey session) {
        return sources.mainLines(session);
    }

    /** Saves everything that was read. Called after {@link #end}. */
    public void save(Checkpoints into) throws IOException {
        sources.save(into);
    }

    private void heartbeat() {
        tickOrReport();
        heartbeatAt = clock.instant();
        if (!sources.importing() && checkpoints != null) {
            checkpoints.saveIfDue(sources.readBytes(), heartbeatAt.toEpochMilli());
        }
        if (changed) {
            changed = false;
            DaemonView view = currentView();
            logEvictions(view.memory());
            FlightEvents.heartbeat(
                    view.sessions().size(),
                    view.memory().eventCount(),
                    view.memory().estimatedBytes());
            published = view;
            firstView.complete(view);
            log.heartbeat();
        }
    }

    /** Logs one line for all evictions since the last: under pressure there are hundreds a second. */
    private void logEvictions(SnapshotMemoryStats stats) {
        long since = stats.evictions() - evictionsLogged;
        if (since > 0) {
            evictionsLogged = stats.evictions();
            log.info(
                    "sessions.evicted",
                    Map.of(
                            "since", Long.toString(since),
                            "total", Long.toString(stats.evictions()),
                            "bytesReclaimed", Long.toString(stats.bytesReclaimed())));
        }
    }

    private DaemonView currentView() {
        List<Problem> all = new ArrayList<>(reporter.problems().list());
        List<String> late = engine().tooLate();
        if (!late.isEmpty()) {
            all.add(new Problem(
                    "command.late",
                    String.join("; ", late),
                    "Type it again if it is still wanted.",
                    Optional.empty(),
                    engine().tooLateCount()));
        }
        sources.nameless().ifPresent(all::add);
        Instant now = clock.instant();
        List<RecordingStatus> recorded = engine().statuses();
        return new DaemonView(
                now,
                store.listMetadataOnly(),
                live(recorded, now),
                store.memoryStats(),
                recorded,
                counters.statuses(),
                counters.imports(sources.importing(), sources.size()),
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
