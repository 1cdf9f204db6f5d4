package dev.kept.recording.writer;

import dev.kept.model.ConversationEvent;

/**
 * Renders a conversation, event by event, for one recording. Pure: the same header and events give the same text, however
 * often a writer was made anew from its {@link #state()} in between. Not thread-safe.
 */
public interface RecordingWriter {

    /** The beginning of the recording; called once, before anything is appended. */
    Rendered begin(RecordingHeader header);

    /** The next event of the session's main line. */
    Rendered append(ConversationEvent event);

    /**
     * What stands before the work of a subagent, which is rendered by a writer of its own.
     *
     * @param line the subagent's
     */
    Rendered beginSubagent(String line, SubagentDetail detail);

    /** What stands behind it. */
    Rendered endSubagent(SubagentDetail detail);

    /** What the next text depends on, as JSON of at most about 2 KB; for the journal. */
    String state();

    /** A writer at the start of a recording. */
    static RecordingWriter start(RecordingFormat format, String fileName, String providerName, RecordingStyle style) {
        return of(format, fileName, providerName, style, WriterState.START);
    }

    /**
     * A writer that goes on where another was.
     *
     * @param state what {@link #state()} gave; anything else is taken for the start, which costs a heading too many
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
