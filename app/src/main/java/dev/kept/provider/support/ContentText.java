package dev.kept.provider.support;

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
import dev.kept.provider.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A collector of the text of one record's blocks, and of references to content that is not text or is too large. */
public final class ContentText {
    private static final String PLAIN = "text/plain";
    private static final int SHORT_BEGINNING = 256;

    private final SourceRecord.Value source;
    /** Most contents are a single text, which is not copied. */
    private String only = "";

    private @Nullable StringBuilder several;
    private final List<TapeReference> references = new ArrayList<>();
    private boolean begun;

    /**
     * Creates an empty collector.
     *
     * @param source the record from which the parts are read
     */
    public ContentText(SourceRecord.Value source) {
        this.source = source;
    }

    /** Returns the collected text; each part starts on a line of its own. */
    public String text() {
        return several == null ? only : several.toString();
    }

    /** Returns the references to content on the tape that is not text, or is too large. */
    public List<TapeReference> references() {
        return references;
    }

    /** Reports whether nothing was added. */
    public boolean isEmpty() {
        return !begun && references.isEmpty();
    }

    /** Adds a text on a line of its own. Of a large one, adds the beginning and a reference. */
    public ContentText add(JsonText part) {
        if (part instanceof JsonLargeString) {
            refer(PLAIN, part);
            return add(part.value());
        }
        if (length() + part.value().length() > JsonShrinker.MAX_STRING_BYTES) {
            refer(PLAIN, part);
            // After a text that is already long, a few words are enough: there may be thousands of parts.
            int beginning = length() > JsonShrinker.MAX_STRING_BYTES ? SHORT_BEGINNING : JsonShrinker.BEGINNING_BYTES;
            return add(part.value().substring(0, Math.min(part.value().length(), beginning)));
        }
        return add(part.value());
    }

    /** Adds a text, on a line of its own. */
    public ContentText add(String part) {
        if (!begun) {
            begun = true;
            only = part;
            return this;
        }
        StringBuilder text = several == null ? new StringBuilder(only) : several;
        several = text.append('\n').append(part);
        return this;
    }

    private int length() {
        return several == null ? only.length() : several.length();
    }

    /** Adds a reference to a value that is a file of its own. */
    public void refer(TapeReference toFile) {
        references.add(toFile);
    }

    /** Adds references to every large string inside a value. */
    public ContentText referToLarge(JsonValue value) {
        switch (value) {
            case JsonLargeString large -> refer(PLAIN, large);
            case JsonObject object -> object.members().values().forEach(this::referToLarge);
            case JsonArray array -> array.values().forEach(this::referToLarge);
            case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ -> {}
        }
        return this;
    }

    /** Adds a reference to a value of the record: base64, or a large text. */
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

    /**
     * Adds a reference to the base64 of a {@code data:} URL. The range begins at the comma before the base64, in the
     * place of an opening quote. For a URL over 256 KiB the digest is that of the whole URL. Any other URL is added as
     * a line that names it.
     */
    public void referToUrl(JsonText url) {
        String value = url.value();
        int comma = value.indexOf(',');
        boolean base64 = value.startsWith("data:") && comma > 0 && value.lastIndexOf(";base64", comma) > 0;
        if (!base64) {
            add("[image: " + value + "]");
            return;
        }
        if (url.offset() < 0) {
            return;
        }
        String named = value.substring("data:".length(), value.indexOf(';'));
        // The opening quote is one byte, and the text before the comma is ASCII without escapes.
        digestBehind(url, comma)
                .ifPresent(sha256 -> references.add(new TapeReference(
                        named.isEmpty() ? "application/octet-stream" : named,
                        source.generation(),
                        source.textOffset() + url.offset() + 1 + comma,
                        url.rawLength() - 1 - comma,
                        sha256)));
    }

    private static Optional<String> digestBehind(JsonText url, int comma) {
        return switch (url) {
            case JsonLargeString large -> Optional.of(large.sha256());
            case JsonString string ->
                digest(new JsonString(string.value().substring(comma + 1), 0, string.rawLength() - 1 - comma));
        };
    }

    /** Adds the references of another record, e.g. one with the same text that also has the images. */
    public ContentText addReferences(List<TapeReference> others) {
        references.addAll(others);
        return this;
    }

    private static Optional<String> digest(JsonText part) {
        return switch (part) {
            case JsonLargeString large -> Optional.of(large.sha256());
            case JsonString string -> {
                byte[] bytes = string.value().getBytes(StandardCharsets.UTF_8);
                // The bytes on tape of a string with escapes cannot be derived from its value; base64 has no escapes.
                yield bytes.length + 2 == string.rawLength()
                        ? Optional.of(HexFormat.of().formatHex(ContentIds.sha256(bytes)))
                        : Optional.empty();
            }
        };
    }
}
