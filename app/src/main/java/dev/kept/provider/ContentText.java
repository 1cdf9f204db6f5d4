package dev.kept.provider;

import dev.kept.json.JsonShrinker;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.model.TapeReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Gathers text, and references to what is no text or too large, from the blocks of one record. */
public final class ContentText {
    private static final String PLAIN = "text/plain";

    private final SourceRecord.Value source;
    private final StringBuilder text = new StringBuilder();
    private final List<TapeReference> references = new ArrayList<>();
    private boolean begun;

    /**
     * @param source the record that the parts are read from
     */
    public ContentText(SourceRecord.Value source) {
        this.source = source;
    }

    /** What was gathered; parts stand on lines of their own. */
    public String text() {
        return text.toString();
    }

    /** Where on the tape what is no text, or too large, stands. */
    public List<TapeReference> references() {
        return references;
    }

    /** True if nothing was added. */
    public boolean isEmpty() {
        return !begun && references.isEmpty();
    }

    /** Adds a text, on a line of its own; of a large one its beginning and where it stands. */
    public ContentText add(JsonText part) {
        if (part instanceof JsonLargeString) {
            refer(PLAIN, part);
            return add(part.value());
        }
        if (text.length() + part.value().length() > JsonShrinker.MAX_STRING_BYTES) {
            refer(PLAIN, part);
            return add(part.value().substring(0, Math.min(part.value().length(), JsonShrinker.BEGINNING_BYTES)));
        }
        return add(part.value());
    }

    /** Adds a text, on a line of its own. */
    public ContentText add(String part) {
        if (begun) {
            text.append('\n');
        }
        begun = true;
        text.append(part);
        return this;
    }

    /** Refers to a value that is a file of its own. */
    public void refer(TapeReference toFile) {
        references.add(toFile);
    }

    /** Refers to every large string inside a value. */
    public ContentText referToLarge(JsonValue value) {
        switch (value) {
            case JsonLargeString large -> refer(PLAIN, large);
            case JsonObject object -> object.members().values().forEach(this::referToLarge);
            case JsonArray array -> array.values().forEach(this::referToLarge);
            case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ -> {}
        }
        return this;
    }

    /** Refers to a value of the record: base64, or a large text. */
    public void refer(String mediaType, JsonText part) {
        if (part.offset() < 0) {
            return;
        }
        digest(part)
                .ifPresent(sha256 -> references.add(new TapeReference(
                        mediaType,
                        source.generation(),
                        source.textOffset() + part.offset(),
                        part.rawLength(),
                        sha256)));
    }

    private static Optional<String> digest(JsonText part) {
        return switch (part) {
            case JsonLargeString large -> Optional.of(large.sha256());
            case JsonString string -> {
                byte[] bytes = string.value().getBytes(StandardCharsets.UTF_8);
                // Of a string with escapes the bytes on the tape cannot be told from its value; base64 has none.
                yield bytes.length + 2 == string.rawLength()
                        ? Optional.of(HexFormat.of().formatHex(ContentIds.sha256(bytes)))
                        : Optional.empty();
            }
        };
    }
}
