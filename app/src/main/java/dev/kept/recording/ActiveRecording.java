package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.RecordingWorkers.ReplayRequest;
import dev.kept.recording.RecordingWorkers.WriteRequest;
import dev.kept.recording.journal.JournalEntry.ChunkDone;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.journal.SessionJournal;
import dev.kept.recording.writer.Asset;
import dev.kept.recording.writer.RecordingHeader;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One recording or export at work.
 *
 * <p>It is always doing at most one thing (its {@link Stage}), and it gets its text in one of two ways: <em>live</em>, each
 * new event rendered as it comes, or <em>behind</em>, chunk by chunk from the tape. It starts behind when there is
 * something before it, falls behind when its file is slow or fails, and is live again when the tape has nothing more. So
 * what waits in memory is bounded, and nothing is rendered twice.
 *
 * <pre>
 * STARTING ──journaled──► IDLE ◄──────┬──────────────┐
 * IDLE ──first of all──► RECOVERING ──recovered──► IDLE
 *                         IDLE ──► WRITING ──done──► IDLE
 *                         IDLE ──► REPLAYING ──► IDLE (text to write)
 *                         WRITING ──failed──► FAILED ──5 s──► RECOVERING
 *                         IDLE ──nothing left before the end──► ENDED
 * </pre>
 *
 * Owned by the pipeline thread.
 */
final class ActiveRecording {
    private static final int MAX_CHUNK_BYTES = 64 * 1024;
    private static final int MAX_WAITING_BYTES = 256 * 1024;
    private static final long RETRY_SECONDS = 5;

    private enum Stage {
        STARTING,
        RECOVERING,
        IDLE,
        WRITING,
        REPLAYING,
        FAILED,
        ENDED
    }

    /** Text that waits to be written, and the recording's progress once it is. */
    private record Piece(String text, List<Asset> assets, TapePosition next, String writerState, int bytes) {
        Piece plus(Piece later) {
            return new Piece(
                    text + later.text,
                    new Rendered("", assets)
                            .plus(new Rendered("", later.assets))
                            .assets(),
                    later.next,
                    later.writerState,
                    bytes + later.bytes);
        }
    }

    private final RecordingContext context;
    private final SessionRecorder session;
    private final RecordingPlan plan;
    private final Deque<Piece> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private RecordingProgress progress;
    private Stage stage;
    private boolean live;
    private boolean reachedLimit;
    private TapePosition replayLimit = TapePosition.START;
    private TapePosition replayNext = TapePosition.START;
    private String replayState = "";
    private @Nullable RecordingWriter writer;
    private @Nullable Piece beginning;
    private boolean fileIsThere;
    private boolean lookedAt;
    private Optional<TapePosition> until = Optional.empty();
    private Optional<Instant> lastWriteAt = Optional.empty();
    private Optional<Instant> retryAt = Optional.empty();
    private Optional<String> trouble = Optional.empty();

    private ActiveRecording(
            RecordingContext context,
            SessionRecorder session,
            RecordingPlan plan,
            RecordingProgress progress,
            Stage stage) {
        this.context = context;
        this.session = session;
        this.plan = plan;
        this.progress = progress;
        this.stage = stage;
    }

    /**
     * A recording that was just asked for; it waits until that is durable, and until no earlier recording writes to its
     * file. What stands there is looked at only then.
     */
    static ActiveRecording starting(RecordingContext context, SessionRecorder session, RecordingPlan plan) {
        ActiveRecording recording =
                new ActiveRecording(context, session, plan, RecordingProgress.atStart(plan), Stage.STARTING);
        recording.fallBehind();
        if (!plan.from().isBefore(session.position())) {
            recording.goLive();
        }
        return recording;
    }

    /** A recording of an earlier run; it finds out first how far it really is. */
    static ActiveRecording resumed(RecordingContext context, SessionRecorder session, SessionJournal.Open open) {
        ActiveRecording recording = new ActiveRecording(context, session, open.plan(), open.progress(), Stage.IDLE);
        recording.fallBehind();
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

    private void begin(long size, boolean own) {
        RecordingWriter fresh = RecordingWriter.start(
                context.format(plan), context.fileName(plan), session.speaker(), context.style(plan));
        // A recording that goes on in its session's own file goes on without a word; a whole conversation says where it
        // begins.
        boolean goesOn = own && !plan.from().equals(TapePosition.START);
        if (size <= 0 || !goesOn) {
            RecordingHeader.Place place =
                    size <= 0 ? RecordingHeader.Place.NEW_FILE : RecordingHeader.Place.BELOW_OTHER_TEXT;
            Rendered rendered = fresh.begin(session.header(plan, place));
            if (!rendered.text().isEmpty()) {
                beginning = piece(rendered, progress.next(), fresh.state());
            }
        }
    }

    private static Piece piece(Rendered rendered, TapePosition next, String writerState) {
        // Texts for files beside the note wait in memory too.
        int bytes = rendered.text().getBytes(StandardCharsets.UTF_8).length
                + (int) (rendered.heldChars() - rendered.text().length());
        return new Piece(rendered.text(), rendered.assets(), next, writerState, bytes);
    }

    private void add(Rendered rendered, TapePosition next, String writerState) {
        if (rendered.text().isEmpty()) {
            return;
        }
        Piece piece = piece(rendered, next, writerState);
        Piece last = waiting.peekLast();
        if (last != null && last.bytes() + piece.bytes() <= MAX_CHUNK_BYTES) {
            waiting.removeLast();
            waiting.addLast(last.plus(piece));
        } else {
            waiting.addLast(piece);
        }
        waitingBytes += piece.bytes();
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
        add(renders.append(event), place.next(), renders.state());
        if (waitingBytes > MAX_WAITING_BYTES && stage != Stage.IDLE) {
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
        waitingBytes = 0;
        writer = null;
        replayNext = progress.next();
        replayState = progress.writerState();
    }

    /** Takes what a worker reports about this recording. */
    void report(RecordingReport report) {
        switch (report) {
            case RecordingReport.Journaled _ -> {
                if (stage == Stage.STARTING) {
                    stage = Stage.IDLE;
                }
            }
            case RecordingReport.Recovered recovered -> recovered(recovered);
            case RecordingReport.Written written -> written(written.outcome());
            case RecordingReport.Replayed replayed -> {
                stage = Stage.IDLE;
                reachedLimit = replayed.reachedLimit();
                replayNext = replayed.next();
                replayState = replayed.writerState();
                add(new Rendered(replayed.text(), replayed.assets()), replayed.next(), replayed.writerState());
            }
            case RecordingReport.ReplayFailed failed ->
                fail("recording.unreadable", failed.message(), "The tape is damaged: see kept doctor.");
            case RecordingReport.JournalTrouble _, RecordingReport.Prepared _ -> {}
        }
        goOn();
    }

    private void recovered(RecordingReport.Recovered recovered) {
        stage = Stage.IDLE;
        if (!recovered.progress().equals(progress)) {
            progress = recovered.progress();
            session.journalLazily(new ChunkDone(plan.recordingId(), progress));
            fallBehind();
        }
        recovered
                .uncertain()
                .ifPresent(message -> context.listener()
                        .problem(
                                plan.session(),
                                "recording.uncertain",
                                message,
                                "Look at the end of " + plan.path() + ": at most one turn is missing there."));
        fileIsThere = progress.chunk() > 0;
        beginning = null;
        if (progress.chunk() == 0) {
            begin(Math.max(0, recovered.size()), session.wroteBefore(plan));
        }
    }

    private void written(RecordingReport.Written.Outcome outcome) {
        switch (outcome) {
            case RecordingReport.Written.Done(var done) -> {
                stage = Stage.IDLE;
                progress = done;
                fileIsThere = true;
                if (!progress.next().isBefore(replayNext)) {
                    replayNext = progress.next();
                    replayState = progress.writerState();
                }
                lastWriteAt = Optional.of(done.at());
                if (trouble.isPresent()) {
                    trouble = Optional.empty();
                    context.listener().mended(plan.session(), "recording.unwritable");
                }
                session.journalLazily(new ChunkDone(plan.recordingId(), progress));
            }
            case RecordingReport.Written.Vanished _ -> {
                stage = Stage.IDLE;
                fallBehind();
                fileIsThere = false;
                context.listener()
                        .problem(
                                plan.session(),
                                "recording.restarted",
                                plan.path() + " was gone; it goes on in a new file.",
                                "Nothing to do. The conversation so far: kept export "
                                        + plan.session().sessionId());
                begin(0, false);
            }
            case RecordingReport.Written.Refused(var refusal) -> {
                if (trouble.isEmpty()) {
                    context.listener().denied(plan.session(), refusal);
                }
                fail("recording.unwritable", refusal.message(), refusal.remedy());
            }
            case RecordingReport.Written.Failed(var message) ->
                fail(
                        "recording.unwritable",
                        message,
                        "It is tried again every " + RETRY_SECONDS + " s; nothing is lost.");
        }
    }

    private void fail(String code, String message, String remedy) {
        stage = Stage.FAILED;
        fallBehind();
        retryAt = Optional.of(context.clock().instant().plusSeconds(RETRY_SECONDS));
        trouble = Optional.of(message);
        context.listener().problem(plan.session(), code, message, remedy);
    }

    private void look() {
        stage = Stage.RECOVERING;
        lookedAt = true;
        context.workers().recover(plan, progress);
    }

    /** Time has passed. */
    void tick(Instant now) {
        if (stage == Stage.FAILED && retryAt.map(at -> !now.isBefore(at)).orElse(false)) {
            look();
        }
    }

    /** Does the next thing, if it is doing nothing. */
    void goOn() {
        if (stage != Stage.IDLE || !session.mayWrite(this)) {
            return;
        }
        if (!lookedAt) {
            look();
            return;
        }
        Piece first = beginning;
        Piece next = waiting.peekFirst();
        if (first != null) {
            beginning = null;
            write(first);
        } else if (next != null) {
            waiting.removeFirst();
            waitingBytes -= next.bytes();
            write(next);
        } else if (live) {
            endIfThrough();
        } else {
            catchUp();
        }
    }

    private void write(Piece piece) {
        stage = Stage.WRITING;
        RecordingProgress after = new RecordingProgress(
                progress.chunk() + 1,
                piece.next(),
                piece.writerState(),
                progress.fileKey(),
                progress.size(),
                context.clock().instant());
        context.workers()
                .write(new WriteRequest(
                        plan, session.tapeFolder(), fileIsThere, piece.text(), piece.assets(), progress, after));
    }

    private void catchUp() {
        TapePosition limit =
                until.filter(end -> end.isBefore(session.position())).orElse(session.position());
        if (reachedLimit && replayLimit.equals(limit)) {
            context.workers().endReplay(plan.recordingId());
            goLive();
            endIfThrough();
        } else if (session.known()) {
            stage = Stage.REPLAYING;
            replayLimit = limit;
            reachedLimit = false;
            context.workers()
                    .replay(new ReplayRequest(
                            plan,
                            session.provider(),
                            session.kind(),
                            session.tapeFolder(),
                            replayNext,
                            limit,
                            replayState));
        }
    }

    private void goLive() {
        live = true;
        writer = RecordingWriter.resume(
                context.format(plan), context.fileName(plan), session.speaker(), context.style(plan), replayState);
    }

    /** After a restart the session is read again from its beginning: its end is known before it is reached. */
    private void endIfThrough() {
        if (until.map(end -> !session.position().isBefore(end)).orElse(false)) {
            stage = Stage.ENDED;
            session.journalEnd(plan);
        }
    }
}
