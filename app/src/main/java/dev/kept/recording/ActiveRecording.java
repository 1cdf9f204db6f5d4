package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.Pieces.Piece;
import dev.kept.recording.RecordingReport.Recovered;
import dev.kept.recording.RecordingReport.Written;
import dev.kept.recording.RecordingWorkers.ReplayRequest;
import dev.kept.recording.RecordingWorkers.WriteRequest;
import dev.kept.recording.destination.Refusal;
import dev.kept.recording.journal.JournalEntry.ChunkDone;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.journal.SessionJournal;
import dev.kept.recording.writer.RecordingHeader;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One recording or export at work.
 *
 * <p>It is always doing at most one thing (its {@link Stage}), and it gets its text in one of two ways: <em>live</em>, each
 * new event rendered as it comes, or <em>behind</em>, chunk by chunk from the tape. It starts behind when there is
 * something before it, falls behind when its file is slow and where a subagent's work is to be told, and is live again when
 * the tape has nothing more. So what waits in memory is bounded, and nothing is rendered twice.
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
 * A piece that could not be written is kept, so that a file that fails for days does not have the tape read again and
 * again. Owned by the pipeline thread.
 */
final class ActiveRecording {
    private static final int MAX_WAITING_BYTES = 256 * 1024;
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

    /** Editors move a file away before they write it anew: nobody else should make one in between. */
    private static final Duration EDITORS_GAP = Duration.ofSeconds(2);

    private static final Duration HANGS = Duration.ofSeconds(10);
    private static final String HUNG = "recording.hung";
    private static final String UNWRITABLE = "recording.unwritable";
    private static final String UNSEEN = "recording.unseen";
    private static final String UNREADABLE = "recording.unreadable";
    private static final String WAITS = "recording.waits";

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
    private final Pieces waiting = new Pieces();
    private RecordingProgress progress;
    private Stage stage;
    private Instant stageSince;
    private boolean live;
    private boolean reachedLimit;
    private TapePosition replayLimit = TapePosition.START;

    /** Behind what was rendered last. */
    private Mark rendered;

    private @Nullable RecordingWriter writer;
    private @Nullable Piece beginning;

    /** What is being written, or could not be. */
    private @Nullable Piece inHand;

    private boolean writesBeginning;
    private boolean fileIsThere;
    private boolean fileIsGone;
    private boolean startsAgain;
    private boolean lookedAt;
    private Duration nextRetry = RETRY;
    private Optional<TapePosition> until = Optional.empty();
    private Optional<Instant> lastWriteAt = Optional.empty();
    private Optional<Instant> retryAt = Optional.empty();
    private Optional<String> trouble = Optional.empty();
    private String troubleCode = "";
    private final Set<String> told = new HashSet<>();
    private boolean hangs;

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
        this.rendered = progress.mark();
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
            recording.goLive();
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
                trouble);
    }

    private void enter(Stage next) {
        stage = next;
        stageSince = context.clock().instant();
        if (hangs) {
            hangs = false;
            mended(HUNG);
        }
    }

    private void mended(String code) {
        if (told.remove(code)) {
            context.listener().mended(plan.session(), code);
        }
        if (troubleCode.equals(code)) {
            trouble = Optional.empty();
            troubleCode = "";
        }
    }

    private void begin(long size, boolean own) {
        RecordingWriter fresh = RecordingWriter.start(
                context.format(plan), context.fileName(plan), session.speaker(), context.style(plan));
        // A recording that goes on in its session's own file goes on without a word; a whole conversation says where it
        // begins.
        boolean goesOn = own && (session.isContinuation(plan) || !plan.from().equals(TapePosition.START));
        if (size <= 0 || !goesOn) {
            RecordingHeader.Place place =
                    size <= 0 ? RecordingHeader.Place.NEW_FILE : RecordingHeader.Place.BELOW_OTHER_TEXT;
            Rendered text = fresh.begin(session.header(plan, place));
            if (!text.text().isEmpty()) {
                beginning = Piece.of(text, progress.mark());
            }
        }
    }

    /** The next event of the session's main line. */
    void deliver(ConversationEvent event) {
        TapePosition place = event.header().source().position();
        boolean mine = !place.isBefore(plan.from())
                && !place.isBefore(progress.next())
                && until.map(place::isBefore).orElse(true);
        RecordingWriter renders = writer;
        if (!live || !mine || renders == null) {
            goOn();
            return;
        }
        Optional<String> work =
                TapeRenderer.workBefore(event, context.style(plan).subagents());
        boolean told = work.isPresent() && rendered.justTold().equals(work);
        if (rendered.written() > 0 || (work.isPresent() && !told)) {
            // The rest of a turn that was cut by the end of a run, or a subagent's work: the tape has it.
            fallBehind();
        } else {
            Mark from = rendered.before(place, renders.state());
            Rendered text = renders.append(event);
            rendered = rendered.onwards(place.next(), renders.state());
            waiting.add(text, from, rendered);
            if (waiting.bytes() > MAX_WAITING_BYTES && stage != Stage.IDLE) {
                fallBehind();
            }
        }
        goOn();
    }

    /** Events were passed over: the tape has them. */
    void missed() {
        if (live) {
            fallBehind();
        }
        goOn();
    }

    /** It ends before that place. */
    void endAt(TapePosition place) {
        until = Optional.of(place);
        goOn();
    }

    private void fallBehind() {
        live = false;
        reachedLimit = false;
        waiting.clear();
        writer = null;
        Piece kept = inHand;
        rendered = kept == null ? progress.mark() : kept.after();
    }

    /** Takes what a worker reports about this recording. */
    void report(RecordingReport report) {
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
                nextRetry = RETRY;
                mended(UNREADABLE);
                reachedLimit = replayed.reachedLimit();
                rendered = replayed.to();
                waiting.add(replayed.rendered(), replayed.from(), replayed.to());
            }
            case RecordingReport.ReplayFailed failed ->
                fail(UNREADABLE, failed.message(), "The tape is damaged: see kept doctor.");
            case RecordingReport.JournalTrouble _, RecordingReport.Prepared _, RecordingReport.ReadersHold _ -> {}
        }
        goOn();
    }

    private void recovered(Recovered.Finding outcome) {
        switch (outcome) {
            case Recovered.Settled settled -> settled(settled);
            case Recovered.Blocked(var refusal) -> refused(refusal);
            case Recovered.Unseen(var message) -> fail(UNSEEN, message, retried());
        }
    }

    private void settled(Recovered.Settled settled) {
        enter(Stage.IDLE);
        mended(UNSEEN);
        boolean wasGone = fileIsGone;
        fileIsGone = false;
        if (!settled.progress().equals(progress)) {
            goOnFrom(settled.progress());
        }
        settled.uncertain()
                .ifPresent(message -> context.listener()
                        .problem(
                                plan.session(),
                                "recording.uncertain",
                                message,
                                "Look at the end of " + plan.path() + ": at most one turn is missing there."));
        fileIsThere = progress.chunk() > 0;
        beginning = null;
        if (progress.chunk() == 0) {
            begin(Math.max(0, settled.size()), session.wroteBefore(plan));
        } else if (startsAgain) {
            fileIsThere = settled.size() >= 0;
            begin(Math.max(0, settled.size()), false);
        } else if (wasGone && settled.size() < 0) {
            fileIsThere = false;
            startsAgain = true;
            context.listener()
                    .problem(
                            plan.session(),
                            "recording.restarted",
                            plan.path() + " was gone; it goes on in a new file.",
                            "Nothing to do. The conversation so far: kept export "
                                    + plan.session().sessionId());
            begin(0, false);
        }
    }

    private void goOnFrom(RecordingProgress found) {
        Mark before = progress.mark();
        Piece kept = inHand;
        progress = found;
        session.journalLazily(new ChunkDone(plan.recordingId(), progress));
        if (kept != null && found.mark().equals(kept.after())) {
            inHand = null;
        } else if (found.mark().equals(before)) {
            startsAgain = false;
        } else {
            inHand = null;
            fallBehind();
        }
    }

    private void written(Written.Outcome outcome) {
        switch (outcome) {
            case Written.Done(var done) -> {
                enter(Stage.IDLE);
                if (writesBeginning) {
                    writesBeginning = false;
                    startsAgain = false;
                } else {
                    inHand = null;
                }
                progress = done;
                fileIsThere = true;
                nextRetry = RETRY;
                lastWriteAt = Optional.of(done.at());
                mended(UNWRITABLE);
                mended(UNSEEN);
                session.journalLazily(new ChunkDone(plan.recordingId(), progress));
            }
            case Written.Vanished _ -> {
                fileIsGone = true;
                waitFor(EDITORS_GAP);
            }
            case Written.Replaced _ -> waitFor(EDITORS_GAP);
            case Written.Refused(var refusal) -> refused(refusal);
            case Written.Failed(var message) -> fail(UNWRITABLE, message, retried());
        }
    }

    private void refused(Refusal refusal) {
        if (trouble.isEmpty()) {
            context.listener().denied(plan.session(), refusal);
        }
        fail(UNWRITABLE, refusal.message(), refusal.remedy());
    }

    private static String retried() {
        return "It is tried again every few seconds; nothing is lost.";
    }

    private void fail(String code, String message, String remedy) {
        boolean unreadable = stage == Stage.REPLAYING;
        waitFor(nextRetry);
        if (unreadable) {
            // Each try may read all of the tape.
            nextRetry =
                    nextRetry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? nextRetry.multipliedBy(2) : LONGEST_RETRY;
        }
        tell(code, message, remedy);
    }

    private void waitFor(Duration time) {
        enter(Stage.FAILED);
        retryAt = Optional.of(context.clock().instant().plus(time));
        // A beginning is made again, for the file as it is then.
        writesBeginning = false;
    }

    private void tell(String code, String message, String remedy) {
        trouble = Optional.of(message);
        troubleCode = code;
        told.add(code);
        context.listener().problem(plan.session(), code, message, remedy);
    }

    private void look() {
        enter(Stage.RECOVERING);
        lookedAt = true;
        context.workers().recover(plan, progress);
    }

    /** Time has passed. */
    void tick(Instant now) {
        if (stage == Stage.FAILED && retryAt.map(at -> !now.isBefore(at)).orElse(false)) {
            look();
        }
        boolean atItsFile = stage == Stage.WRITING || stage == Stage.RECOVERING;
        if (atItsFile && !hangs && now.isAfter(stageSince.plus(HANGS))) {
            hangs = true;
            tell(
                    HUNG,
                    plan.path() + " has not answered since " + stageSince + ".",
                    "Look at the disk or the network folder it is on; the recording goes on when that answers.");
        }
        tellThatItWaits(now);
    }

    /** What its conversation left has to be written first, and may never be read again. */
    private void tellThatItWaits(Instant now) {
        boolean waits = stage == Stage.IDLE && until.isPresent() && now.isAfter(stageSince.plus(HANGS));
        if (waits && !told.contains(WAITS) && session.isMissing(plan)) {
            tell(
                    WAITS,
                    plan.path() + " stands still: a file of its conversation, from which the rest of it is to be"
                            + " written first, is not read any more.",
                    "If that file does not come back, record to another note: kept record "
                            + plan.session().sessionId() + " --capture -o FILE");
        }
    }

    /** Does the next thing, if it is doing nothing. */
    void goOn() {
        if (told.contains(WAITS) && !session.isMissing(plan)) {
            mended(WAITS);
        }
        // After a restart its source has to be met first.
        if (stage != Stage.IDLE || session.source(plan).isEmpty() || !session.mayWrite(this)) {
            return;
        }
        if (!lookedAt) {
            look();
            return;
        }
        Piece first = beginning;
        Piece kept = inHand;
        Optional<Piece> next = first == null && kept == null ? waiting.poll() : Optional.empty();
        if (first != null) {
            beginning = null;
            writesBeginning = true;
            write(first);
        } else if (kept != null) {
            write(kept);
        } else if (next.isPresent()) {
            inHand = next.get();
            write(next.get());
        } else if (live) {
            endIfThrough();
        } else {
            catchUp();
        }
    }

    private LineSource source() {
        return session.source(plan).orElseThrow(() -> new IllegalStateException(plan + " has no source yet"));
    }

    private void write(Piece piece) {
        enter(Stage.WRITING);
        RecordingProgress after = new RecordingProgress(
                progress.chunk() + 1,
                piece.after(),
                progress.fileKey(),
                progress.size(),
                context.clock().instant());
        context.workers()
                .write(new WriteRequest(
                        plan, source().tapeFolder(), fileIsThere, piece.text(), piece.assets(), progress, after));
    }

    private void catchUp() {
        TapePosition limit =
                until.filter(end -> end.isBefore(session.position(plan))).orElse(session.position(plan));
        if (reachedLimit && replayLimit.equals(limit)) {
            context.workers().pauseReplay(plan.recordingId());
            goLive();
            endIfThrough();
        } else {
            enter(Stage.REPLAYING);
            replayLimit = limit;
            reachedLimit = false;
            context.workers().replay(new ReplayRequest(plan, source(), rendered, limit));
        }
    }

    private void goLive() {
        live = true;
        writer = RecordingWriter.resume(
                context.format(plan),
                context.fileName(plan),
                session.speaker(),
                context.style(plan),
                rendered.writerState());
    }

    /** After a restart the session is read again from its beginning: its end is known before it is reached. */
    private void endIfThrough() {
        if (until.map(end -> !session.position(plan).isBefore(end)).orElse(false)) {
            enter(Stage.ENDED);
            session.journalEnd(plan);
        }
    }
}
