package dev.kept.agents.claude;

import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.provider.support.ContentText;

/** A reader of {@code image} and {@code document} blocks. */
final class ClaudeMedia {
    private ClaudeMedia() {}

    static boolean isMedia(JsonObject block) {
        String type = ClaudeUserRecords.typeOf(block);
        return type.equals("image") || type.equals("document");
    }

    /** Reports whether the content of a block is on the tape, rather than a text or the name of a place. */
    static boolean isReferable(JsonObject block) {
        JsonObject media = block.object("source").orElse(JsonObject.EMPTY);
        return media.get("data").orElse(JsonNull.NULL) instanceof JsonText
                && !media.stringOr("type", "base64").equals("text");
    }

    /** Adds a block: base64 as a reference, anything else as a line that names it. */
    static ContentText add(ContentText content, JsonObject block) {
        JsonObject media = block.object("source").orElse(JsonObject.EMPTY);
        if (media.get("data").orElse(JsonNull.NULL) instanceof JsonText data) {
            if (media.stringOr("type", "base64").equals("text")) {
                block.string("title").ifPresent(content::add);
                return content.add(data);
            }
            content.refer(media.stringOr("media_type", "application/octet-stream"), data);
            return content;
        }
        String place = media.string("url").or(() -> media.string("file_id")).orElse("");
        return content.add("[" + block.stringOr("type", "media") + (place.isEmpty() ? "" : ": " + place) + "]");
    }
}
