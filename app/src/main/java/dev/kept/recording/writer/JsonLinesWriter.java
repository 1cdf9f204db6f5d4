package dev.kept.recording.writer;

import dev.kept.model.ConversationEvent;
import dev.kept.provider.EventJson;

/** Writes each event as one line of JSON. Needs no beginning and holds nothing. */
final class JsonLinesWriter implements RecordingWriter {
    @Override
    public Rendered begin(RecordingHeader header) {
        return Rendered.NOTHING;
    }

    @Override
    public Rendered append(ConversationEvent event) {
        return Rendered.of(encodable(EventJson.line(event)) + "\n");
    }

    @Override
    public Rendered beginSubagent(String line, SubagentDetail detail) {
        return Rendered.NOTHING;
    }

    @Override
    public Rendered endSubagent(SubagentDetail detail) {
        return Rendered.NOTHING;
    }

    /** JSON can name half a surrogate pair, UTF-8 cannot hold one: it is written as the escape it came as. */
    private static String encodable(String json) {
        StringBuilder out = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    @Override
    public String state() {
        return "{}";
    }
}
