package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.TapePosition;
import dev.kept.provider.Provider;
import dev.kept.recording.RecordingReport.Replayed;
import dev.kept.recording.RecordingWorkers.ReplayRequest;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.writer.Asset;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingStyles;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import dev.kept.recording.writer.SubagentDetail;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renders conversations from their tapes, a chunk at a time, so that no recording waits long for another: a call reads at
 * most about {@value #MOST_TAPE_BYTES} bytes of tape.
 *
 * <p>The work of a subagent stands before the result of the call that started it. It is read from its own line, and has
 * ended when that had nothing more in two looks a moment apart.
 *
 * <p>Keeps a few readers open. Not thread-safe.
 */
final class TapeRenderer implements Closeable {
    private static final int CHUNK_CHARS = 48 * 1024;
    private static final long MOST_TAPE_BYTES = 1024 * 1024;
    private static final int OPEN_READERS = 12;
    private static final long SMALL_READER_BYTES = 1024 * 1024;

    /** How often a subagent's line is looked for that is not there yet. */
    private static final int LOOKS_FOR_A_LINE = 3;

    private final RecordingStyles styles;
    private final SubagentLines lines;
    private final LinkedHashMap<String, ReplayCursor> readers = new LinkedHashMap<>(8, 0.75f, true);

    /** How far a subagent's line was when its end was met, by recording. */
    private final Map<String, Long> ends = new LinkedHashMap<>();

    private final Map<String, Integer> looks = new LinkedHashMap<>();

    TapeRenderer(RecordingStyles styles, SubagentLines lines) {
        this.styles = styles;
        this.lines = lines;
    }

    /** Renders the next part; empty if a subagent's line has to be looked at again a moment later. */
    Optional<Replayed> render(ReplayRequest request) throws IOException {
        Optional<Mark.Fold> fold = request.from()
                .fold()
                .filter(inside -> !inside.ended() && request.from().next().isBefore(request.limit()));
        return fold.isPresent() ? renderFold(request, fold.get()) : Optional.of(renderMain(request));
    }

    private static Replayed answer(ReplayRequest request, Rendered rendered, Mark to, boolean through) {
        return new Replayed(request.plan().recordingId(), rendered, request.from(), to, through);
    }

    private Replayed renderMain(ReplayRequest request) throws IOException {
        Mark from = request.from();
        if (!from.next().isBefore(request.limit())) {
            return answer(request, Rendered.NOTHING, from, true);
        }
        ReplayCursor reader = reader(request.plan().recordingId(), request.source(), from.next());
        if (!reader.skipTo(from.next(), MOST_TAPE_BYTES)) {
            return answer(request, Rendered.NOTHING, from, false);
        }
        Text text = new Text(writer(request, request.source().provider().displayName(), from.writerState()), from);
        TapePosition next = from.next();
        Optional<String> folded = from.fold().map(Mark.Fold::line);
        long end = reader.bytesRead() + MOST_TAPE_BYTES;
        while (!text.isFull()) {
            if (reader.needsBytes() && reader.bytesRead() >= end) {
                return answer(request, text.rendered(), text.mark(next), false);
            }
            Optional<ConversationEvent> event = reader.peek();
            if (event.isEmpty() || !event.get().header().source().position().isBefore(request.limit())) {
                return answer(request, text.rendered(), text.mark(next), true);
            }
            TapePosition place = event.get().header().source().position();
            if (event.get().header().onMainLine()) {
                Optional<String> work =
                        workBefore(event.get(), style(request.plan()).subagents());
                if (work.isPresent() && !work.equals(folded)) {
                    return text.isEmpty()
                            ? openFold(request, text.mark(place), work.get())
                            : answer(request, text.rendered(), text.mark(place), false);
                }
                text.append(event.get());
                folded = Optional.empty();
            }
            next = place.next();
            reader.take();
        }
        return answer(request, text.rendered(), text.mark(next), false);
    }

    /** The subagent's line whose work stands before an event, if one does. */
    static Optional<String> workBefore(ConversationEvent event, SubagentDetail subagents) {
        boolean shown = switch (subagents) {
            case FOLD, INLINE -> true;
            case OMIT -> false;
        };
        return shown && event instanceof ToolResult result ? result.subagent() : Optional.empty();
    }

    private Replayed openFold(ReplayRequest request, Mark at, String line) {
        RecordingWriter writer = writer(request, subagentName(request), "");
        Rendered opening = writer.beginSubagent(line, style(request.plan()).subagents());
        return answer(request, opening, at.in(new Mark.Fold(line, TapePosition.START, writer.state(), false)), false);
    }

    private Optional<Replayed> renderFold(ReplayRequest request, Mark.Fold fold) throws IOException {
        RecordingPlan plan = request.plan();
        Mark from = request.from();
        Optional<LineSource> source = lines.source(plan.session(), fold.line());
        if (source.isEmpty()) {
            return !lines.isComplete() || looks.merge(plan.recordingId(), 1, Integer::sum) < LOOKS_FOR_A_LINE
                    ? Optional.empty()
                    : Optional.of(closeFold(request, fold));
        }
        String id = plan.recordingId() + "/" + fold.line();
        ReplayCursor reader = reader(id, source.get(), fold.next());
        if (!reader.skipTo(fold.next(), MOST_TAPE_BYTES)) {
            return Optional.of(answer(request, Rendered.NOTHING, from, false));
        }
        Text text = new Text(writer(request, subagentName(request), fold.writerState()), from);
        TapePosition next = fold.next();
        long end = reader.bytesRead() + MOST_TAPE_BYTES;
        while (!text.isFull() && !(reader.needsBytes() && reader.bytesRead() >= end)) {
            Optional<ConversationEvent> event = reader.peek();
            if (event.isEmpty()) {
                break;
            }
            text.append(event.get());
            next = event.get().header().source().position().next();
            reader.take();
        }
        if (next.equals(fold.next()) && reader.bytesRead() < end) {
            // Nothing more: that is its end if it still is a moment later.
            Long before = ends.put(plan.recordingId(), reader.bytesRead());
            if (before == null || before != reader.bytesRead()) {
                return Optional.empty();
            }
            close(readers.remove(id));
            return Optional.of(closeFold(request, fold));
        }
        Mark to = from.in(new Mark.Fold(fold.line(), next, text.state(), false)).plus(text.stillWritten());
        return Optional.of(answer(request, text.rendered().on(source.get().tapeFolder()), to, false));
    }

    private Replayed closeFold(ReplayRequest request, Mark.Fold fold) {
        ends.remove(request.plan().recordingId());
        looks.remove(request.plan().recordingId());
        Rendered closing = writer(request, subagentName(request), fold.writerState())
                .endSubagent(style(request.plan()).subagents());
        Mark to = request.from().in(new Mark.Fold(fold.line(), fold.next(), "", true));
        return answer(request, closing, to, false);
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

    /** What is rendered from a mark on, without what was written of it before. */
    private static final class Text {
        private final RecordingWriter writer;
        private final long written;
        private final StringBuilder text = new StringBuilder();
        private final List<Asset> assets = new ArrayList<>();
        private long heldBeside;

        Text(RecordingWriter writer, Mark from) {
            this.writer = writer;
            this.written = from.written();
        }

        void append(ConversationEvent event) {
            Rendered rendered = writer.append(event);
            text.append(rendered.text());
            assets.addAll(rendered.assets());
            heldBeside += rendered.heldChars() - rendered.text().length();
        }

        /** In characters, which are never more than bytes: what was written before is sure to be passed. */
        boolean isFull() {
            return text.length() >= CHUNK_CHARS + written || heldBeside >= CHUNK_CHARS;
        }

        boolean isEmpty() {
            return text.isEmpty();
        }

        Rendered rendered() {
            return new Rendered(Pieces.without(text.toString(), written), assets);
        }

        Mark mark(TapePosition next) {
            return new Mark(next, writer.state(), stillWritten(), Optional.empty());
        }

        /** Where less was rendered than had been written. */
        long stillWritten() {
            return written == 0 ? 0 : Math.max(0, written - Pieces.utf8Length(text.toString()));
        }

        String state() {
            return writer.state();
        }
    }

    private ReplayCursor reader(String id, LineSource source, TapePosition from) throws IOException {
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
    void pause(String recordingId) {
        ReplayCursor reader = readers.get(recordingId);
        if (reader != null && reader.heldBytes() > SMALL_READER_BYTES) {
            forget(recordingId);
        }
    }

    /** A recording has ended, or its tape cannot be read. */
    void forget(String recordingId) {
        close(readers.remove(recordingId));
        ends.remove(recordingId);
        looks.remove(recordingId);
    }

    /** Bytes of memory that all open readers take. */
    long heldBytes() {
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
