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
 * <p>It comes in one of two ways: <em>live</em>, each new event rendered as it is delivered, or <em>behind</em>, chunk
 * by chunk from the tape. It begins behind if events precede it. It falls behind when more text waits than memory
 * allows, and where a subagent's work is to be rendered. It is live again when the tape has nothing more. So the
 * waiting text is bounded, and nothing is rendered twice. A piece that could not be written is kept, so that a file
 * that fails for days does not cause the tape to be read again and again. Owned by the pipeline thread.
 */
final class RecordingText {
    private static final int MAX_WAITING_BYTES = 256 * 1024;

    /**
     * Limit for the waiting text of all recordings together, as long as each has room for {@link #MIN_WAITING_BYTES}.
     */
    private static final int ALL_WAITING_BYTES = 8 * 1024 * 1024;

    private static final int MIN_WAITING_BYTES = 4 * 1024;

    private final RecordingContext context;
    private final RecordedSession session;
    private final RecordingPlan plan;
    private final PendingText waiting = new PendingText();

    /** Mark after the last rendered text. */
    private Mark rendered;

    /** The writer; present while the text is live. */
    private @Nullable RecordingWriter writer;

    /** Position up to which the tape was last requested, and whether all before it was rendered. */
    private TapePosition limit = TapePosition.START;

    private boolean reachedLimit;

    /** Text before the first turn, until it is handed out. */
    private @Nullable Piece beginning;

    /** Piece that was handed out last and is not known to be written. */
    private @Nullable Piece inHand;

    private boolean beginningIsOut;

    /** Creates a text that is behind and has everything before that mark. */
    RecordingText(RecordingContext context, RecordedSession session, RecordingPlan plan, Mark from) {
        this.context = context;
        this.session = session;
        this.plan = plan;
        this.rendered = from;
    }

    boolean isLive() {
        return writer != null;
    }

    /** Switches to rendering events as they are delivered. */
    void goLive() {
        writer = RecordingWriter.resume(
                context.format(plan),
                context.fileName(plan),
                session.speaker(),
                context.style(plan),
                rendered.writerState());
    }

    /**
     * Switches to rendering from the tape: from the piece in hand on, or from where the recording is.
     *
     * @param written the mark up to which it is written
     */
    void fallBehind(Mark written) {
        Piece kept = inHand;
        writer = null;
        reachedLimit = false;
        waiting.clear();
        rendered = kept == null ? written : kept.after();
    }

    /** Notes that events were skipped; they will be read from the tape. */
    void noteSkipped(Mark written) {
        if (isLive()) {
            fallBehind(written);
        }
    }

    /**
     * Accepts the recording's next event.
     *
     * @param isTaken whether waiting text is written at once
     * @return false if the event must be read from the tape
     */
    boolean accept(ConversationEvent event, boolean isTaken) {
        RecordingWriter renders = writer;
        if (renders == null) {
            return true;
        }
        Optional<String> work =
                TapeRenderer.workBefore(event, context.style(plan).subagents());
        boolean workRendered = work.isPresent() && rendered.justRendered().equals(work);
        if (rendered.written() > 0 || (work.isPresent() && !workRendered)) {
            // The rest of a turn that the end of a run cut, or a subagent's work, must be read from the tape.
            return false;
        }
        TapePosition place = event.header().source().position();
        Mark from = rendered.before(place, renders.state());
        Rendered text = renders.append(event);
        rendered = rendered.onwards(place.next(), renders.state());
        waiting.add(text, from, rendered);
        return isTaken || waiting.bytes() <= mostWaiting(session.openRecordings());
    }

    /** Returns the limit for the waiting text of one recording, in bytes, for that number of open recordings. */
    static int mostWaiting(int openRecordings) {
        return Math.clamp(ALL_WAITING_BYTES / Math.max(1, openRecordings), MIN_WAITING_BYTES, MAX_WAITING_BYTES);
    }

    /** Returns a request for the next part from the tape, up to that position; empty if all before it was rendered. */
    Optional<ReplayRequest> fromTape(BranchSource source, TapePosition until) {
        if (reachedLimit && limit.equals(until)) {
            return Optional.empty();
        }
        limit = until;
        reachedLimit = false;
        return Optional.of(new ReplayRequest(plan, source, rendered, until));
    }

    /** Accepts such a part. */
    void acceptReplayed(RecordingReport.Replayed part) {
        reachedLimit = part.reachedLimit();
        rendered = part.to();
        waiting.add(part.rendered(), part.from(), part.to());
    }

    /** Returns the next piece to write, if there is one. It stays the same until {@link #confirmWritten}. */
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

    /** Notes that the piece handed out last was written. Returns whether it was a beginning. */
    boolean confirmWritten() {
        boolean wasBeginning = beginningIsOut;
        beginningIsOut = false;
        if (!wasBeginning) {
            inHand = null;
        }
        return wasBeginning;
    }

    /**
     * Notes that the piece handed out last could not be written. A beginning is made again, for the file as it is then.
     */
    void noteFailure() {
        beginningIsOut = false;
    }

    /** Returns the mark at which the piece in hand ends. */
    Optional<Mark> endOfPieceInHand() {
        return Optional.ofNullable(inHand).map(Piece::after);
    }

    /** Drops the piece in hand, because the file already holds it. */
    void dropPieceInHand() {
        inHand = null;
    }

    /** Renders everything from that mark on again, because the file ends elsewhere than was known here. */
    void startOver(Mark written) {
        inHand = null;
        fallBehind(written);
    }

    /**
     * Creates the text before the first turn, if any is needed.
     *
     * @param mark the mark that the recording has reached
     * @param size of the file in bytes; -1 if it does not exist
     * @param own whether the session wrote to it before
     */
    void begin(Mark mark, long size, boolean own) {
        // A recording that continues in its session's own file says nothing; a whole conversation says where it begins.
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
