package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.contract.RecordingContext;
import dev.kept.recording.contract.RecordingReport;
import dev.kept.recording.contract.RecordingWorkers.ReplayRequest;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.render.PendingText;
import dev.kept.recording.render.PendingText.Piece;
import dev.kept.recording.render.TapeRenderer;
import dev.kept.recording.writer.RecordingHeader;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import dev.kept.replay.BranchSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The text of one recording, piece by piece.
 *
 * <p>It comes in one of two ways: <em>live</em>, each new event rendered as it is delivered, or <em>behind</em>, chunk by
 * chunk from the tape. It begins behind when there is something before it, falls behind when more waits than is held, and
 * where a subagent's work is to be told, and is live again when the tape has nothing more. So what waits in memory is
 * bounded, and nothing is rendered twice. A piece that could not be written is kept, so that a file that fails for days does
 * not have the tape read again and again. Owned by the pipeline thread.
 */
final class RecordingText {
    private static final int MAX_WAITING_BYTES = 256 * 1024;

    /** What waits of all recordings together, as long as each has room for {@link #MIN_WAITING_BYTES}. */
    private static final int ALL_WAITING_BYTES = 8 * 1024 * 1024;

    private static final int MIN_WAITING_BYTES = 4 * 1024;

    private final RecordingContext context;
    private final RecordedSession session;
    private final RecordingPlan plan;
    private final PendingText waiting = new PendingText();

    /** Behind what was rendered last. */
    private Mark rendered;

    /** There while it is live. */
    private @Nullable RecordingWriter writer;

    /** Up to where the tape was asked for last, and whether all before it was rendered. */
    private TapePosition limit = TapePosition.START;

    private boolean reachedLimit;

    /** What stands before the first turn, until it is handed out. */
    private @Nullable Piece beginning;

    /** What was handed out after it and is not known to be written. */
    private @Nullable Piece inHand;

    private boolean beginningIsOut;

    /** Behind everything before that mark. */
    RecordingText(RecordingContext context, RecordedSession session, RecordingPlan plan, Mark from) {
        this.context = context;
        this.session = session;
        this.plan = plan;
        this.rendered = from;
    }

    boolean isLive() {
        return writer != null;
    }

    /** What is rendered comes from events from now on. */
    void goLive() {
        writer = RecordingWriter.resume(
                context.format(plan),
                context.fileName(plan),
                session.speaker(),
                context.style(plan),
                rendered.writerState());
    }

    /**
     * What comes next is rendered from the tape: from the piece in hand on, or from where the recording is.
     *
     * @param written up to where it is written
     */
    void fallBehind(Mark written) {
        Piece kept = inHand;
        writer = null;
        reachedLimit = false;
        waiting.clear();
        rendered = kept == null ? written : kept.after();
    }

    /** Events were passed over: the tape has them. */
    void missed(Mark written) {
        if (isLive()) {
            fallBehind(written);
        }
    }

    /**
     * The next event that is the recording's.
     *
     * @param isTaken whether what waits is taken at once
     * @return false if it has to come from the tape
     */
    boolean take(ConversationEvent event, boolean isTaken) {
        RecordingWriter renders = writer;
        if (renders == null) {
            return true;
        }
        Optional<String> work =
                TapeRenderer.workBefore(event, context.style(plan).subagents());
        boolean told = work.isPresent() && rendered.justTold().equals(work);
        if (rendered.written() > 0 || (work.isPresent() && !told)) {
            // The rest of a turn that was cut by the end of a run, or a subagent's work: the tape has it.
            return false;
        }
        TapePosition place = event.header().source().position();
        Mark from = rendered.before(place, renders.state());
        Rendered text = renders.append(event);
        rendered = rendered.onwards(place.next(), renders.state());
        waiting.add(text, from, rendered);
        return isTaken || waiting.bytes() <= mostWaiting(session.openRecordings());
    }

    /** How many bytes of text may wait for a recording, of so many that are open. */
    static int mostWaiting(int openRecordings) {
        return Math.clamp(ALL_WAITING_BYTES / Math.max(1, openRecordings), MIN_WAITING_BYTES, MAX_WAITING_BYTES);
    }

    /** The next part of what is behind, up to there; empty if all before it was rendered. */
    Optional<ReplayRequest> fromTape(BranchSource source, TapePosition until) {
        if (reachedLimit && limit.equals(until)) {
            return Optional.empty();
        }
        limit = until;
        reachedLimit = false;
        return Optional.of(new ReplayRequest(plan, source, rendered, until));
    }

    /** Such a part. */
    void replayed(RecordingReport.Replayed part) {
        reachedLimit = part.reachedLimit();
        rendered = part.to();
        waiting.add(part.rendered(), part.from(), part.to());
    }

    /** The piece to write next, if there is one: the same until it is {@link #written}. */
    Optional<Piece> next() {
        Piece first = beginning;
        if (first != null) {
            beginning = null;
            beginningIsOut = true;
            return Optional.of(first);
        }
        if (inHand == null) {
            inHand = waiting.poll().orElse(null);
        }
        return Optional.ofNullable(inHand);
    }

    /** The piece that was handed out last stands in the file; answers whether it was a beginning. */
    boolean written() {
        boolean wasBeginning = beginningIsOut;
        beginningIsOut = false;
        if (!wasBeginning) {
            inHand = null;
        }
        return wasBeginning;
    }

    /** The piece that was handed out last could not be written: a beginning is made again, for the file as it is then. */
    void failed() {
        beginningIsOut = false;
    }

    /** Where the piece in hand ends. */
    Optional<Mark> endOfPieceInHand() {
        return Optional.ofNullable(inHand).map(Piece::after);
    }

    /** The piece in hand stands in the file. */
    void dropPieceInHand() {
        inHand = null;
    }

    /** What stands in the file ends elsewhere than was known here: all that comes is rendered from there on. */
    void startOver(Mark written) {
        inHand = null;
        fallBehind(written);
    }

    /**
     * Makes what stands before the first turn, if anything has to.
     *
     * @param mark where the recording is
     * @param size of the file; -1 if it is not there
     * @param own whether the session wrote to it before
     */
    void begin(Mark mark, long size, boolean own) {
        // A recording that goes on in its session's own file goes on without a word; a whole conversation says where it
        // begins.
        boolean goesOn = own && (session.isContinuation(plan) || !plan.from().equals(TapePosition.START));
        if (size > 0 && goesOn) {
            return;
        }
        RecordingHeader.Place place =
                size <= 0 ? RecordingHeader.Place.NEW_FILE : RecordingHeader.Place.BELOW_OTHER_TEXT;
        Rendered text = RecordingWriter.start(
                        context.format(plan), context.fileName(plan), session.speaker(), context.style(plan))
                .begin(session.header(plan, place));
        if (!text.text().isEmpty()) {
            beginning = Piece.of(text, mark);
        }
    }
}
