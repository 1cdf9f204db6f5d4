package dev.kept.json;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value. Immutable. The depth of a tree is at most {@link JsonReader#MAX_DEPTH}. */
public sealed interface JsonValue {

    /** A text, whole or by reference. */
    sealed interface JsonText extends JsonValue {
        /** Returns the text; of a {@link JsonLargeString} its beginning. */
        String value();

        /** Returns the offset of the opening quote in the record, in bytes; -1 if unknown. */
        long offset();

        /** Returns the length of the JSON string with both quotes, in bytes; -1 if unknown. */
        long rawLength();
    }

    /**
     * A string that is held whole. {@code offset} and {@code rawLength} are known for strings of at least {@link
     * JsonReader#LOCATED_CHARS} characters.
     */
    record JsonString(String value, long offset, long rawLength) implements JsonText {
        public JsonString(String value) {
            this(value, -1, -1);
        }
    }

    /**
     * A string over {@link JsonShrinker#MAX_STRING_BYTES}: only its beginning is held.
     *
     * @param value the first characters
     * @param sha256 lower-case hex digest of all bytes between the quotes
     */
    record JsonLargeString(String value, long offset, long rawLength, String sha256) implements JsonText {}

    /** A number in its original spelling. */
    record JsonNumber(String literal) implements JsonValue {}

    record JsonBoolean(boolean value) implements JsonValue {}

    /** The value {@code null}. */
    enum JsonNull implements JsonValue {
        NULL
    }

    record JsonArray(List<JsonValue> values) implements JsonValue {
        public JsonArray {
            values = List.copyOf(values);
        }
    }

    /** An object. The names are in the order of the text; of a duplicate name the last value counts. */
    record JsonObject(Map<String, JsonValue> members) implements JsonValue {
        public static final JsonObject EMPTY = new JsonObject(Map.of());

        /** Returns the member's value; empty if it is missing or {@code null}. */
        public Optional<JsonValue> get(String name) {
            JsonValue value = members.get(name);
            return value == null || value == JsonNull.NULL ? Optional.empty() : Optional.of(value);
        }

        /** Returns the member's text; empty if it is missing or not a text. */
        public Optional<String> string(String name) {
            return members.get(name) instanceof JsonText text ? Optional.of(text.value()) : Optional.empty();
        }

        public String stringOr(String name, String other) {
            return members.get(name) instanceof JsonText text ? text.value() : other;
        }

        public Optional<JsonObject> object(String name) {
            return members.get(name) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        }

        /** Returns the member's elements; none if it is missing or not an array. */
        public List<JsonValue> array(String name) {
            return members.get(name) instanceof JsonArray array ? array.values() : List.of();
        }

        /** Reports whether the member is {@code true}. */
        public boolean isTrue(String name) {
            return members.get(name) instanceof JsonBoolean bool && bool.value();
        }

        /** Returns the member's whole number; {@code other} if it is missing, not a number, or out of range. */
        public long longOr(String name, long other) {
            if (members.get(name) instanceof JsonNumber number) {
                try {
                    return Long.parseLong(number.literal());
                } catch (NumberFormatException notWhole) {
                    return other;
                }
            }
            return other;
        }
    }

    /** Returns this value as compact JSON text; of a large string only the beginning. */
    default String toJson() {
        return CompactJson.of(this);
    }
}
