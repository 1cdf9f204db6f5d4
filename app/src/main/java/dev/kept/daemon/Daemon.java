package dev.kept.daemon;

import dev.kept.agents.Providers;
import dev.kept.config.FsyncPolicy;
import dev.kept.config.JavaVariables;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.config.KeptVersion;
import dev.kept.config.PrivateFiles;
import dev.kept.control.ControlListener;
import dev.kept.control.ControlRequest;
import dev.kept.control.JvmLimits;
import dev.kept.daemon.checkpoint.Checkpoints;
import dev.kept.daemon.launch.OutputFile;
import dev.kept.daemon.launch.ProgramCopy;
import dev.kept.daemon.pipeline.CheckpointThread;
import dev.kept.daemon.pipeline.DaemonLog;
import dev.kept.daemon.pipeline.DaemonView;
import dev.kept.daemon.pipeline.Pipeline;
import dev.kept.daemon.pipeline.PipelineMessage;
import dev.kept.daemon.source.DecoderSwap;
import dev.kept.daemon.source.FollowedSource;
import dev.kept.daemon.source.SwapFile;
import dev.kept.ingest.IngestWorker;
import dev.kept.ingest.UnkeptSources;
import dev.kept.ingest.admission.AdmissionRules;
import dev.kept.ingest.seal.SealProgress;
import dev.kept.ingest.source.ChunkPool;
import dev.kept.ingest.source.PathGlob;
import dev.kept.observe.AuditLog;
import dev.kept.observe.FlightEvents;
import dev.kept.observe.OperationalLog;
import dev.kept.provider.LinkRules;
import dev.kept.provider.Provider;
import dev.kept.recording.RecordingEngine;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.recording.destination.PathPolicy;
import dev.kept.recording.io.RecordingIo;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.secret.MarkerKey;
import dev.kept.recording.secret.SecretCounts;
import dev.kept.recording.secret.SecretRedactor;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.replay.SubagentBranches;
import dev.kept.sandbox.SandboxStatus;
import dev.kept.session.InMemorySessionSnapshotStore;
import dev.kept.session.SnapshotLimits;
import dev.kept.status.SessionProjection;
import dev.kept.status.ShortIds;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.tape.ReadingGuard;
import dev.kept.tape.ReadingMarks.Reader;
import dev.kept.tape.packed.UnpackLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The assembled daemon: its parts and the order in which they start and end.
 *
 * <p>Start: the journals are read, then the pipeline starts, then ingest. End: ingest first, so that nothing new
 * arrives; then the pipeline, which handles what has arrived; then the workers, which finish what is under way; then
 * the logs.
 */
final class Daemon implements AutoCloseable, ControlListener {
    /**
     * Bytes of the store's share reserved for a source when the maximum number is followed: {@link FollowedSource}
     * counts 2.5 KB, its session's metadata takes about 0.6 KB, and the rest is room for events and decoders.
     */
    private static final long BYTES_A_SOURCE = 3_300;

    private final KeptHome home;
    private final KeptConfig config;
    private final SandboxStatus inForce;
    private final OutputFile output;
    private final Clock clock;
    private final Instant startedAt;
    private final DaemonLog log;
    private final ReadingGuard guard;
    private final DecoderSwap swap;
    private final Pipeline pipeline;
    private final Thread pipelineThread;
    private final IngestWorker ingest;
    private final SelfCheck self;
    private final RecordingIo recordingIo;
    private final SecretCounts secrets;
    private final Checkpoints checkpoints;
    private final CheckpointThread checkpointThread;
    private Optional<StatusReport> written = Optional.empty();
    private ShortIds shortIds = ShortIds.of(List.of());

    Daemon(KeptHome home, KeptConfig config, Map<String, String> environment, SandboxStatus inForce, Clock clock)
            throws IOException {
        this.home = home;
        this.config = config;
        this.inForce = inForce;
        this.output = new OutputFile(home);
        this.clock = clock;
        this.startedAt = clock.instant();
        this.guard = ReadingLedger.open(home, ProgramCopy.identity(), startedAt);
        Map<Provider, List<Path>> roots = Providers.roots(config, home, environment);
        this.log = new DaemonLog(
                OperationalLog.open(home, clock), AuditLog.open(home, clock), this::writeStatusIfItChanged);
        long budget = JvmLimits.storeShareMb(config.daemonMaxMemoryMb()) * 1024L * 1024;
        InMemorySessionSnapshotStore store = new InMemorySessionSnapshotStore(
                new SnapshotLimits(budget, config.maxSessions(), config.maxEventsPerSession()),
                ProcessMetrics.heapLayout(),
                (session, reason, events, bytes) -> FlightEvents.evicted(session, reason.publicName(), events, bytes));
        this.swap = new DecoderSwap(
                new SwapFile(home.state()), DecoderSwap.LIVE_BYTES, clock, e -> log.error("parking.unusable", e));
        this.pipeline = new Pipeline(roots, store, swap, log, clock, guard);
        List<String> options = JavaVariables.weightyOptions(environment);
        if (!options.isEmpty()) {
            pipeline.reporter().reportJavaOptions(options);
        }
        JournalFiles journals = new JournalFiles(home.journals());
        PathPolicy policy = new PathPolicy(
                config.allowedWriteRoots(),
                home.directory(),
                roots.values().stream().flatMap(List::stream).toList(),
                home.userHome());
        this.secrets = new SecretCounts();
        RecordingStyles styles =
                new RecordingStyles(config, SecretRedactor.of(MarkerKey.open(home.markerKey()), secrets));
        SubagentBranches lines = new SubagentBranches();
        this.recordingIo = new RecordingIo(
                journals,
                policy,
                styles,
                lines,
                clock,
                report -> pipeline.send(new PipelineMessage.FromRecordings(report)),
                guard);
        RecordingEngine engine = new RecordingEngine(
                recordingIo,
                pipeline.reporter(),
                styles,
                lines,
                pipeline::mainLines,
                config.commands().headless(),
                store::chargeElsewhere,
                clock);
        journals.read(engine::load);
        engine.completeLoading();
        this.checkpoints = new Checkpoints(home.state(), home.tapes(), ProgramCopy.identity());
        Checkpoints.Restored restored = restore(store, roots.keySet());
        AdmissionRules rules =
                admissionRules(config.keep(), config.tape(), budget).with(LinkRules.of(home, config, roots));
        this.ingest = new IngestWorker(
                roots,
                home.tapes(),
                new IngestMessages(pipeline::send),
                new ChunkPool(),
                clock,
                config.tape().fsync() != FsyncPolicy.NEVER,
                restored.resumePoints(),
                rules,
                guard);
        this.self = new SelfCheck(home, new UnkeptSources(roots, home.tapes(), rules, startedAt), ingest.heartbeat());
        this.checkpointThread = new CheckpointThread(checkpoints, pipeline::send, log);
        this.pipelineThread = pipeline.start(engine, restored, checkpointThread);
        ingest.start();
        log.info(
                "daemon.started",
                Map.of(
                        "version",
                        KeptVersion.current(),
                        "pid",
                        Long.toString(ProcessHandle.current().pid()),
                        "sandbox",
                        inForce.name()));
    }

    DaemonLog log() {
        return log;
    }

    /** Returns the threads that live as long as the daemon. */
    Thread[] coreThreads() {
        return new Thread[] {pipelineThread, ingest.thread()};
    }

    @Override
    public void fault(String code, String detail, long times) {
        log.warning(code, Map.of("detail", detail, "times", Long.toString(times)));
    }

    @Override
    public void refused(String stranger, long times) {
        log.denied("control.refused", Map.of("user", stranger, "times", Long.toString(times)));
    }

    /** Reports that the daemon cannot do what its owner wants until a path is corrected. Any thread. */
    void reportHindrance(String code, Path path, String message) {
        pipeline.send(new PipelineMessage.FileProblem(code, path, message, Optional.empty()));
    }

    /** Keeps the file short to which this process's error output goes. Any thread. */
    void trimOutput() {
        try {
            output.trim();
        } catch (IOException e) {
            log.error("output.unwritable", e);
        }
    }

    private Checkpoints.Restored restore(InMemorySessionSnapshotStore store, Collection<Provider> providers) {
        try (ReadingGuard.Noted _ = guard.note(Reader.RESTORE, ReadingLedger.CHECKPOINT)) {
            return checkpoints.restore(store, swap, providers);
        } catch (IOException e) {
            log.error("checkpoint.unreadable", e);
            return new Checkpoints.Restored(Map.of());
        }
    }

    private static AdmissionRules admissionRules(KeptConfig.Keeping keep, KeptConfig.Tape tape, long budget) {
        return new AdmissionRules(
                keep.firstImport(),
                keep.exclude().stream().<PathMatcher>map(PathGlob::new).toList(),
                keep.minFreeBytes(),
                (int) Math.min(Integer.MAX_VALUE, budget / BYTES_A_SOURCE),
                tape.sealAfter(),
                new UnpackLimits(tape.maxUnpackedBytes(), tape.maxUnpackRatio()),
                LinkRules.NONE);
    }

    /**
     * Starts sealing the tapes of resting sources, if the request asks for it, and returns the progress. Any thread.
     */
    SealProgress seal(ControlRequest.Seal request) {
        request.rest().ifPresent(ingest::seal);
        return ingest.sealing();
    }

    /** Carries out a person's order and returns its result. Any thread but the pipeline's. */
    CommandLineOrder.Reply order(ControlRequest.Order order) {
        return pipeline.order(order.session(), order.commands());
    }

    /** Returns a report of the current state. Any thread. */
    StatusReport report() {
        DaemonView latest = pipeline.view();
        DaemonView view = latest.with(self.problems(latest.problems(), pipeline.heartbeatAt(), clock.instant()));
        return report(
                view, SessionProjection.toSessionStatuses(view.sessions(), view.recordings(), clock.instant()), true);
    }

    private StatusReport report(DaemonView view, List<SessionStatus> sessions, boolean running) {
        return DaemonStatus.report(
                view,
                sessions,
                running,
                config,
                inForce.name(),
                new StatusReport.Secrets(secrets.byKind()),
                startedAt,
                pipeline.heartbeatAt(),
                clock.instant());
    }

    /** Writes {@code status.json} if its facts changed. Called on the log's thread after a heartbeat. */
    private void writeStatusIfItChanged() {
        pipeline.published().ifPresent(view -> write(view, true));
    }

    /** Writes the live sessions only: comparing and writing all of them at each heartbeat would cost too much. */
    private void write(DaemonView view, boolean running) {
        shortIds = shortIds.or(view.sessions());
        StatusReport live = report(
                view,
                SessionProjection.toLiveSessionStatuses(view.live(), view.recordings(), shortIds, clock.instant()),
                running);
        if (!written.map(before -> DaemonStatus.sameFacts(before, live)).orElse(false)) {
            try {
                PrivateFiles.replace(home.statusFile(), StatusJson.indented(live));
                written = Optional.of(live);
            } catch (IOException e) {
                log.error("status.unwritable", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        ingest.close();
        try {
            checkpointThread.end();
            pipeline.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        recordingIo.close();
        try {
            pipeline.save(checkpoints);
        } catch (IOException e) {
            // A cache: without it the next start reads the tapes.
            log.error("checkpoint.unwritable", e);
        }
        swap.close();
        guard.marks().close();
        log.info("daemon.stopped", Map.of());
        log.close();
        pipeline.published().ifPresent(view -> write(view, false));
    }
}
