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
 * A renderer of conversations from their tapes, a chunk at a time, so that no recording waits long for another: a call
 * reads at most about {@value #MOST_TAPE_BYTES} bytes of tape.
 *
 * <p>The work of a subagent is rendered before the event that names it: the result of the call that started it, or the
 * message that its work in the background ended. It is read from its own file, and has ended when two inspections a
 * moment apart found no more bytes there. Or it is read from the file of the branch that it works for, where its events
 * lie between that branch's. What was rendered of it before is not rendered again. The work of its own subagents is
 * nested in it in the same way.
 *
 * <p>Keeps a few readers open. Not thread-safe.
 */
public final class TapeRenderer implements Closeable {
    /** Approximate length of one part. */
    static final int CHUNK_CHARS = 48 * 1024;

    /** Text at the end of work that was stopped. */
    static final String STOPPED = "\n*— stopped —*\n";

    private static final long MOST_TAPE_BYTES = 1024 * 1024;
    private static final int OPEN_READERS = 12;
    private static final long SMALL_READER_BYTES = 1024 * 1024;

    /** Number of searches for a missing subagent branch. */
    private static final int MAX_ATTEMPTS = 3;

    /** Greatest depth of nested subagents; deeper work is left out. */
    static final int MAX_NESTING = 8;

    private final RecordingStyles styles;
    private final SubagentBranches branches;
    private final LinkedHashMap<String, ReplayCursor> readers = new LinkedHashMap<>(8, 0.75f, true);

    /** Bytes of a subagent's branch when its end was reached, by recording. */
    private final Map<String, Long> ends = new LinkedHashMap<>();

    private final Map<String, Integer> attempts = new LinkedHashMap<>();

    public TapeRenderer(RecordingStyles styles, SubagentBranches branches) {
        this.styles = styles;
        this.branches = branches;
    }

    /** Returns the files that hold large tool outputs. */
    public ToolOutputFiles outputs() {
        return branches.outputs();
    }

    /** Renders the next part; empty if a subagent's branch must be inspected again a moment later. */
    public Optional<Replayed> render(ReplayRequest request) throws IOException {
        Mark from = request.from();
        if (!from.next().isBefore(request.limit())) {
            return Optional.of(answer(request, Rendered.NOTHING, from, true));
        }
        return from.inside().isPresent() ? renderNested(request, from.inside().get()) : renderMain(request);
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
                Optional<String> work = workToRender(request, event.get(), text);
                if (work.isPresent()) {
                    return moved
                            ? Optional.of(answer(request, text.rendered(), text.mark(place), false))
                            : openNested(
                                    request, text.mark(place), work.get(), event.get(), reader.hasSeen(work.get()));
                }
                text.append(event.get());
            }
            next = place.next();
            moved = true;
            reader.consume();
        }
        return Optional.of(answer(request, text.rendered(), text.mark(next), false));
    }

    /** Returns the subagent branch whose work is rendered before an event, if there is one. */
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

    /** Like {@link #workBefore}, but empty if that branch was just rendered or is being rendered. */
    private Optional<String> workToRender(ReplayRequest request, ConversationEvent event, RenderedPart before) {
        Mark from = before.from();
        Optional<String> justRendered = before.hasText() ? Optional.empty() : from.justRendered();
        return workBefore(event, style(request.plan()).subagents())
                .map(branch -> branchOf(request, branch, justRendered, from))
                .filter(branch -> before.hasText() || !from.justRendered().equals(Optional.of(branch)))
                .filter(branch -> !from.isIn(branch) && from.nested().size() <= MAX_NESTING);
    }

    /**
     * Returns the branch that a name means. The words of a call mean the branch that began with them and was not
     * rendered.
     */
    private String branchOf(ReplayRequest request, String named, Optional<String> justRendered, Mark from) {
        SessionKey session = request.plan().session();
        if (!StoppedWork.isOfPrompt(named) || justRendered.equals(Optional.of(named))) {
            return named;
        }
        return justRendered
                .filter(branch -> branches.beginsWith(session, branch, named))
                .or(() -> branches.beginningWith(
                        session, named, branch -> from.rendered().containsKey(branch) || from.isIn(branch)))
                .orElse(named);
    }

    /**
     * Enters the work that an event names.
     *
     * @param met whether the event's tape also holds events of that branch
     */
    private Optional<Replayed> openNested(
            ReplayRequest request, Mark at, String branch, ConversationEvent named, boolean met) {
        boolean own = branches.source(request.plan().session(), branch).isPresent();
        if (!own && !branches.isComplete()) {
            return Optional.empty();
        }
        // A missing file may come in a moment; what ended in the background may be no subagent at all.
        boolean awaited = !own && !met && StoppedWork.mayBeInline(named);
        if (awaited && attempts.merge(request.plan().recordingId(), 1, Integer::sum) < MAX_ATTEMPTS) {
            return Optional.empty();
        }
        attempts.remove(request.plan().recordingId());
        ends.remove(request.plan().recordingId());
        boolean inline =
                !own && met && StoppedWork.mayBeInline(named) && !at.rendered().containsKey(branch);
        Mark inside = at.enter(new Mark.Nested(
                branch, at.renderedUpTo(branch), "", !own && !inline, inline, StoppedWork.isStopped(named)));
        return Optional.of(answer(request, Rendered.NOTHING, inside, false));
    }

    /** Returns the source of a nested subagent; empty if its file is no longer known. */
    private Optional<BranchSource> sourceOf(ReplayRequest request, int depth) {
        if (depth < 0) {
            return Optional.of(request.source());
        }
        Mark.Nested nested = request.from().nested().get(depth);
        return nested.inline()
                ? sourceOf(request, depth - 1)
                : branches.source(request.plan().session(), nested.branch());
    }

    private Optional<Replayed> renderNested(ReplayRequest request, Mark.Nested nested) throws IOException {
        RecordingPlan plan = request.plan();
        Mark from = request.from();
        int depth = from.nested().indexOf(nested);
        Optional<BranchSource> source = sourceOf(request, depth);
        if (source.isEmpty()) {
            return !branches.isComplete() ? Optional.empty() : Optional.of(closeNested(request, nested));
        }
        TapePosition named =
                depth == 0 ? from.next() : from.nested().get(depth - 1).next();
        String id = plan.recordingId() + "/" + nested.branch();
        ReplayCursor reader = reader(id, source.get(), nested.next());
        if (!reader.skipTo(nested.next(), MOST_TAPE_BYTES)) {
            return Optional.of(answer(request, Rendered.NOTHING, from, false));
        }
        RenderedPart text = new RenderedPart(writer(request, subagentName(request), nested.writerState()), from);
        TapePosition next = nested.next();
        boolean through = false;
        long end = reader.bytesRead() + MOST_TAPE_BYTES;
        while (!text.isFull() && !(reader.needsBytes() && reader.bytesRead() >= end)) {
            Optional<ConversationEvent> event = reader.peek();
            if (event.isEmpty()) {
                break;
            }
            TapePosition place = event.get().header().source().position();
            if (nested.inline() && !place.isBefore(named)) {
                through = true;
                break;
            }
            if (event.get().header().line().equals(nested.branch())) {
                Optional<String> work = workToRender(request, event.get(), text);
                if (work.isPresent() && next.equals(nested.next())) {
                    return openNested(
                            request, text.inside(nested, place), work.get(), event.get(), reader.hasSeen(work.get()));
                }
                if (work.isPresent()) {
                    next = place;
                    break;
                }
                if (nested.writerState().isEmpty() && text.isEmpty()) {
                    text.begin(nested.branch(), style(plan).subagents());
                }
                text.append(event.get());
            }
            next = place.next();
            reader.consume();
        }
        boolean toItsEnd = next.equals(nested.next()) && (through || reader.bytesRead() < end);
        if (toItsEnd && !through) {
            // Nothing more: that is its end if it is still so a moment later.
            Long before = ends.put(plan.recordingId(), reader.bytesRead());
            if (before == null || before != reader.bytesRead()) {
                return Optional.empty();
            }
        }
        if (toItsEnd) {
            close(readers.remove(id));
            return Optional.of(closeNested(request, nested));
        }
        return Optional.of(
                answer(request, text.rendered().on(source.get().tapeFolder()), text.inside(nested, next), false));
    }

    private Replayed closeNested(ReplayRequest request, Mark.Nested nested) {
        ends.remove(request.plan().recordingId());
        Rendered closing = nested.writerState().isEmpty()
                ? Rendered.NOTHING
                : writer(request, subagentName(request), nested.writerState())
                        .endSubagent(style(request.plan()).subagents());
        boolean inWords = RecordingContext.formatOf(request.plan().path()) == RecordingFormat.MARKDOWN;
        if (nested.stopped() && inWords && !nested.writerState().isEmpty()) {
            closing = new Rendered(STOPPED + closing.text(), closing.assets());
        }
        return answer(request, closing, request.from().ended(), false);
    }

    private static String subagentName(ReplayRequest request) {
        return subagentName(request.source().provider());
    }

    /** Returns the speaker in the work of a provider's subagent. */
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

    /** Closes a recording's reader for now, unless it is small. */
    public void pause(String recordingId) {
        ReplayCursor reader = readers.get(recordingId);
        if (reader != null && reader.heldBytes() > SMALL_READER_BYTES) {
            forget(recordingId);
        }
    }

    /** Drops all state of a recording that has ended, or whose tape cannot be read. */
    public void forget(String recordingId) {
        close(readers.remove(recordingId));
        ends.remove(recordingId);
        attempts.remove(recordingId);
    }

    /** Returns the memory of all open readers, in bytes. */
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
                // It was only read: nothing can be lost, and there is nothing to report.
            }
        }
    }

    @Override
    public void close() {
        readers.values().forEach(TapeRenderer::close);
        readers.clear();
    }
}
