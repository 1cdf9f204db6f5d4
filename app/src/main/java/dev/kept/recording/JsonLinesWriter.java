package dev.kept.recording;

import dev.kept.model.ConversationEvent;

/** Writes each event as one line of JSON. Needs no beginning and holds nothing. */
final class JsonLinesWriter implements RecordingWriter {
    @Override
    public Rendered begin(RecordingHeader header) {
        return Rendered.NOTHING;
    }

    @Override
    public Rendered append(ConversationEvent event) {
        return Rendered.of(RecordedEventJson.toJson(event) + "\n");
    }

    @Override
    public String state() {
        return "{}";
    }
}
