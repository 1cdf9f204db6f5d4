package dev.kept.recording.io;

import dev.kept.model.SessionKey;
import dev.kept.recording.contract.RecordingReport;
import dev.kept.recording.contract.RecordingReport.Prepared;
import dev.kept.recording.contract.RecordingWorkers;
import dev.kept.recording.destination.DestinationAccess;
import dev.kept.recording.destination.DestinationResolver;
import dev.kept.recording.destination.GeneratedName;
import dev.kept.recording.destination.PathPolicy;
import dev.kept.recording.destination.PathVerdict;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.render.TapeRenderer;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.replay.SubagentBranches;
import dev.kept.tape.ReadingGuard;
import dev.kept.tape.ReadingMarks.Reader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The file work of recordings: journals, tapes and destinations, each on threads where it delays nothing else
 * ({@link RecordingThreads}). Callers bound the number of waiting tasks: one for each recording.
 */
public final class RecordingIo implements RecordingWorkers, AutoCloseable {
    private static final Duration JOURNAL_RETRY = Duration.ofSeconds(1);
    private static final Duration RETRY_DELAY = Duration.ofMillis(300);

    private static final int MOST_AT_A_TIME = 4;
    private static final Duration IDLE = Duration.ofSeconds(3);

    /** Smallest change of the readers' memory that is reported. */
    private static final long REPORTED_CHANGE_BYTES = 64 * 1024;

    private final JournalFiles journals;
    private final DestinationAccess access;
    private final DestinationResolver resolver;
    private final DestinationFiles destinations;
    private final TapeRenderer renderer;
    private final RecordingThreads threads;
    private final Consumer<RecordingReport> reports;
    private final ReadingGuard guard;

    /**
     * Recordings that are being read, with the time each was last served. Owned by the replay thread, like the queue.
     */
    private final Map<String, Long> busy = new HashMap<>();

    private final Deque<ReplayRequest> waiting = new ArrayDeque<>();
    /** Number of unfinished calls for durable entries, by session. */
    private final ConcurrentMap<SessionKey, Integer> pendingCalls = new ConcurrentHashMap<>();

    private boolean admitsLater;
    private long reportedHeld;
    private volatile boolean closing;

    /**
     * Creates the workers.
     *
     * @param styles the styles of recordings
     * @param branches the sources of subagent branches
     * @param reports receives the workers' reports; called on their threads, must not block
     * @param guard knows the tapes that must not be rendered, and is notified which are read
     */
    public RecordingIo(
            JournalFiles journals,
            PathPolicy policy,
            RecordingStyles styles,
            SubagentBranches branches,
            Clock clock,
            Consumer<RecordingReport> reports,
            ReadingGuard guard) {
        this(
                journals,
                DestinationAccess.of(policy),
                new DestinationResolver(policy.home(), policy.recordings()),
                new TapeRenderer(styles, branches),
                new RecordingThreads.Real(),
                clock,
                reports,
                guard);
    }

    public RecordingIo(
            JournalFiles journals,
            DestinationAccess access,
            DestinationResolver resolver,
            TapeRenderer renderer,
            RecordingThreads threads,
            Clock clock,
            Consumer<RecordingReport> reports,
            ReadingGuard guard) {
        this.guard = guard;
        this.journals = journals;
        this.access = access;
        this.resolver = resolver;
        this.destinations = new DestinationFiles(access, journals, renderer.outputs(), clock);
        this.renderer = renderer;
        this.threads = threads;
        this.reports = reports;
    }

    @Override
    public void journal(SessionKey session, List<JournalEntry> entries, List<String> thenStart) {
        pendingCalls.merge(session, 1, Integer::sum);
        threads.journal().execute(() -> {
            if (append(session, entries, true)) {
                pendingCalls.computeIfPresent(session, (_, calls) -> calls == 1 ? null : calls - 1);
            }
            thenStart.forEach(id -> reports.accept(new RecordingReport.Journaled(id)));
        });
    }

    @Override
    public boolean hasPendingEntries(SessionKey session) {
        return pendingCalls.containsKey(session);
    }

    @Override
    public void journalLazily(SessionKey session, JournalEntry entry) {
        threads.journal().execute(() -> append(session, List.of(entry), false));
    }

    @Override
    public void end(RecordingPlan plan) {
        threads.journal().execute(() -> {
            append(plan.session(), List.of(new JournalEntry.RecordingEnded(plan.recordingId())), true);
            journals.forgetIntents(plan);
        });
        threads.replay().execute(() -> {
            renderer.forget(plan.recordingId());
            release(plan.recordingId());
            reportHeld();
        });
    }

    /** Retries until the entries are appended; returns false if the daemon stops first. */
    private boolean append(SessionKey session, List<JournalEntry> entries, boolean force) {
        boolean trouble = false;
        while (!closing || !trouble) {
            try {
                journals.append(session, entries, force);
                if (trouble) {
                    reports.accept(new RecordingReport.JournalTrouble(session, ""));
                }
                return true;
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
                    return false;
                }
            }
        }
        return false;
    }

    @Override
    public void prepare(
            long ticket, Optional<String> argument, Optional<Path> workingDirectory, GeneratedName generated) {
        // On a thread of its own: this finds out where the path leads, and so which folder's thread it belongs to.
        try {
            threads.prepare(() -> reports.accept(new Prepared(ticket, verdict(argument, workingDirectory, generated))));
        } catch (RejectedExecutionException tooMany) {
            reports.accept(new Prepared(
                    ticket,
                    new Prepared.Refused(new Refusal(
                            Refusal.Code.UNREADABLE,
                            argument.orElse("the destination")
                                    + " cannot be inspected: other destinations do not answer.",
                            "Look at the disks and network folders that status names, then type it again."))));
        }
    }

    private Prepared.Verdict verdict(
            Optional<String> argument, Optional<Path> workingDirectory, GeneratedName generated) {
        try {
            return inspect(argument, workingDirectory, generated);
        } catch (RuntimeException | IOException e) {
            return new Prepared.Refused(new Refusal(
                    Refusal.Code.UNREADABLE,
                    argument.orElse("the destination") + " cannot be inspected: " + e.getMessage(),
                    "Check that its folder exists and can be opened."));
        }
    }

    private Prepared.Verdict inspect(
            Optional<String> argument, Optional<Path> workingDirectory, GeneratedName generated) throws IOException {
        return switch (resolver.resolve(argument, workingDirectory, generated)) {
            case DestinationResolver.Unresolved(var refusal) -> new Prepared.Refused(refusal);
            case DestinationResolver.Resolved resolved ->
                switch (access.decide(resolved.file())) {
                    case PathVerdict.Denied(var refusal) -> new Prepared.Refused(refusal);
                    case PathVerdict.Allowed allowed -> new Prepared.Ready(allowed.canonical());
                };
        };
    }

    private Executor writerFor(RecordingPlan plan) {
        return threads.writer(Optional.ofNullable(plan.path().getParent()).orElse(plan.path()));
    }

    @Override
    public void recover(RecordingPlan plan, RecordingProgress progress) {
        writerFor(plan).execute(() -> {
            RecordingReport.Recovered recovered;
            try {
                recovered = destinations.recover(plan, progress);
            } catch (RuntimeException e) {
                recovered = new RecordingReport.Recovered(
                        plan.recordingId(),
                        new RecordingReport.Recovered.Unseen(plan.path() + " cannot be inspected: " + e));
            }
            reports.accept(recovered);
        });
    }

    @Override
    public void write(WriteRequest request) {
        writerFor(request.plan()).execute(() -> {
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
        threads.replay().execute(() -> {
            if (!busy.containsKey(request.plan().recordingId())) {
                waiting.add(request);
                admit();
            } else {
                render(request);
            }
        });
    }

    /**
     * Admits waiting requests, on the replay thread. A few conversations are read at a time, each to its end, so that
     * no reader is opened in vain.
     */
    private void admit() {
        long now = System.nanoTime();
        if (!waiting.isEmpty() && busy.size() >= MOST_AT_A_TIME) {
            // A recording whose note does not accept text must not keep others from being read.
            busy.values().removeIf(last -> now - last > IDLE.toNanos());
        }
        while (!waiting.isEmpty() && busy.size() < MOST_AT_A_TIME) {
            ReplayRequest next = waiting.remove();
            busy.put(next.plan().recordingId(), now);
            render(next);
        }
        if (!waiting.isEmpty() && !admitsLater) {
            admitsLater = true;
            threads.later(IDLE, threads.replay(), () -> {
                admitsLater = false;
                admit();
            });
        }
    }

    private void render(ReplayRequest request) {
        String id = request.plan().recordingId();
        busy.put(id, System.nanoTime());
        String tape = ReadingGuard.name(request.source().tapeFolder());
        try (ReadingGuard.Noted _ = guard.note(Reader.REPLAY, tape)) {
            if (guard.unrendered().contains(tape)) {
                throw new IOException("Kept ended twice while it did. To try again: kept retry");
            }
            Optional<RecordingReport.Replayed> rendered = renderer.render(request);
            if (rendered.isEmpty()) {
                threads.later(RETRY_DELAY, threads.replay(), () -> replay(request));
            } else {
                reports.accept(rendered.get());
                if (rendered.get().reachedLimit()) {
                    release(id);
                }
            }
        } catch (IOException | RuntimeException e) {
            renderer.forget(id);
            reports.accept(new RecordingReport.ReplayFailed(
                    id, "the tape " + request.source().tapeFolder() + " cannot be read: " + e.getMessage()));
            release(id);
        }
        reportHeld();
    }

    private void release(String recordingId) {
        if (busy.remove(recordingId) != null && !waiting.isEmpty()) {
            threads.replay().execute(this::admit);
        }
    }

    @Override
    public void pauseReplay(String recordingId) {
        threads.replay().execute(() -> {
            renderer.pause(recordingId);
            reportHeld();
        });
    }

    private void reportHeld() {
        long held = renderer.heldBytes();
        if (Math.abs(held - reportedHeld) >= REPORTED_CHANGE_BYTES || (held == 0 && reportedHeld != 0)) {
            reportedHeld = held;
            reports.accept(new RecordingReport.ReadersHold(held));
        }
    }

    /** Lets active work finish, for a few seconds at most. */
    @Override
    public void close() {
        closing = true;
        threads.close();
    }
}
