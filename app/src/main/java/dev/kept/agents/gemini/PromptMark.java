package dev.kept.agents.gemini;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mark of a prompt, {@code displayContent}: what the agent showed of it, which is what was typed. The agent writes
 * it where the message says anything else besides: files, shell output, the text of a command, what a hook put in. A
 * mark that is absent or {@code null} says nothing.
 *
 * @param isThere whether the message has one
 * @param isReadable false for one of an unexpected type, which no rule takes for a person's
 * @param shown its texts
 */
record PromptMark(boolean isThere, boolean isReadable, List<JsonText> shown) {
    private static final PromptMark NONE = new PromptMark(false, true, List.of());
    private static final PromptMark UNREADABLE = new PromptMark(false, false, List.of());

    /** Returns the mark of a message. */
    static PromptMark of(JsonObject message) {
        JsonValue displayed = message.get("displayContent").orElse(JsonNull.NULL);
        if (displayed instanceof JsonNull) {
            return NONE;
        }
        List<JsonText> shown = new ArrayList<>();
        for (JsonValue part : displayed instanceof JsonArray array ? array.values() : List.of(displayed)) {
            Optional<JsonText> text = GeminiParts.text(part);
            if (text.isPresent()) {
                shown.add(text.get());
            } else if (!GeminiParts.isMedia(part)) {
                return UNREADABLE;
            }
        }
        return new PromptMark(true, true, List.copyOf(shown));
    }

    /** Reports whether a text of the message is one of those that were shown. */
    boolean shows(JsonText text) {
        return shown.stream().anyMatch(it -> it.value().equals(text.value()));
    }

    /** Reports whether a text of the message has all that was shown in it. */
    boolean isWithin(JsonText text) {
        return shown.stream().allMatch(it -> text.value().contains(it.value().strip()));
    }
}
