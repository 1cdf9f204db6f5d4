package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecordingReport.Prepared;
import dev.kept.recording.destination.DestinationResolver;
import dev.kept.recording.destination.GeneratedName;
import dev.kept.recording.destination.PathPolicy;
import dev.kept.recording.destination.PathVerdict;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.writer.Asset;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The worker threads of recordings: one for journals, one that reads tapes, and one for each folder that recordings may be
 * written to, so that a destination that hangs holds up nothing else. What waits for them is bounded by who asks: one
 * thing for each recording.
 */
public final class RecordingIo implements RecordingWorkers, AutoCloseable {
    private static final int CHUNK_CHARS = 48 * 1024;
    private static final int OPEN_REPLAYS = 4;
    private static final Duration JOURNAL_RETRY = Duration.ofSeconds(1);

    private final JournalFiles journals;
    private final PathPolicy policy;
    private final DestinationResolver resolver;
    private final DestinationFiles destinations;
    private final RecordingStyles styles;
    private final Consumer<RecordingReport> reports;
    private final ExecutorService journalThread = thread("kept-journal");
    private final ExecutorService replayThread = thread("kept-replay");
    private final Map<Path, ExecutorService> writers = new ConcurrentHashMap<>();
    private final LinkedHashMap<String, ReplayCursor> cursors = new LinkedHashMap<>(8, 0.75f, true);
    private volatile boolean closing;

    /** @param reports takes what the workers have to say; called on their threads, must not block */
    public RecordingIo(
            JournalFiles journals,
            PathPolicy policy,
            RecordingStyles styles,
            Clock clock,
            Consumer<RecordingReport> reports) {
        this.journals = journals;
        this.policy = policy;
        this.resolver = new DestinationResolver(policy.home(), policy.recordings());
        this.destinations = new DestinationFiles(policy, journals, clock);
        this.styles = styles;
        this.reports = reports;
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }

    @Override
    public void journal(SessionKey session, List<JournalEntry> entries, Optional<String> thenStart) {
        journalThread.execute(() -> {
            append(session, entries, true);
            thenStart.ifPresent(id -> reports.accept(new RecordingReport.Journaled(id)));
        });
    }

    @Override
    public void journalLazily(SessionKey session, JournalEntry entry) {
        journalThread.execute(() -> append(session, List.of(entry), false));
    }

    @Override
    public void end(RecordingPlan plan) {
        journalThread.execute(() -> {
            append(plan.session(), List.of(new JournalEntry.RecordingEnded(plan.recordingId())), true);
            journals.forgetIntents(plan);
        });
    }

    private void append(SessionKey session, List<JournalEntry> entries, boolean force) {
        boolean trouble = false;
        while (!closing || !trouble) {
            try {
                journals.append(session, entries, force);
                if (trouble) {
                    reports.accept(new RecordingReport.JournalTrouble(session, ""));
                }
                return;
            } catch (IOException e) {
                if (!trouble) {
                    reports.accept(new RecordingReport.JournalTrouble(
                            session, "the journal of " + session + " cannot be written: " + e.getMessage()));
                }
                trouble = true;
                try {
                    Thread.sleep(JOURNAL_RETRY);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    @Override
    public void prepare(
            long ticket, Optional<String> argument, Optional<Path> workingDirectory, GeneratedName generated) {
        // A thread of its own: where the path leads, and so whose thread it would be, is what this finds out.
        Thread.ofVirtual().name("kept-prepare").start(() -> {
            Prepared.Verdict verdict;
            try {
                verdict = look(argument, workingDirectory, generated);
            } catch (RuntimeException | IOException e) {
                verdict = new Prepared.Refused(new Refusal(
                        Refusal.Code.UNREADABLE,
                        argument.orElse("the destination") + " cannot be looked at: " + e.getMessage(),
                        "Check that its folder exists and can be opened."));
            }
            reports.accept(new Prepared(ticket, verdict));
        });
    }

    private Prepared.Verdict look(Optional<String> argument, Optional<Path> workingDirectory, GeneratedName generated)
            throws IOException {
        return switch (resolver.resolve(argument, workingDirectory, generated)) {
            case DestinationResolver.Unresolved(var refusal) -> new Prepared.Refused(refusal);
            case DestinationResolver.Resolved resolved ->
                switch (policy.decide(resolved.file())) {
                    case PathVerdict.Denied(var refusal) -> new Prepared.Refused(refusal);
                    case PathVerdict.Allowed allowed -> new Prepared.Ready(allowed.canonical());
                };
        };
    }

    private ExecutorService writerFor(Path path) {
        Path root = policy.allowedWriteRoots().stream()
                .filter(path::startsWith)
                .findFirst()
                .orElse(policy.recordings());
        return writers.computeIfAbsent(root, _ -> thread("kept-write-" + writers.size()));
    }

    @Override
    public void recover(RecordingPlan plan, RecordingProgress progress) {
        writerFor(plan.path()).execute(() -> reports.accept(destinations.recover(plan, progress)));
    }

    @Override
    public void write(WriteRequest request) {
        writerFor(request.plan().path()).execute(() -> {
            RecordingReport.Written.Outcome outcome;
            try {
                outcome = destinations.write(request);
            } catch (RuntimeException e) {
                outcome = new RecordingReport.Written.Failed(request.plan().path() + " cannot be written: " + e);
            }
            reports.accept(new RecordingReport.Written(request.plan().recordingId(), outcome));
        });
    }

    @Override
    public void replay(ReplayRequest request) {
        replayThread.execute(() -> {
            try {
                reports.accept(render(request));
            } catch (IOException | RuntimeException e) {
                close(cursors.remove(request.plan().recordingId()));
                reports.accept(new RecordingReport.ReplayFailed(
                        request.plan().recordingId(),
                        "the tape " + request.tapeFolder() + " cannot be read: " + e.getMessage()));
            }
        });
    }

    private RecordingReport render(ReplayRequest request) throws IOException {
        RecordingPlan plan = request.plan();
        if (!request.from().isBefore(request.limit())) {
            return new RecordingReport.Replayed(
                    plan.recordingId(), "", List.of(), request.from(), request.writerState(), true);
        }
        ReplayCursor cursor = cursor(request);
        cursor.skipTo(request.from());
        RecordingWriter writer = RecordingWriter.resume(
                RecordingContext.formatOf(plan.path()),
                RecordingFormat.fileName(plan.path()),
                request.provider().displayName(),
                styles.of(plan.session().provider(), plan.path()),
                request.writerState());
        StringBuilder text = new StringBuilder();
        long held = 0;
        List<Asset> assets = new ArrayList<>();
        TapePosition next = request.from();
        Optional<ConversationEvent> event = cursor.peek();
        while (event.isPresent()
                && event.get().header().source().position().isBefore(request.limit())
                && held < CHUNK_CHARS) {
            if (event.get().header().onMainLine()) {
                Rendered rendered = writer.append(event.get());
                text.append(rendered.text());
                held += rendered.heldChars();
                assets.addAll(rendered.assets());
            }
            next = event.get().header().source().position().next();
            cursor.take();
            event = cursor.peek();
        }
        boolean through =
                event.isEmpty() || !event.get().header().source().position().isBefore(request.limit());
        return new RecordingReport.Replayed(plan.recordingId(), text.toString(), assets, next, writer.state(), through);
    }

    private ReplayCursor cursor(ReplayRequest request) throws IOException {
        String id = request.plan().recordingId();
        ReplayCursor open = cursors.get(id);
        if (open == null) {
            open = new ReplayCursor(request.tapeFolder(), request.provider(), request.kind());
            cursors.put(id, open);
            if (cursors.size() > OPEN_REPLAYS) {
                close(cursors.pollFirstEntry().getValue());
            }
        } else if (open.isBeyond(request.from())) {
            close(open);
            open = new ReplayCursor(request.tapeFolder(), request.provider(), request.kind());
            cursors.put(id, open);
        }
        return open;
    }

    private static void close(@org.jspecify.annotations.Nullable ReplayCursor cursor) {
        if (cursor != null) {
            try {
                cursor.close();
            } catch (IOException e) {
                // It was only read; there is nothing to lose and nobody to tell.
            }
        }
    }

    @Override
    public void endReplay(String recordingId) {
        replayThread.execute(() -> close(cursors.remove(recordingId)));
    }

    /** Lets what is under way finish, a few seconds at most. */
    @Override
    public void close() {
        closing = true;
        List<ExecutorService> all = new ArrayList<>(writers.values());
        all.add(replayThread);
        all.add(journalThread);
        all.forEach(ExecutorService::shutdown);
        try {
            for (ExecutorService executor : all) {
                executor.awaitTermination(3, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
