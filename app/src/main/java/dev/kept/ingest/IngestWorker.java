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
 * The ingest thread: takes what the operating system reports and keeps every source on tape, durable, before anyone else
 * sees a byte of it.
 *
 * <p>What was touched goes first, then what a first import or a restart still has to hand on, latest first; a bounded
 * number of bytes each turn, so that one large source holds up nothing. All sources of a turn are made durable together.
 * When every buffer is on its way the thread waits; the bytes are safe in the source.
 */
public final class IngestWorker implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int COMPARE_BUFFER_BYTES = 64 * 1024;
    private static final long TURN_BYTES = 4L * 1024 * 1024;
    private static final long SWEEP_SECONDS = 60;
    private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

    /** Bytes of direct memory that the worker holds for good. */
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
     * @param resume where sources go on that an earlier run has read, by the path of their tape below {@code tapes}
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
     * @param resume where sources go on that an earlier run has read, by the path of their tape below {@code tapes}
     * @param rules what is not to be kept
     * @param guard what is copied and not handed on
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

    /** Asks for a look at every directory and source, as after lost reports. */
    public void requestSweep() {
        touched.requestSweep();
    }

    /** The thread, which lives until {@link #close}. */
    public Thread thread() {
        return thread;
    }

    public IngestHeartbeat pulse() {
        return pulse;
    }

    /** Asks to seal the tapes of sources that have rested for so long. Any thread. */
    public void seal(Duration rest) {
        seals.wish(rest);
    }

    /** How far sealing is. Any thread. */
    public SealProgress sealing() {
        return seals.progress();
    }

    /** Ends after the turn it is in; waits for that. */
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
            // Last: the turn that ends may still register a directory.
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
                    seals.atRest();
                }
                pulse.waits();
                ChangedPaths.Batch batch = touched.take(wait);
                pulse.beats();
                if (batch.sweep() || !batch.paths().isEmpty()) {
                    seals.busy();
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
            take(batch);
            turn();
            progress.tellNowAndThen();
        } catch (RuntimeException fault) {
            // A fault of ours in one source must not end all following: the next sweep looks at every source again.
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
        // What is live goes first.
        known.sort(Comparator.comparingLong(SourceFile::modifiedAtMs).reversed());
        // All are told of before the first is read: who reads one knows which others there are.
        known.forEach(feed::announce);
        known.forEach(queue::leftOver);
        nextSweep = System.nanoTime() + ChangedPaths.seconds(SWEEP_SECONDS);
        tellLeftAside();
        progress.tell();
    }

    private long waitNanos() {
        if (!queue.isEmpty()) {
            return 0;
        }
        progress.nothingWaits();
        if (!resting.hasMore()) {
            pulse.idles();
        }
        if (resting.hasMore() || seals.hasMore()) {
            if (room.isThere()) {
                return 0;
            }
            seals.noRoom();
        }
        long untilSweep = Math.max(0, nextSweep - System.nanoTime());
        long untilRound = Math.min(seals.nanosToNextRound(), roots.nanosToNextLook());
        return Math.min(Math.min(untilSweep, untilRound), checks.nanosToNext());
    }

    private void take(ChangedPaths.Batch batch) {
        for (Path path : batch.paths()) {
            Optional<SourceFile> source = catalog.registry().at(path);
            if (source.isPresent()) {
                source.get().sweepSoon = true;
                queue.touched(source.get());
            } else {
                catalog.touched(path).forEach(queue::touched);
            }
        }
        roots.followMissing().forEach(queue::touched);
        catalog.tellOfLinks();
        if (batch.sweep() || System.nanoTime() - nextSweep >= 0) {
            nextSweep = System.nanoTime() + ChangedPaths.seconds(SWEEP_SECONDS);
            watches.again();
            catalog.sweep().forEach(queue::touched);
            roots.follow().forEach(queue::touched);
            sweep(new RescanSchedule(sweeps++, batch.sweep() || watches.lackSome(), clock.instant()));
            tellLeftAside();
        }
    }

    private void sweep(RescanSchedule round) {
        checks.sweep(round.now());
        for (SourceFile source : catalog.registry().all()) {
            checks.swept(source);
            if (round.includes(source.info().number(), source.sweepSoon, source.modifiedAtMs())) {
                source.sweepSoon = false;
                queue.swept(source);
            }
        }
    }

    private void tellLeftAside() {
        catalog.tellLeftAside();
        resting.add(catalog.uncopied());
    }

    /** Copies from the next sources, makes that durable, hands it on; if there are none, from those that are left aside. */
    private void turn() throws InterruptedException {
        if (queue.isEmpty() && checks.nanosToNext() == 0) {
            checks.step(buffer, other, TURN_BYTES).ifPresent(different -> {
                different.suspect();
                queue.touched(different);
            });
        } else if (queue.isEmpty() && resting.hasMore() && room.isThere()) {
            resting.step(buffer, other, TURN_BYTES);
        } else if (queue.isEmpty() && seals.hasMore() && room.isThere()) {
            seals.step();
        }
        List<SourceFile> turn = queue.next();
        for (SourceFile source : turn) {
            pulse.beats();
            progress.works();
            source.wantsMore = copy(source);
            if (source.grewSinceSettled()) {
                checks.grew(source);
            }
        }
        for (SourceFile source : turn) {
            pulse.beats();
            if (force(source)) {
                source.wantsMore |= feed.handOn(source);
                open.used(source);
            }
            catalog.registry().account(source);
            if (source.wantsMore) {
                queue.again(source);
            }
        }
    }

    private boolean copy(SourceFile source) {
        if (!room.isThere()) {
            // The bytes are safe in the source, and the sweep looks again.
            source.sweepSoon = true;
            return false;
        }
        int generation = source.tape().generation();
        try {
            SourceFile.Look look = source.pump(buffer, other, TURN_BYTES, clock.instant());
            open.used(source);
            catalog.looked(source);
            if (source.tape().generation() != generation) {
                progress.rewritten(source.info().provider());
            }
            return switch (look) {
                case SETTLED -> !source.present() && catalog.registry().relocate(source);
                case MORE -> true;
                case SUSPECT -> {
                    queue.suspect(source);
                    yield false;
                }
            };
        } catch (TapeWriteException e) {
            source.sweepSoon = true;
            listener.problem("tape.unwritable", source.tape().folder(), String.valueOf(e.getMessage()));
            return false;
        } catch (RefusedLinkException e) {
            source.sweepSoon = true;
            catalog.refused(source, e);
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
