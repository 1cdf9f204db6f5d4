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
 * One recording or export at work.
 *
 * <p>It is always doing at most one thing (its {@link Stage}): it looks at its file, has a part of its {@link RecordingText}
 * rendered from the tape, or writes a piece of that. What goes wrong people are told by {@link RecordingProblems}.
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
    /** Editors move a file away before they write it anew: nobody else should make one in between. */
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
    private final RecordingProblems trouble;
    private final Retry retry = new Retry();
    private RecordingProgress progress;
    private Stage stage;
    private Instant stageSince;
    private boolean fileIsThere;
    private boolean fileIsGone;
    private boolean startsAgain;
    private boolean lookedAt;
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
        this.trouble = new RecordingProblems(context.listener(), plan);
        this.stage = stage;
        this.stageSince = context.clock().instant();
    }

    /**
     * A recording that was just asked for; it waits until that is durable, and until no earlier recording writes to its
     * file. What stands there is looked at only then.
     */
    static ActiveRecording starting(RecordingContext context, RecordedSession session, RecordingPlan plan) {
        ActiveRecording recording =
                new ActiveRecording(context, session, plan, RecordingProgress.atStart(plan), Stage.STARTING);
        if (!plan.from().isBefore(session.position(plan))) {
            recording.text.goLive();
        }
        return recording;
    }

    /** A recording of an earlier run; it finds out first how far it really is. */
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
                trouble.message());
    }

    private void enter(Stage next) {
        stage = next;
        stageSince = context.clock().instant();
        trouble.mended(Kind.HUNG);
    }

    /** The next event of the session's main line. */
    void deliver(ConversationEvent event) {
        TapePosition place = event.header().source().position();
        boolean mine = !place.isBefore(plan.from())
                && !place.isBefore(progress.next())
                && until.map(place::isBefore).orElse(true);
        if (mine && !text.take(event, stage == Stage.IDLE)) {
            text.fallBehind(progress.mark());
        }
        goOn();
    }

    /** Its session is where an earlier run left it: if all up to there is written, what comes need not be read from the tape. */
    void takenUp() {
        if (!progress.next().isBefore(session.position(plan))) {
            text.goLive();
        }
        goOn();
    }

    /** Events were passed over: the tape has them. */
    void missed() {
        text.missed(progress.mark());
        goOn();
    }

    /** It ends before that place. */
    void endAt(TapePosition place) {
        until = Optional.of(place);
        goOn();
    }

    /** Takes what a worker reports about this recording. */
    void report(RecordingReport.OfRecording report) {
        switch (report) {
            case RecordingReport.Journaled _ -> {
                if (stage == Stage.STARTING) {
                    enter(Stage.IDLE);
                }
            }
            case Recovered recovered -> recovered(recovered.finding());
            case Written written -> written(written.outcome());
            case RecordingReport.Replayed replayed -> {
                enter(Stage.IDLE);
                retry.succeeded();
                trouble.mended(Kind.UNREADABLE);
                text.replayed(replayed);
            }
            case RecordingReport.ReplayFailed failed -> {
                enter(Stage.FAILED);
                // Each try may read all of the tape.
                retry.failedAtACost(stageSince);
                trouble.unreadable(failed.message());
            }
        }
        goOn();
    }

    private void recovered(Recovered.Finding outcome) {
        switch (outcome) {
            case Recovered.Settled settled -> settled(settled);
            case Recovered.Blocked(var refusal) -> refused(refusal);
            case Recovered.Unseen(var message) -> {
                failed();
                trouble.unseen(message);
            }
        }
    }

    private void settled(Recovered.Settled settled) {
        enter(Stage.IDLE);
        trouble.mended(Kind.UNSEEN);
        boolean wasGone = fileIsGone;
        fileIsGone = false;
        if (!settled.progress().equals(progress)) {
            goOnFrom(settled.progress());
        }
        settled.uncertain().ifPresent(trouble::uncertain);
        boolean begun = progress.chunk() > 0;
        if (begun && wasGone && settled.size() < 0 && !startsAgain) {
            startsAgain = true;
            trouble.restarted();
        }
        fileIsThere = begun && (!startsAgain || settled.size() >= 0);
        if (!begun || startsAgain) {
            text.begin(progress.mark(), settled.size(), !startsAgain && session.wroteBefore(plan));
        }
    }

    private void goOnFrom(RecordingProgress found) {
        Mark before = progress.mark();
        progress = found;
        session.journalLazily(new ChunkDone(plan.recordingId(), progress));
        if (text.endOfPieceInHand().equals(Optional.of(found.mark()))) {
            text.dropPieceInHand();
        } else if (found.mark().equals(before)) {
            startsAgain = false;
        } else {
            text.startOver(progress.mark());
        }
    }

    private void written(Written.Outcome outcome) {
        switch (outcome) {
            case Written.Done(var done) -> {
                enter(Stage.IDLE);
                if (text.written()) {
                    startsAgain = false;
                }
                progress = done;
                fileIsThere = true;
                lastWriteAt = Optional.of(done.at());
                trouble.mended(Kind.UNWRITABLE);
                session.journalLazily(new ChunkDone(plan.recordingId(), progress));
            }
            case Written.Vanished _ -> {
                fileIsGone = true;
                waitForEditor();
            }
            case Written.Replaced _, Written.Shortened _ -> waitForEditor();
            case Written.PutBack(var back) -> {
                enter(Stage.IDLE);
                text.failed();
                progress = back;
                trouble.mended(Kind.UNWRITABLE);
                trouble.putBack();
                session.journalLazily(new ChunkDone(plan.recordingId(), progress));
                text.startOver(progress.mark());
            }
            case Written.Refused(var refusal) -> refused(refusal);
            case Written.Failed(var message) -> {
                failed();
                trouble.unwritable(message);
            }
        }
    }

    private void refused(Refusal refusal) {
        failed();
        trouble.refused(refusal);
    }

    private void failed() {
        enter(Stage.FAILED);
        text.failed();
        retry.failed(stageSince);
    }

    private void waitForEditor() {
        failed();
        retry.in(EDITORS_GAP, stageSince);
    }

    private void look() {
        enter(Stage.RECOVERING);
        lookedAt = true;
        context.workers().recover(plan, progress);
    }

    /** Time has passed. */
    void tick(Instant now) {
        if (stage == Stage.FAILED && retry.isDue(now)) {
            look();
        }
        if (!now.isAfter(stageSince.plus(HANGS))) {
            return;
        }
        if ((stage == Stage.WRITING || stage == Stage.RECOVERING) && !trouble.wasTold(Kind.HUNG)) {
            trouble.hung(stageSince);
        }
        if (stage == Stage.IDLE && until.isPresent() && !trouble.wasTold(Kind.WAITS) && session.isMissing(plan)) {
            trouble.waits();
        }
    }

    /** Does the next thing, if it is doing nothing. */
    void goOn() {
        if (trouble.wasTold(Kind.WAITS) && !session.isMissing(plan)) {
            trouble.mended(Kind.WAITS);
        }
        // After a restart its source has to be met first.
        Optional<BranchSource> source = stage == Stage.IDLE ? session.source(plan) : Optional.empty();
        if (source.isEmpty() || !session.mayWrite(this)) {
            return;
        }
        if (!lookedAt) {
            look();
            return;
        }
        Optional<Piece> next = text.next();
        if (next.isPresent()) {
            write(next.get(), source.get());
        } else if (text.isLive()) {
            endIfThrough();
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
            endIfThrough();
        }
    }

    /** After a restart the session is read again from its beginning: its end is known before it is reached. */
    private void endIfThrough() {
        if (until.map(end -> !session.position(plan).isBefore(end)).orElse(false)) {
            enter(Stage.ENDED);
            session.journalEnd(plan);
        }
    }
}
