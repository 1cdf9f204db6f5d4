package dev.kept.agents.gemini;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.provider.support.ContentText;
import java.util.List;
import java.util.Optional;

/** The parts of a message's content: a string is one text, an object one part. */
final class GeminiParts {
    private GeminiParts() {}

    static List<JsonValue> of(Optional<JsonValue> content) {
        if (content.isEmpty()) {
            return List.of();
        }
        return content.get() instanceof JsonArray array ? array.values() : List.of(content.get());
    }

    /** Returns the text of a text part, thoughts included; empty for other parts. */
    static Optional<JsonText> text(JsonValue part) {
        return switch (part) {
            case JsonText text -> Optional.of(text);
            case JsonObject object ->
                object.get("text").flatMap(text -> text instanceof JsonText it ? Optional.of(it) : Optional.empty());
            case JsonValue _ -> Optional.empty();
        };
    }

    static boolean isThought(JsonValue part) {
        return part instanceof JsonObject object && object.isTrue("thought");
    }

    static Optional<JsonObject> member(JsonValue part, String name) {
        return part instanceof JsonObject object ? object.object(name) : Optional.empty();
    }

    /**
     * Adds a part that is neither text nor call: an image or document by reference, a file by its address. Returns
     * false for other parts.
     */
    static boolean addMedia(ContentText into, JsonValue part) {
        Optional<JsonObject> inline = member(part, "inlineData");
        if (inline.isPresent()) {
            if (inline.get().get("data").orElse(JsonValue.JsonNull.NULL) instanceof JsonText data) {
                into.refer(inline.get().stringOr("mimeType", "application/octet-stream"), data);
            }
            return true;
        }
        Optional<JsonObject> file = member(part, "fileData");
        file.ifPresent(it -> into.add("[" + it.stringOr("fileUri", "file") + "]"));
        return file.isPresent();
    }

    /** Reports whether a part is an image, a document or the address of a file. */
    static boolean isMedia(JsonValue part) {
        return member(part, "inlineData").isPresent()
                || member(part, "fileData").isPresent();
    }

    /** Reports whether a part only signs or describes others. */
    static boolean saysNothing(JsonValue part) {
        return part instanceof JsonObject object
                && object.members().keySet().stream()
                        .allMatch(name -> name.equals("thoughtSignature")
                                || name.equals("thought")
                                || name.equals("videoMetadata"));
    }
}
