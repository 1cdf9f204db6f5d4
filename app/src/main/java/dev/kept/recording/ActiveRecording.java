package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecordingProblems.Kind;
import dev.kept.recording.contract.RecordingContext;
import dev.kept.recording.contract.RecordingReport;
import dev.kept.recording.contract.RecordingReport.Recovered;
import dev.kept.recording.contract.RecordingReport.Written;
import dev.kept.recording.contract.RecordingWorkers.ReplayRequest;
import dev.kept.recording.contract.RecordingWorkers.WriteRequest;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.JournalEntry.ChunkDone;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.journal.SessionJournal;
import dev.kept.recording.render.PendingText.Piece;
import dev.kept.replay.BranchSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An active recording or export.
 *
 * <p>It does at most one thing at a time (its {@link Stage}): it inspects its file, has a part of its
 * {@link RecordingText} rendered from the tape, or writes a piece of that text. {@link RecordingProblems} reports what
 * goes wrong.
 *
 * <pre>
 * STARTING ──journaled──► IDLE ◄──────┬──────────────┐
 * IDLE ──first of all──► RECOVERING ──recovered──► IDLE
 *                         IDLE ──► WRITING ──done──► IDLE
 *                         IDLE ──► REPLAYING ──► IDLE (text to write)
 *                         WRITING, RECOVERING ──failed──► FAILED ──a while──► RECOVERING
 *                         WRITING ──file gone──► FAILED ──a moment──► RECOVERING, starts again if it still is
 *                         IDLE ──nothing left before the end──► ENDED
 * </pre>
 *
 * Owned by the pipeline thread.
 */
final class ActiveRecording {
    /**
     * Time to wait after a file has vanished. Editors move a file away before they write it anew; nobody else should
     * create one in between.
     */
    private static final Duration EDITORS_GAP = Duration.ofSeconds(2);

    private static final Duration HANGS = Duration.ofSeconds(10);

    private enum Stage {
        STARTING,
        RECOVERING,
        IDLE,
        WRITING,
        REPLAYING,
        FAILED,
        ENDED
    }

    private final RecordingContext context;
    private final RecordedSession session;
    private final RecordingPlan plan;
    private final RecordingText text;
    private final RecordingProblems problems;
    private final Retry retry = new Retry();
    private RecordingProgress progress;
    private Stage stage;
    private Instant stageSince;
    private boolean fileIsThere;
    private boolean fileIsGone;
    private boolean restarting;
    private boolean inspected;
    private Optional<TapePosition> until = Optional.empty();
    private Optional<Instant> lastWriteAt = Optional.empty();

    private ActiveRecording(
            RecordingContext context,
            RecordedSession session,
            RecordingPlan plan,
            RecordingProgress progress,
            Stage stage) {
        this.context = context;
        this.session = session;
        this.plan = plan;
        this.progress = progress;
        this.text = new RecordingText(context, session, plan, progress.mark());
        this.problems = new RecordingProblems(context.listener(), plan);
        this.stage = stage;
        this.stageSince = context.clock().instant();
    }

    /**
     * Returns a recording that was just requested. It waits until its journal entry is durable and no earlier recording
     * writes to its file. Only then is the file inspected.
     */
    static ActiveRecording starting(RecordingContext context, RecordedSession session, RecordingPlan plan) {
        ActiveRecording recording =
                new ActiveRecording(context, session, plan, RecordingProgress.atStart(plan), Stage.STARTING);
        if (!plan.from().isBefore(session.position(plan))) {
            recording.text.goLive();
        }
        return recording;
    }

    /** Returns a recording of an earlier run. It first finds out how far it really is. */
    static ActiveRecording resumed(RecordingContext context, RecordedSession session, SessionJournal.Open open) {
        ActiveRecording recording = new ActiveRecording(context, session, open.plan(), open.progress(), Stage.IDLE);
        recording.until = open.until();
        if (open.progress().chunk() > 0) {
            recording.lastWriteAt = Optional.of(open.progress().at());
        }
        return recording;
    }

    RecordingPlan plan() {
        return plan;
    }

    boolean ended() {
        return stage == Stage.ENDED;
    }

    RecordingStatus status() {
        return new RecordingStatus(
                plan.recordingId(),
                plan.session(),
                plan.purpose(),
                plan.path(),
                plan.startedAt(),
                lastWriteAt,
                problems.message());
    }

    private void enter(Stage next) {
        stage = next;
        stageSince = context.clock().instant();
        problems.resolve(Kind.HUNG);
    }

    /** Accepts the next event of the session's main branch. */
    void deliver(ConversationEvent event) {
        TapePosition place = event.header().source().position();
        boolean mine = !place.isBefore(plan.from())
                && !place.isBefore(progress.next())
                && until.map(place::isBefore).orElse(true);
        if (mine && !text.accept(event, stage == Stage.IDLE)) {
            text.fallBehind(progress.mark());
        }
        advance();
    }

    /**
     * Continues where an earlier run left the session. If everything up to there is written, the next events need not
     * be read from the tape.
     */
    void resumeSource() {
        if (!progress.next().isBefore(session.position(plan))) {
            text.goLive();
        }
        advance();
    }

    /** Notes that events were skipped; they will be read from the tape. */
    void noteSkipped() {
        text.noteSkipped(progress.mark());
        advance();
    }

    /** Sets the place before which the recording ends. */
    void endAt(TapePosition place) {
        until = Optional.of(place);
        advance();
    }

    /** Handles a worker's report about this recording. */
    void report(RecordingReport.OfRecording report) {
        switch (report) {
            case RecordingReport.Journaled _ -> {
                if (stage == Stage.STARTING) {
                    enter(Stage.IDLE);
                }
            }
            case Recovered recovered -> handleRecovered(recovered.finding());
            case Written written -> handleWritten(written.outcome());
            case RecordingReport.Replayed replayed -> {
                enter(Stage.IDLE);
                retry.noteSuccess();
                problems.resolve(Kind.UNREADABLE);
                text.acceptReplayed(replayed);
            }
            case RecordingReport.ReplayFailed failed -> {
                enter(Stage.FAILED);
                // Each attempt may read the whole tape.
                retry.noteCostlyFailure(stageSince);
                problems.reportUnreadable(failed.message());
            }
        }
        advance();
    }

    private void handleRecovered(Recovered.Finding outcome) {
        switch (outcome) {
            case Recovered.Settled settled -> handleSettled(settled);
            case Recovered.Blocked(var refusal) -> handleRefused(refusal);
            case Recovered.Unseen(var message) -> {
                handleFailure();
                problems.reportUnseen(message);
            }
        }
    }

    private void handleSettled(Recovered.Settled settled) {
        enter(Stage.IDLE);
        problems.resolve(Kind.UNSEEN);
        boolean wasGone = fileIsGone;
        fileIsGone = false;
        if (!settled.progress().equals(progress)) {
            continueFrom(settled.progress());
        }
        settled.uncertain().ifPresent(problems::reportUncertain);
        boolean begun = progress.chunk() > 0;
        if (begun && wasGone && settled.size() < 0 && !restarting) {
            restarting = true;
            problems.reportRestarted();
        }
        fileIsThere = begun && (!restarting || settled.size() >= 0);
        if (!begun || restarting) {
            text.begin(progress.mark(), settled.size(), !restarting && session.wroteBefore(plan));
        }
    }

    private void continueFrom(RecordingProgress found) {
        Mark before = progress.mark();
        progress = found;
        session.journalLazily(new ChunkDone(plan.recordingId(), progress));
        if (text.endOfPieceInHand().equals(Optional.of(found.mark()))) {
            text.dropPieceInHand();
        } else if (found.mark().equals(before)) {
            restarting = false;
        } else {
            text.startOver(progress.mark());
        }
    }

    private void handleWritten(Written.Outcome outcome) {
        switch (outcome) {
            case Written.Done(var done) -> {
                enter(Stage.IDLE);
                if (text.confirmWritten()) {
                    restarting = false;
                }
                progress = done;
                fileIsThere = true;
                lastWriteAt = Optional.of(done.at());
                problems.resolve(Kind.UNWRITABLE);
                session.journalLazily(new ChunkDone(plan.recordingId(), progress));
            }
            case Written.Vanished _ -> {
                fileIsGone = true;
                waitForEditor();
            }
            case Written.Replaced _, Written.Shortened _ -> waitForEditor();
            case Written.PutBack(var back) -> {
                enter(Stage.IDLE);
                text.noteFailure();
                progress = back;
                problems.resolve(Kind.UNWRITABLE);
                problems.reportPutBack();
                session.journalLazily(new ChunkDone(plan.recordingId(), progress));
                text.startOver(progress.mark());
            }
            case Written.Refused(var refusal) -> handleRefused(refusal);
            case Written.Failed(var message) -> {
                handleFailure();
                problems.reportUnwritable(message);
            }
        }
    }

    private void handleRefused(Refusal refusal) {
        handleFailure();
        problems.reportRefused(refusal);
    }

    private void handleFailure() {
        enter(Stage.FAILED);
        text.noteFailure();
        retry.noteFailure(stageSince);
    }

    private void waitForEditor() {
        handleFailure();
        retry.scheduleIn(EDITORS_GAP, stageSince);
    }

    private void inspect() {
        enter(Stage.RECOVERING);
        inspected = true;
        context.workers().recover(plan, progress);
    }

    /** Retries what is due, and reports work that hangs. */
    void tick(Instant now) {
        if (stage == Stage.FAILED && retry.isDue(now)) {
            inspect();
        }
        if (!now.isAfter(stageSince.plus(HANGS))) {
            return;
        }
        if ((stage == Stage.WRITING || stage == Stage.RECOVERING) && !problems.isReported(Kind.HUNG)) {
            problems.reportHung(stageSince);
        }
        if (stage == Stage.IDLE && until.isPresent() && !problems.isReported(Kind.WAITS) && session.isMissing(plan)) {
            problems.reportWaiting();
        }
    }

    /** Starts the next piece of work, unless one is in progress. */
    void advance() {
        if (problems.isReported(Kind.WAITS) && !session.isMissing(plan)) {
            problems.resolve(Kind.WAITS);
        }
        // After a restart, its source must be seen first.
        Optional<BranchSource> source = stage == Stage.IDLE ? session.source(plan) : Optional.empty();
        if (source.isEmpty() || !session.mayWrite(this)) {
            return;
        }
        if (!inspected) {
            inspect();
            return;
        }
        Optional<Piece> next = text.next();
        if (next.isPresent()) {
            write(next.get(), source.get());
        } else if (text.isLive()) {
            endIfComplete();
        } else {
            catchUp(source.get());
        }
    }

    private void write(Piece piece, BranchSource source) {
        enter(Stage.WRITING);
        RecordingProgress after = progress.onwards(piece.after(), stageSince);
        context.workers()
                .write(new WriteRequest(
                        plan, source.tapeFolder(), fileIsThere, piece.text(), piece.assets(), progress, after));
    }

    private void catchUp(BranchSource source) {
        TapePosition reached = session.position(plan);
        Optional<ReplayRequest> next =
                text.fromTape(source, until.filter(end -> end.isBefore(reached)).orElse(reached));
        if (next.isPresent()) {
            enter(Stage.REPLAYING);
            context.workers().replay(next.get());
        } else {
            context.workers().pauseReplay(plan.recordingId());
            text.goLive();
            endIfComplete();
        }
    }

    /**
     * Ends the recording once the session has reached its end. After a restart the session is read again from the
     * beginning, so the end is known before it is reached.
     */
    private void endIfComplete() {
        if (until.map(end -> !session.position(plan).isBefore(end)).orElse(false)) {
            enter(Stage.ENDED);
            session.journalEnd(plan);
        }
    }
}
