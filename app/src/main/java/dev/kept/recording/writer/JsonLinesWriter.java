package dev.kept.recording.writer;

import dev.kept.model.ConversationEvent;
import dev.kept.provider.EventJson;

/** A writer of each event as one line of JSON. It has no beginning and no state. */
final class JsonLinesWriter implements RecordingWriter {
    @Override
    public Rendered begin(RecordingHeader header) {
        return Rendered.NOTHING;
    }

    @Override
    public Rendered append(ConversationEvent event) {
        return Rendered.of(encodable(EventJson.line(event, "\n")));
    }

    @Override
    public Rendered beginSubagent(String branch, SubagentDetail detail) {
        return Rendered.NOTHING;
    }

    @Override
    public Rendered endSubagent(SubagentDetail detail) {
        return Rendered.NOTHING;
    }

    /**
     * Returns a line that UTF-8 can encode. JSON can contain half a surrogate pair, UTF-8 cannot: it is written as the
     * escape that it came as.
     */
    private static String encodable(String json) {
        int at = half(json, 0);
        if (at == json.length()) {
            return json;
        }
        StringBuilder out = new StringBuilder(json.length());
        int written = 0;
        while (at < json.length()) {
            out.append(json, written, at).append(String.format("\\u%04x", (int) json.charAt(at)));
            written = at + 1;
            at = half(json, written);
        }
        return out.append(json, written, json.length()).toString();
    }

    /**
     * Returns the index of the next half of a surrogate pair without its other half; the text's length if there is
     * none.
     */
    private static int half(String json, int from) {
        for (int i = from; i < json.length(); i++) {
            if (Character.isSurrogate(json.charAt(i))) {
                if (i + 1 == json.length() || !Character.isSurrogatePair(json.charAt(i), json.charAt(i + 1))) {
                    return i;
                }
                i++;
            }
        }
        return json.length();
    }

    @Override
    public String state() {
        return "{}";
    }
}
