package dev.kept.recording.writer;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.provider.decode.LargeRecords;
import dev.kept.recording.secret.EventTexts;

/**
 * A writer that delegates to another with limits on resources: a large event is rendered while no other thread renders
 * one, and an event that is nested too deeply for the stack is rendered as one that is not understood.
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
        LargeRecords.acquire();
        try {
            return written(event);
        } finally {
            LargeRecords.release();
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
    public Rendered beginSubagent(String branch, SubagentDetail detail) {
        return writer.beginSubagent(branch, detail);
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
