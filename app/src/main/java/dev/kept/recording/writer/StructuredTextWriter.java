package dev.kept.recording.writer;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.provider.decode.LargeRecords;
import dev.kept.recording.secret.EventTexts;

/**
 * Writes what another does: large events when no other thread builds one, and an event that is nested too deep for the stack
 * as one that is not understood.
 */
final class StructuredTextWriter implements RecordingWriter {
    private final RecordingWriter writer;

    StructuredTextWriter(RecordingWriter writer) {
        this.writer = writer;
    }

    @Override
    public Rendered begin(RecordingHeader header) {
        return writer.begin(header);
    }

    @Override
    public Rendered append(ConversationEvent event) {
        if (!isLarge(event)) {
            return written(event);
        }
        LargeRecords.take();
        try {
            return written(event);
        } finally {
            LargeRecords.give();
        }
    }

    private static boolean isLarge(ConversationEvent event) {
        for (String text : EventTexts.of(event)) {
            if (LargeRecords.isLarge(text.length())) {
                return true;
            }
        }
        return false;
    }

    private Rendered written(ConversationEvent event) {
        try {
            return writer.append(event);
        } catch (StackOverflowError tooDeep) {
            return writer.append(new ProviderRaw(event.header(), "nested too deep to be written"));
        }
    }

    @Override
    public Rendered beginSubagent(String line, SubagentDetail detail) {
        return writer.beginSubagent(line, detail);
    }

    @Override
    public Rendered endSubagent(SubagentDetail detail) {
        return writer.endSubagent(detail);
    }

    @Override
    public String state() {
        return writer.state();
    }
}
