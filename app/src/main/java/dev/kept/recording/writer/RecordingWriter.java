package dev.kept.recording.writer;

import dev.kept.model.ConversationEvent;

/**
 * A renderer of one conversation for one recording, event by event. Pure: the same header and events give the same
 * text, however often a writer is recreated from its {@link #state()} in between. Not thread-safe.
 */
public interface RecordingWriter {

    /** Renders the beginning of the recording; called once, before any event. */
    Rendered begin(RecordingHeader header);

    /** Renders the next event of the session's main branch. */
    Rendered append(ConversationEvent event);

    /**
     * Renders the text before the work of a subagent, which has a writer of its own.
     *
     * @param branch the subagent's branch
     */
    Rendered beginSubagent(String branch, SubagentDetail detail);

    /** Renders the text after the work of a subagent. */
    Rendered endSubagent(SubagentDetail detail);

    /** Returns the state that the next text depends on, as JSON of at most about 2 KB; for the journal. */
    String state();

    /** Returns a writer at the start of a recording. */
    static RecordingWriter start(RecordingFormat format, String fileName, String providerName, RecordingStyle style) {
        return of(format, fileName, providerName, style, WriterState.START);
    }

    /**
     * Returns a writer that continues from the state of another.
     *
     * @param state as {@link #state()} returned it; anything else is treated as the start, at the cost of an extra
     *     heading
     */
    static RecordingWriter resume(
            RecordingFormat format, String fileName, String providerName, RecordingStyle style, String state) {
        return of(format, fileName, providerName, style, WriterState.parse(state));
    }

    private static RecordingWriter of(
            RecordingFormat format, String fileName, String providerName, RecordingStyle style, WriterState state) {
        RecordingWriter writer = switch (format) {
            case MARKDOWN ->
                new PlainTextWriter(
                        new RedactingWriter(new MarkdownWriter(fileName, providerName, style, state), style.secrets()));
            case JSONL -> new RedactingWriter(new JsonLinesWriter(), style.secrets());
        };
        return new StructuredTextWriter(writer);
    }
}
