package dev.kept.agents.codex;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.provider.support.ContentText;
import java.util.List;
import java.util.Optional;

/** A reader of content items: {@code input_text}, {@code output_text}, {@code input_image} and the like. */
final class CodexContent {
    private CodexContent() {}

    static String typeOf(JsonValue item) {
        return item instanceof JsonObject object ? object.stringOr("type", "?") : "?";
    }

    /** Returns the text of an item; empty for images and unknown items. */
    static Optional<JsonText> textOf(JsonValue item) {
        return switch (item) {
            case JsonText text -> Optional.of(text);
            case JsonObject object ->
                object.get("text")
                        .flatMap(value -> value instanceof JsonText text ? Optional.of(text) : Optional.empty());
            case JsonValue _ -> Optional.empty();
        };
    }

    /** Returns the URL or the data of an image. */
    static Optional<JsonText> imageOf(JsonValue item) {
        return item instanceof JsonObject object
                ? object.get("image_url")
                        .or(() -> object.get("url"))
                        .flatMap(value -> value instanceof JsonText text ? Optional.of(text) : Optional.empty())
                : Optional.empty();
    }

    /** Reports whether a text is one of the tags around an image in a prompt. */
    static boolean isImageTag(String text) {
        String tag = text.strip();
        return tag.equals("</image>") || (tag.startsWith("<image") && tag.endsWith(">") && !tag.contains("\n"));
    }

    /** Adds any content: a text, or items. */
    static ContentText add(ContentText content, JsonValue value) {
        switch (value) {
            case JsonText text -> content.add(text);
            case JsonArray items -> items.values().forEach(item -> addItem(content, item));
            case JsonNull _ -> {}
            case JsonValue other -> content.add(other.toJson()).referToLarge(other);
        }
        return content;
    }

    private static void addItem(ContentText content, JsonValue item) {
        Optional<JsonText> image = imageOf(item);
        if (image.isPresent()) {
            content.referToUrl(image.get());
            return;
        }
        Optional<JsonText> text = textOf(item);
        if (text.isPresent()) {
            content.add(text.get());
        } else {
            content.add(item.toJson()).referToLarge(item);
        }
    }

    /** Adds the texts of summaries and the like, whatever their types. */
    static ContentText texts(ContentText content, List<JsonValue> items) {
        for (JsonValue item : items) {
            textOf(item).ifPresent(content::add);
        }
        return content;
    }
}
