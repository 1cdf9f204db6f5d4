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

/** Gathers text, and references to what is no text or too large, from the blocks of one record. */
public final class ContentText {
    private static final String PLAIN = "text/plain";
    private static final int SHORT_BEGINNING = 256;

    private final SourceRecord.Value source;
    /** Most contents are one text, which is not copied. */
    private String only = "";

    private @Nullable StringBuilder several;
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
        return several == null ? only : several.toString();
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
        if (length() + part.value().length() > JsonShrinker.MAX_STRING_BYTES) {
            refer(PLAIN, part);
            // Behind a text that is long already a few words tell what follows: there may be thousands of parts.
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

    /**
     * Refers to the base64 of a {@code data:} URL: the range begins at the comma before it, in the place of an opening
     * quote. Of a URL over 256 KiB the digest is that of the whole URL. Any other URL is added as a line that names it.
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
        // The opening quote is one byte, and what stands before the comma has neither escapes nor other than ASCII.
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

    /** Adds what another record gathered, e.g. one that said the same and has the images. */
    public ContentText addReferences(List<TapeReference> others) {
        references.addAll(others);
        return this;
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
