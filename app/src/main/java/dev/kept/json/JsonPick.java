package dev.kept.json;

import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A reader that picks some short members of one JSON object from a stream of any length; the other members are never
 * held. Stateless and thread-safe.
 */
public final class JsonPick {
    /** The longest value of a wanted member; with a longer one, the object cannot be read. */
    public static final int MAX_CHARS = 16 * 1024;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonReader.MAX_DEPTH)
                    .maxStringLength(MAX_CHARS)
                    .maxNameLength(MAX_CHARS)
                    .build())
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .build();

    private JsonPick() {}

    /**
     * Returns the members with the given names, strings and numbers as they are written; empty if the stream is not one
     * complete JSON object.
     */
    public static Optional<Map<String, String>> from(InputStream stream, Set<String> wanted) {
        Map<String, String> picked = new HashMap<>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), stream)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_OBJECT || value == JsonToken.START_ARRAY) {
                    parser.skipChildren();
                } else if (wanted.contains(name) && (value == JsonToken.VALUE_STRING || value.isNumeric())) {
                    picked.put(name, parser.getString());
                }
            }
            return parser.currentToken() == JsonToken.END_OBJECT ? Optional.of(picked) : Optional.empty();
        } catch (JacksonException | StackOverflowError unreadable) {
            return Optional.empty();
        }
    }
}
