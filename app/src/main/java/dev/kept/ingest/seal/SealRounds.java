package dev.kept.ingest.seal;

import dev.kept.ingest.copy.SourceFile;
import dev.kept.ingest.copy.SourceRegistry;
import dev.kept.ingest.source.IngestListener;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.provider.SourceKind.Layout;
import dev.kept.tape.DamagedTapeException;
import dev.kept.tape.Sealing;
import dev.kept.tape.Segment;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.TapeManifest;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Rounds through all tapes, when ingest is otherwise idle, that have due segments sealed: one at a time, packed by
 * {@link SealThread}, published here. Holds no list of tapes. Owned by the ingest thread, except for {@link #request}
 * and {@link #progress}.
 */
public final class SealRounds {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration EACH = Duration.ofHours(6);
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final int FOLDERS_A_STEP = 16;

    private final TapeLibrary library;
    private final SourceRegistry registry;
    private final Collection<Provider> providers;
    private final IngestListener listener;
    private final Optional<Duration> after;
    private final Clock clock;
    private final Runnable wake;
    private final SealThread thread;
    private final AtomicReference<@Nullable Duration> requested = new AtomicReference<>();
    private volatile SealProgress progress = SealProgress.NONE;

    private final Deque<Provider> left = new ArrayDeque<>();
    private @Nullable DirectoryStream<Path> listing;
    private @Nullable Iterator<Path> folders;
    private @Nullable SealRule rule;
    /** The tape that is being sealed, and the one that may have more to seal. */
    private @Nullable Path current;

    private @Nullable Path again;
    /** The segments of that tape that could not be sealed; its others still can be. */
    private final Set<Path> failedOfIt = new HashSet<>();

    private Duration quiet = QUIET;
    private long nextRound = System.nanoTime() + FIRST.toNanos();

    /**
     * @param after time that a source rests before it is sealed unasked; empty: never
     * @param wake makes the ingest thread call {@link #step}
     */
    public SealRounds(
            TapeLibrary library,
            SourceRegistry registry,
            Collection<Provider> providers,
            IngestListener listener,
            Optional<Duration> after,
            Clock clock,
            Runnable wake) {
        this.library = library;
        this.registry = registry;
        this.providers = List.copyOf(providers);
        this.listener = listener;
        this.after = after;
        this.clock = clock;
        this.wake = wake;
        this.thread = new SealThread(wake);
    }

    /** Requests a round through all tapes now, with another rest time than configured. Any thread. */
    public void request(Duration rest) {
        SealProgress now = progress;
        progress = new SealProgress(true, now.segments(), now.bytes(), now.packedBytes(), 0, now.failed());
        requested.set(rest);
        wake.run();
    }

    /** Returns the progress. Any thread. */
    public SealProgress progress() {
        SealProgress now = progress;
        return new SealProgress(
                now.running(), now.segments(), now.bytes(), now.packedBytes(), thread.underWay() / 2, now.failed());
    }

    /** Notes that ingest has work. */
    public void markBusy() {
        thread.markBusy();
    }

    /** Notes that ingest waits. */
    public void markIdle() {
        thread.markIdle(quiet);
    }

    /** Reports whether {@link #step} has something to do now. */
    public boolean hasMore() {
        return thread.hasOutcome() || (thread.isFree() && (rule != null || requested.get() != null || isTime()));
    }

    /** Returns the time until the next round, if nobody requests one earlier. */
    public long nanosToNextRound() {
        return after.isEmpty() || rule != null || isTime() ? Long.MAX_VALUE : nextRound - System.nanoTime();
    }

    private boolean isTime() {
        return after.isPresent() && System.nanoTime() - nextRound >= 0;
    }

    /** Publishes a packed segment, or examines the next few tapes. */
    public void step() {
        Optional<SealThread.Outcome> outcome = thread.pollOutcome();
        outcome.ifPresent(this::publish);
        if (!thread.isFree()) {
            return;
        }
        Duration request = requested.getAndSet(null);
        if (request != null) {
            begin(request, Duration.ZERO);
        } else if (rule == null && isTime()) {
            begin(after.orElseThrow(), QUIET);
        }
        SealRule now = rule;
        for (int i = 0; i < FOLDERS_A_STEP && now != null && now.equals(rule) && thread.isFree(); i++) {
            next(now);
        }
    }

    /**
     * Handles a full disk: publishes what is packed, which frees space, and postpones the rest until the next round.
     */
    public void handleFullDisk() {
        thread.pollOutcome().ifPresent(this::publish);
        if (hasMore()) {
            closeListing();
            requested.set(null);
            rule = null;
            again = null;
            nextRound = System.nanoTime() + EACH.toNanos();
            report(false, 0, 0, 0, 1);
        }
    }

    private void begin(Duration rest, Duration quietFor) {
        closeListing();
        rule = new SealRule(rest);
        quiet = quietFor;
        left.clear();
        left.addAll(providers);
        report(true, 0, 0, 0, 0);
    }

    private void report(boolean running, long segments, long bytes, long packedBytes, long failed) {
        SealProgress now = progress;
        progress = new SealProgress(
                running,
                now.segments() + segments,
                now.bytes() + bytes,
                now.packedBytes() + packedBytes,
                0,
                now.failed() + failed);
    }

    @SuppressWarnings("StreamResourceLeak") // Closed when its entries are done, or at the end.
    private void next(SealRule by) {
        Path at = Path.of("tapes");
        try {
            Path same = again;
            again = null;
            Iterator<Path> entries = folders;
            if (same != null) {
                at = same;
                inspect(same, by);
            } else if (entries == null) {
                Provider provider = left.poll();
                if (provider == null) {
                    endRound();
                } else if (Files.isDirectory(library.folder(provider.name()))) {
                    DirectoryStream<Path> opened = Files.newDirectoryStream(library.folder(provider.name()));
                    listing = opened;
                    folders = opened.iterator();
                }
            } else if (entries.hasNext()) {
                at = entries.next();
                failedOfIt.clear();
                if (SealRule.hasPlain(at)) {
                    inspect(at, by);
                }
            } else {
                closeListing();
            }
        } catch (DirectoryIteratorException | IOException e) {
            failed(at, e);
        }
    }

    private void endRound() {
        rule = null;
        quiet = QUIET;
        nextRound = System.nanoTime() + EACH.toNanos();
        // A request that came meanwhile is a round of its own.
        report(requested.get() != null, 0, 0, 0, 0);
    }

    private void inspect(Path folder, SealRule by) throws IOException {
        Optional<SourceFile> source = registry.byTape(folder);
        if (source.isPresent() && !source.get().isAllHandedOn()) {
            return;
        }
        if (source.isEmpty() && !Files.exists(folder.resolve(TapeManifest.FILE_NAME))) {
            return;
        }
        TapeManifest manifest = source.isPresent() ? source.get().tape().manifest() : TapeManifest.read(folder);
        List<Segment> due = by.due(folder, manifest, layout(source, manifest), clock.instant());
        Optional<Segment> next = due.stream()
                .filter(segment -> !failedOfIt.contains(segment.file()))
                .findFirst();
        if (next.isPresent()) {
            current = folder;
            thread.offer(Sealing.of(next.get()));
        }
    }

    private void publish(SealThread.Outcome outcome) {
        Path folder = current;
        current = null;
        Segment segment = outcome.sealing().segment();
        try (Sealing sealing = outcome.sealing()) {
            if (folder == null || outcome.failure().isPresent()) {
                stays(folder, segment, outcome.failure().orElseGet(() -> new IOException("nobody asked for it")));
                return;
            }
            Optional<SourceFile> source = registry.byTape(folder);
            boolean sealed = source.isPresent() ? source.get().tape().seal(sealing) : sealing.publish();
            if (sealed) {
                report(true, 1, segment.length(), sealing.packedBytes(), 0);
                again = folder;
            }
        } catch (IOException e) {
            stays(folder, segment, e);
        }
    }

    private void stays(@Nullable Path folder, Segment segment, Exception why) {
        failed(segment.file(), why);
        failedOfIt.add(segment.file());
        again = folder;
    }

    /** Closes what is open, and abandons the current segment. */
    public void end() {
        thread.end();
        closeListing();
    }

    private void closeListing() {
        DirectoryStream<Path> open = listing;
        listing = null;
        folders = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // Only read from: there is nothing to lose.
        }
    }

    private void failed(Path where, Exception e) {
        report(true, 0, 0, 0, 1);
        String code = e instanceof DamagedTapeException ? "tape.altered" : "tape.unsealed";
        listener.problem(code, where, "This tape stays as it is: " + e.getMessage());
    }

    private Layout layout(Optional<SourceFile> source, TapeManifest manifest) {
        if (source.isPresent()) {
            return source.get().info().kind().layout();
        }
        return providers.stream()
                .filter(provider -> provider.name().equals(manifest.provider()))
                .map(provider -> provider.recognize(manifest.root().relativize(manifest.path())))
                .filter(SourceKind.Session.class::isInstance)
                .map(kind -> ((SourceKind.Session) kind).layout())
                .findFirst()
                .orElse(Layout.OPAQUE);
    }
}
