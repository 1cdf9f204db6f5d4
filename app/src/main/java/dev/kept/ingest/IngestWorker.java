package dev.kept.ingest;

import dev.kept.ingest.admission.AdmissionRules;
import dev.kept.ingest.admission.RootLedger;
import dev.kept.ingest.copy.CopyChecks;
import dev.kept.ingest.copy.SourceFile;
import dev.kept.ingest.copy.SourceLimit;
import dev.kept.ingest.seal.SealProgress;
import dev.kept.ingest.seal.SealRounds;
import dev.kept.ingest.source.ChunkPool;
import dev.kept.ingest.source.DiskSpace;
import dev.kept.ingest.source.IngestListener;
import dev.kept.ingest.source.PackedRules;
import dev.kept.ingest.source.RefusedLinkException;
import dev.kept.ingest.source.ResumePoint;
import dev.kept.ingest.source.TapeWriteException;
import dev.kept.ingest.watch.ChangedPaths;
import dev.kept.ingest.watch.RescanSchedule;
import dev.kept.ingest.watch.SourceWatcher;
import dev.kept.provider.Provider;
import dev.kept.tape.ReadingGuard;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.Tombstones;
import dev.kept.tape.packed.PackedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ingest thread: receives the changes that the operating system reports and keeps every source on tape, durable,
 * before anyone else sees a byte of it.
 *
 * <p>Changed sources go first, then those that a first import or a restart still has to hand on, latest first; a
 * bounded number of bytes each turn, so that one large source delays nothing. All sources of a turn are made durable
 * together. When every buffer is in use the thread waits; the bytes are safe in the source.
 */
public final class IngestWorker implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int COMPARE_BUFFER_BYTES = 64 * 1024;
    private static final long TURN_BYTES = 4L * 1024 * 1024;
    private static final long SWEEP_SECONDS = 60;
    private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

    /** Bytes of direct memory that the worker holds permanently. */
    public static final long DIRECT_BYTES = BUFFER_BYTES + COMPARE_BUFFER_BYTES;

    private final IngestListener listener;
    private final SourceFeed feed;
    private final Clock clock;
    private final IngestHeartbeat pulse;
    private final boolean force;
    private final ChangedPaths touched = new ChangedPaths();
    private final SourceWatcher watcher;
    private final DirectoryWatches watches;
    private final SourceCatalog catalog;
    private final ConfiguredRoots roots;
    private final IngestProgress progress;
    private final BackgroundCopy resting;
    private final SealRounds seals;
    private final CopyChecks checks = new CopyChecks();
    private final DiskSpace room;
    private final Thread thread;

    private final SourceQueue queue = new SourceQueue();
    private final OpenTapes open;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer other = ByteBuffer.allocateDirect(COMPARE_BUFFER_BYTES);
    private long nextSweep;
    private int sweeps;

    /**
     * @param roots the roots to follow, which need not exist yet
     * @param tapes the folder of all tapes
     * @param force whether tapes are made durable at each append
     * @param resume resume points of sources that an earlier run has read, by the path of their tape below {@code
     *     tapes}
     */
    public IngestWorker(
            Map<Provider, List<Path>> roots,
            Path tapes,
            IngestListener listener,
            ChunkPool pool,
            Clock clock,
            boolean force,
            Map<String, ResumePoint> resume)
            throws IOException {
        this(roots, tapes, listener, pool, clock, force, resume, AdmissionRules.EVERYTHING, ReadingGuard.NONE);
    }

    /**
     * @param roots the roots to follow, which need not exist yet
     * @param tapes the folder of all tapes
     * @param force whether tapes are made durable at each append
     * @param resume resume points of sources that an earlier run has read, by the path of their tape below {@code
     *     tapes}
     * @param rules rules for the sources that are not kept
     * @param guard guard that names the sources that are copied but not handed on
     */
    public IngestWorker(
            Map<Provider, List<Path>> roots,
            Path tapes,
            IngestListener listener,
            ChunkPool pool,
            Clock clock,
            boolean force,
            Map<String, ResumePoint> resume,
            AdmissionRules rules,
            ReadingGuard guard)
            throws IOException {
        this.listener = listener;
        this.feed = new SourceFeed(listener, pool, buffer, guard);
        this.clock = clock;
        this.pulse = new IngestHeartbeat(clock);
        this.force = force;
        this.open = new OpenTapes(listener, DescriptorLimit.openTapes());
        this.watcher = new SourceWatcher(touched);
        this.watches = new DirectoryWatches(watcher, listener, SWEEP_SECONDS);
        this.room = new DiskSpace(tapes, rules.minFreeBytes(), listener);
        this.catalog = new SourceCatalog(
                new TapeLibrary(tapes),
                new RootLedger(tapes),
                new Admission(rules, Tombstones.open(tapes)),
                new SourceLimit(rules.mostSources(), clock.instant()),
                resume,
                clock,
                new PackedRules(rules.unpack(), room),
                watches,
                rules.links(),
                listener);
        this.roots = new ConfiguredRoots(roots, catalog, listener);
        this.progress = new IngestProgress(roots.keySet(), catalog, listener);
        this.resting = new BackgroundCopy(catalog, listener, force, clock);
        this.seals = new SealRounds(
                new TapeLibrary(tapes),
                catalog.registry(),
                roots.keySet(),
                listener,
                rules.sealAfter(),
                clock,
                touched::wake);
        this.thread = Thread.ofPlatform().name("kept-ingest").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Requests a look at every directory and source, as after lost reports. */
    public void requestSweep() {
        touched.requestSweep();
    }

    /** Returns the thread, which lives until {@link #close}. */
    public Thread thread() {
        return thread;
    }

    public IngestHeartbeat heartbeat() {
        return pulse;
    }

    /** Requests that tapes are sealed whose sources have rested for so long. Any thread. */
    public void seal(Duration rest) {
        seals.request(rest);
    }

    /** Returns the progress of sealing. Any thread. */
    public SealProgress sealing() {
        return seals.progress();
    }

    /** Stops the thread after its current turn, and waits for that. */
    @Override
    public void close() throws IOException {
        touched.stop();
        try {
            if (thread.getState() != Thread.State.NEW && !thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Last: the final turn may still register a directory.
            watcher.close();
        }
    }

    private void run() {
        try {
            begin();
            boolean stopped = false;
            while (!stopped) {
                long wait = waitNanos();
                if (wait > 0) {
                    seals.markIdle();
                }
                pulse.beginWait();
                ChangedPaths.Batch batch = touched.poll(wait);
                pulse.beginTask();
                if (batch.sweep() || !batch.paths().isEmpty()) {
                    seals.markBusy();
                }
                stopped = batch.stopped();
                work(batch);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            seals.end();
            open.closeAll();
            resting.end();
        }
    }

    private void work(ChangedPaths.Batch batch) throws InterruptedException {
        try {
            accept(batch);
            turn();
            progress.reportPeriodically();
        } catch (RuntimeException fault) {
            // A bug in the handling of one source must not end all following: the next sweep looks at every source
            // again.
            listener.problem("ingest.fault", Path.of("ingest"), "An error of Kept's own: " + fault);
            Thread.sleep(AFTER_FAULT);
        }
    }

    private void begin() {
        List<SourceFile> known = new ArrayList<>();
        known.addAll(catalog.openTapes(roots.all()));
        known.addAll(roots.follow());
        known.addAll(catalog.openGathered());
        known.forEach(catalog.registry()::account);
        // Live sources go first.
        known.sort(Comparator.comparingLong(SourceFile::modifiedAtMs).reversed());
        // All are announced before the first is read: a reader of one knows which others there are.
        known.forEach(feed::announce);
        known.forEach(queue::addBacklog);
        nextSweep = System.nanoTime() + ChangedPaths.seconds(SWEEP_SECONDS);
        reportLeftAside();
        progress.report();
    }

    private long waitNanos() {
        if (!queue.isEmpty()) {
            return 0;
        }
        progress.markIdle();
        if (!resting.hasMore()) {
            pulse.markIdle();
        }
        if (resting.hasMore() || seals.hasMore()) {
            if (room.checkAvailable()) {
                return 0;
            }
            seals.handleFullDisk();
        }
        long untilSweep = Math.max(0, nextSweep - System.nanoTime());
        long untilRound = Math.min(seals.nanosToNextRound(), roots.nanosToNextLook());
        return Math.min(Math.min(untilSweep, untilRound), checks.nanosToNext());
    }

    private void accept(ChangedPaths.Batch batch) {
        for (Path path : batch.paths()) {
            Optional<SourceFile> source = catalog.registry().at(path);
            if (source.isPresent()) {
                source.get().sweepSoon = true;
                queue.addTouched(source.get());
            } else {
                catalog.inspectTouched(path).forEach(queue::addTouched);
            }
        }
        roots.followMissing().forEach(queue::addTouched);
        catalog.reportRefusedLinks();
        if (batch.sweep() || System.nanoTime() - nextSweep >= 0) {
            nextSweep = System.nanoTime() + ChangedPaths.seconds(SWEEP_SECONDS);
            watches.retryRefused();
            catalog.sweep().forEach(queue::addTouched);
            roots.follow().forEach(queue::addTouched);
            sweep(new RescanSchedule(sweeps++, batch.sweep() || watches.hasRefused(), clock.instant()));
            reportLeftAside();
        }
    }

    private void sweep(RescanSchedule round) {
        checks.beginSweep(round.now());
        for (SourceFile source : catalog.registry().all()) {
            checks.noteSwept(source);
            if (round.includes(source.info().number(), source.sweepSoon, source.modifiedAtMs())) {
                source.sweepSoon = false;
                queue.addSwept(source);
            }
        }
    }

    private void reportLeftAside() {
        catalog.reportLeftAside();
        resting.add(catalog.uncopied());
    }

    /**
     * Copies from the next sources, makes that durable, hands it on; if there are none, copies files that are left
     * aside.
     */
    private void turn() throws InterruptedException {
        if (queue.isEmpty() && checks.nanosToNext() == 0) {
            checks.step(buffer, other, TURN_BYTES).ifPresent(different -> {
                different.suspect();
                queue.addTouched(different);
            });
        } else if (queue.isEmpty() && resting.hasMore() && room.checkAvailable()) {
            resting.step(buffer, other, TURN_BYTES);
        } else if (queue.isEmpty() && seals.hasMore() && room.checkAvailable()) {
            seals.step();
        }
        List<SourceFile> turn = queue.next();
        for (SourceFile source : turn) {
            pulse.beginTask();
            progress.markBusy();
            source.wantsMore = copy(source);
            if (source.consumeGrowth()) {
                checks.noteGrowth(source);
            }
        }
        for (SourceFile source : turn) {
            pulse.beginTask();
            if (force(source)) {
                source.wantsMore |= feed.handOn(source);
                open.markUsed(source);
            }
            catalog.registry().account(source);
            if (source.wantsMore) {
                queue.requeue(source);
            }
        }
    }

    private boolean copy(SourceFile source) {
        if (!room.checkAvailable()) {
            // The bytes are safe in the source, and the sweep looks again.
            source.sweepSoon = true;
            return false;
        }
        int generation = source.tape().generation();
        try {
            SourceFile.CopyResult result = source.pump(buffer, other, TURN_BYTES, clock.instant());
            open.markUsed(source);
            catalog.watchLinkTarget(source);
            if (source.tape().generation() != generation) {
                progress.countRewrite(source.info().provider());
            }
            return switch (result) {
                case SETTLED -> !source.present() && catalog.registry().relocate(source);
                case MORE -> true;
                case SUSPECT -> {
                    queue.addSuspect(source);
                    yield false;
                }
            };
        } catch (TapeWriteException e) {
            source.sweepSoon = true;
            listener.problem("tape.unwritable", source.tape().folder(), String.valueOf(e.getMessage()));
            return false;
        } catch (RefusedLinkException e) {
            source.sweepSoon = true;
            catalog.noteRefused(source, e);
            return false;
        } catch (PackedFileException e) {
            source.sweepSoon = true;
            listener.problem(e.reason().publicName(), source.info().path(), String.valueOf(e.getMessage()));
            return false;
        } catch (IOException e) {
            source.sweepSoon = true;
            listener.problem("source.unreadable", source.info().path(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    private boolean force(SourceFile source) {
        try {
            if (force) {
                source.tape().force();
            } else {
                source.tape().publish();
            }
            return true;
        } catch (IOException e) {
            source.sweepSoon = true;
            listener.problem("tape.unwritable", source.tape().folder(), String.valueOf(e.getMessage()));
            return false;
        }
    }
}
