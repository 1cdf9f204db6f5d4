package dev.kept.recording.render;

import dev.kept.model.ConversationEvent;
import dev.kept.model.TapePosition;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.writer.Asset;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.Rendered;
import dev.kept.recording.writer.SubagentDetail;
import java.util.ArrayList;
import java.util.List;

/** A part of a note that is being rendered: from a mark on, without what was written of it before. Not thread-safe. */
final class RenderedPart {
    private final RecordingWriter writer;
    private final Mark from;
    private final long written;
    private final StringBuilder text = new StringBuilder();
    private final List<Asset> assets = new ArrayList<>();
    private long heldBeside;
    private boolean appended;

    RenderedPart(RecordingWriter writer, Mark from) {
        this.writer = writer;
        this.from = from;
        this.written = from.written();
    }

    /** Returns the mark at which it begins. */
    Mark from() {
        return from;
    }

    void begin(String branch, SubagentDetail subagents) {
        add(writer.beginSubagent(branch, subagents));
    }

    void append(ConversationEvent event) {
        appended = true;
        add(writer.append(event));
    }

    private void add(Rendered rendered) {
        text.append(rendered.text());
        assets.addAll(rendered.assets());
        heldBeside += rendered.heldChars() - rendered.text().length();
    }

    /**
     * Reports whether enough is rendered. Counts characters, which are never more than bytes, so that all that was
     * written before is surely passed.
     */
    boolean isFull() {
        return text.length() >= TapeRenderer.CHUNK_CHARS + written || heldBeside >= TapeRenderer.CHUNK_CHARS;
    }

    /** Reports whether the text is empty. */
    boolean isEmpty() {
        return text.isEmpty();
    }

    /** Reports whether an event was rendered, to whatever text. */
    boolean hasText() {
        return appended;
    }

    Rendered rendered() {
        return new Rendered(PendingText.without(text.toString(), written), assets);
    }

    /** Returns the mark after it, in the main branch. */
    Mark mark(TapePosition next) {
        Mark to = appended ? from.onwards(next, writer.state()) : from.before(next, writer.state());
        return to.plus(stillWritten());
    }

    /** Returns the mark after it, in a nested subagent. */
    Mark inside(Mark.Nested nested, TapePosition next) {
        if (!appended) {
            return next.equals(nested.next()) ? from : from.within(nested.at(next, nested.writerState()));
        }
        return from.within(nested.at(next, writer.state())).plus(stillWritten());
    }

    /** Returns the bytes written before that are not passed yet, if less was rendered than had been written. */
    private long stillWritten() {
        return written == 0 ? 0 : Math.max(0, written - PendingText.utf8Length(text.toString()));
    }
}
