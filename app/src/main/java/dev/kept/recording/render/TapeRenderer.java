package dev.kept.recording.render;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.AssistantDecision;
import dev.kept.model.ConversationEvent.AssistantMessage;
import dev.kept.model.ConversationEvent.AssistantThinking;
import dev.kept.model.ConversationEvent.ProviderInfo;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.SystemMessage;
import dev.kept.model.ConversationEvent.ToolCall;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.ConversationEvent.UserCommand;
import dev.kept.model.ConversationEvent.UserDecision;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.provider.Provider;
import dev.kept.provider.support.StoppedWork;
import dev.kept.recording.contract.RecordingContext;
import dev.kept.recording.contract.RecordingReport.Replayed;
import dev.kept.recording.contract.RecordingWorkers.ReplayRequest;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import dev.kept.recording.writer.SubagentDetail;
import dev.kept.replay.BranchSource;
import dev.kept.replay.ReplayCursor;
import dev.kept.replay.SubagentBranches;
import dev.kept.replay.ToolOutputFiles;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renders conversations from their tapes, a chunk at a time, so that no recording waits long for another: a call reads at
 * most about {@value #MOST_TAPE_BYTES} bytes of tape.
 *
 * <p>The work of a subagent stands before the event that names it: the result of the call that started it, or the message
 * that its work in the background ended. It is read from its own file, and has ended when that had nothing more in two looks
 * a moment apart; or from the file of the line that it works for, where its events stand between that line's. What was told
 * of it before is not told again. In it stands the work of its own subagents in the same way.
 *
 * <p>Keeps a few readers open. Not thread-safe.
 */
public final class TapeRenderer implements Closeable {
    /** So much text is one part, about. */
    static final int CHUNK_CHARS = 48 * 1024;

    /** What stands at the end of work that was stopped. */
    static final String STOPPED = "\n*— stopped —*\n";

    private static final long MOST_TAPE_BYTES = 1024 * 1024;
    private static final int OPEN_READERS = 12;
    private static final long SMALL_READER_BYTES = 1024 * 1024;

    /** How often a subagent's line is looked for that is not there yet. */
    private static final int LOOKS_FOR_A_LINE = 3;

    /** Work of subagents is folded so deep; what is deeper is left out. */
    static final int MOST_FOLDS = 8;

    private final RecordingStyles styles;
    private final SubagentBranches lines;
    private final LinkedHashMap<String, ReplayCursor> readers = new LinkedHashMap<>(8, 0.75f, true);

    /** How far a subagent's line was when its end was met, by recording. */
    private final Map<String, Long> ends = new LinkedHashMap<>();

    private final Map<String, Integer> looks = new LinkedHashMap<>();

    public TapeRenderer(RecordingStyles styles, SubagentBranches lines) {
        this.styles = styles;
        this.lines = lines;
    }

    /** The files that large outputs of tools stand in. */
    public ToolOutputFiles outputs() {
        return lines.outputs();
    }

    /** Renders the next part; empty if a subagent's line has to be looked at again a moment later. */
    public Optional<Replayed> render(ReplayRequest request) throws IOException {
        Mark from = request.from();
        if (!from.next().isBefore(request.limit())) {
            return Optional.of(answer(request, Rendered.NOTHING, from, true));
        }
        return from.inside().isPresent() ? renderFold(request, from.inside().get()) : renderMain(request);
    }

    private static Replayed answer(ReplayRequest request, Rendered rendered, Mark to, boolean through) {
        return new Replayed(request.plan().recordingId(), rendered, request.from(), to, through);
    }

    private Optional<Replayed> renderMain(ReplayRequest request) throws IOException {
        Mark from = request.from();
        ReplayCursor reader = reader(request.plan().recordingId(), request.source(), from.next());
        if (!reader.skipTo(from.next(), MOST_TAPE_BYTES)) {
            return Optional.of(answer(request, Rendered.NOTHING, from, false));
        }
        RenderedPart text =
                new RenderedPart(writer(request, request.source().provider().displayName(), from.writerState()), from);
        TapePosition next = from.next();
        long end = reader.bytesRead() + MOST_TAPE_BYTES;
        boolean moved = false;
        while (!text.isFull()) {
            if (reader.needsBytes() && reader.bytesRead() >= end) {
                return Optional.of(answer(request, text.rendered(), text.mark(next), false));
            }
            Optional<ConversationEvent> event = reader.peek();
            if (event.isEmpty() || !event.get().header().source().position().isBefore(request.limit())) {
                return Optional.of(answer(request, text.rendered(), text.mark(next), true));
            }
            TapePosition place = event.get().header().source().position();
            if (event.get().header().onMainLine()) {
                Optional<String> work = workToTell(request, event.get(), text);
                if (work.isPresent()) {
                    return moved
                            ? Optional.of(answer(request, text.rendered(), text.mark(place), false))
                            : openFold(request, text.mark(place), work.get(), event.get(), reader.hasMet(work.get()));
                }
                text.append(event.get());
            }
            next = place.next();
            moved = true;
            reader.take();
        }
        return Optional.of(answer(request, text.rendered(), text.mark(next), false));
    }

    /** The subagent's line whose work stands before an event, if one does. */
    public static Optional<String> workBefore(ConversationEvent event, SubagentDetail subagents) {
        boolean shown = switch (subagents) {
            case FOLD, INLINE -> true;
            case OMIT -> false;
        };
        if (!shown) {
            return Optional.empty();
        }
        return switch (event) {
            case ToolResult result -> result.subagent();
            case SystemMessage message -> message.subagent();
            case UserMessage _,
                    UserCommand _,
                    UserDecision _,
                    AssistantMessage _,
                    AssistantThinking _,
                    AssistantDecision _,
                    ToolCall _,
                    ProviderInfo _,
                    ProviderRaw _ -> Optional.empty();
        };
    }

    /** The same, unless it was told just now, or is what is being told. */
    private Optional<String> workToTell(ReplayRequest request, ConversationEvent event, RenderedPart before) {
        Mark from = before.from();
        Optional<String> justTold = before.hasText() ? Optional.empty() : from.justTold();
        return workBefore(event, style(request.plan()).subagents())
                .map(line -> lineOf(request, line, justTold, from))
                .filter(line -> before.hasText() || !from.justTold().equals(Optional.of(line)))
                .filter(line -> !from.isIn(line) && from.folds().size() <= MOST_FOLDS);
    }

    /** The line that a name means: that of the words of a call means the one that began with them and was not told. */
    private String lineOf(ReplayRequest request, String named, Optional<String> justTold, Mark from) {
        SessionKey session = request.plan().session();
        if (!StoppedWork.isOfPrompt(named) || justTold.equals(Optional.of(named))) {
            return named;
        }
        return justTold.filter(line -> lines.beginsWith(session, line, named))
                .or(() ->
                        lines.beginningWith(session, named, line -> from.told().containsKey(line) || from.isIn(line)))
                .orElse(named);
    }

    /**
     * Goes into the work that an event names.
     *
     * @param met whether events of that line stand on the tape that the event stands on
     */
    private Optional<Replayed> openFold(
            ReplayRequest request, Mark at, String line, ConversationEvent named, boolean met) {
        boolean own = lines.source(request.plan().session(), line).isPresent();
        if (!own && !lines.isComplete()) {
            return Optional.empty();
        }
        // Where its file is missing, it may come in a moment; what ended in the background may be no subagent at all.
        boolean awaited = !own && !met && StoppedWork.mayBeInline(named);
        if (awaited && looks.merge(request.plan().recordingId(), 1, Integer::sum) < LOOKS_FOR_A_LINE) {
            return Optional.empty();
        }
        looks.remove(request.plan().recordingId());
        ends.remove(request.plan().recordingId());
        boolean inline =
                !own && met && StoppedWork.mayBeInline(named) && !at.told().containsKey(line);
        Mark inside =
                at.in(new Mark.Fold(line, at.toldOf(line), "", !own && !inline, inline, StoppedWork.isStopped(named)));
        return Optional.of(answer(request, Rendered.NOTHING, inside, false));
    }

    /** Where the work of a fold is read; empty if its file is not known any more. */
    private Optional<BranchSource> sourceOf(ReplayRequest request, int depth) {
        if (depth < 0) {
            return Optional.of(request.source());
        }
        Mark.Fold fold = request.from().folds().get(depth);
        return fold.inline()
                ? sourceOf(request, depth - 1)
                : lines.source(request.plan().session(), fold.line());
    }

    private Optional<Replayed> renderFold(ReplayRequest request, Mark.Fold fold) throws IOException {
        RecordingPlan plan = request.plan();
        Mark from = request.from();
        int depth = from.folds().indexOf(fold);
        Optional<BranchSource> source = sourceOf(request, depth);
        if (source.isEmpty()) {
            return !lines.isComplete() ? Optional.empty() : Optional.of(closeFold(request, fold));
        }
        TapePosition named =
                depth == 0 ? from.next() : from.folds().get(depth - 1).next();
        String id = plan.recordingId() + "/" + fold.line();
        ReplayCursor reader = reader(id, source.get(), fold.next());
        if (!reader.skipTo(fold.next(), MOST_TAPE_BYTES)) {
            return Optional.of(answer(request, Rendered.NOTHING, from, false));
        }
        RenderedPart text = new RenderedPart(writer(request, subagentName(request), fold.writerState()), from);
        TapePosition next = fold.next();
        boolean through = false;
        long end = reader.bytesRead() + MOST_TAPE_BYTES;
        while (!text.isFull() && !(reader.needsBytes() && reader.bytesRead() >= end)) {
            Optional<ConversationEvent> event = reader.peek();
            if (event.isEmpty()) {
                break;
            }
            TapePosition place = event.get().header().source().position();
            if (fold.inline() && !place.isBefore(named)) {
                through = true;
                break;
            }
            if (event.get().header().line().equals(fold.line())) {
                Optional<String> work = workToTell(request, event.get(), text);
                if (work.isPresent() && next.equals(fold.next())) {
                    return openFold(
                            request, text.inside(fold, place), work.get(), event.get(), reader.hasMet(work.get()));
                }
                if (work.isPresent()) {
                    next = place;
                    break;
                }
                if (fold.writerState().isEmpty() && text.isEmpty()) {
                    text.begin(fold.line(), style(plan).subagents());
                }
                text.append(event.get());
            }
            next = place.next();
            reader.take();
        }
        boolean toItsEnd = next.equals(fold.next()) && (through || reader.bytesRead() < end);
        if (toItsEnd && !through) {
            // Nothing more: that is its end if it still is a moment later.
            Long before = ends.put(plan.recordingId(), reader.bytesRead());
            if (before == null || before != reader.bytesRead()) {
                return Optional.empty();
            }
        }
        if (toItsEnd) {
            close(readers.remove(id));
            return Optional.of(closeFold(request, fold));
        }
        return Optional.of(
                answer(request, text.rendered().on(source.get().tapeFolder()), text.inside(fold, next), false));
    }

    private Replayed closeFold(ReplayRequest request, Mark.Fold fold) {
        ends.remove(request.plan().recordingId());
        Rendered closing = fold.writerState().isEmpty()
                ? Rendered.NOTHING
                : writer(request, subagentName(request), fold.writerState())
                        .endSubagent(style(request.plan()).subagents());
        boolean inWords = RecordingContext.formatOf(request.plan().path()) == RecordingFormat.MARKDOWN;
        if (fold.stopped() && inWords && !fold.writerState().isEmpty()) {
            closing = new Rendered(STOPPED + closing.text(), closing.assets());
        }
        return answer(request, closing, request.from().ended(), false);
    }

    private static String subagentName(ReplayRequest request) {
        return subagentName(request.source().provider());
    }

    /** Who speaks in the work of a provider's subagent. */
    static String subagentName(Provider provider) {
        return provider.displayName() + "’s subagent";
    }

    private RecordingWriter writer(ReplayRequest request, String speaker, String state) {
        RecordingPlan plan = request.plan();
        return RecordingWriter.resume(
                RecordingContext.formatOf(plan.path()),
                RecordingFormat.fileName(plan.path()),
                speaker,
                style(plan),
                state);
    }

    private RecordingStyle style(RecordingPlan plan) {
        return styles.of(plan.session().provider(), plan.path());
    }

    private ReplayCursor reader(String id, BranchSource source, TapePosition from) throws IOException {
        ReplayCursor open = readers.get(id);
        if (open != null && !open.isBeyond(from)) {
            return open;
        }
        close(readers.remove(id));
        ReplayCursor fresh = new ReplayCursor(source);
        readers.put(id, fresh);
        if (readers.size() > OPEN_READERS) {
            close(readers.pollFirstEntry().getValue());
        }
        return fresh;
    }

    /** A recording needs no more for now: its reader is let go, unless it is small. */
    public void pause(String recordingId) {
        ReplayCursor reader = readers.get(recordingId);
        if (reader != null && reader.heldBytes() > SMALL_READER_BYTES) {
            forget(recordingId);
        }
    }

    /** A recording has ended, or its tape cannot be read. */
    public void forget(String recordingId) {
        close(readers.remove(recordingId));
        ends.remove(recordingId);
        looks.remove(recordingId);
    }

    /** Bytes of memory that all open readers take. */
    public long heldBytes() {
        long bytes = 0;
        for (ReplayCursor reader : readers.values()) {
            bytes += reader.heldBytes();
        }
        return bytes;
    }

    private static void close(@Nullable ReplayCursor reader) {
        if (reader != null) {
            try {
                reader.close();
            } catch (IOException e) {
                // It was only read; there is nothing to lose and nobody to tell.
            }
        }
    }

    @Override
    public void close() {
        readers.values().forEach(TapeRenderer::close);
        readers.clear();
    }
}
