package dev.kept.json;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One JSON value. Immutable. A tree is as deep as {@link JsonReader#MAX_DEPTH} at most. */
public sealed interface JsonValue {

    /** Text, whole or by reference. */
    sealed interface JsonText extends JsonValue {
        /** The text, or its beginning where {@link JsonLargeString} cut it. */
        String value();

        /** Bytes from the start of the record to the opening quote, or -1 where that is not known. */
        long offset();

        /** Bytes of the JSON string with both quotes, or -1 where that is not known. */
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

    /** A number as it was written. */
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

    /** Names in the order of the text; of a name that stands twice the last value counts. */
    record JsonObject(Map<String, JsonValue> members) implements JsonValue {
        public static final JsonObject EMPTY = new JsonObject(Map.of());

        /** The member's value; empty when it is missing or {@code null}. */
        public Optional<JsonValue> get(String name) {
            JsonValue value = members.get(name);
            return value == null || value == JsonNull.NULL ? Optional.empty() : Optional.of(value);
        }

        /** The member's text; empty when it is missing or anything but text. */
        public Optional<String> string(String name) {
            return members.get(name) instanceof JsonText text ? Optional.of(text.value()) : Optional.empty();
        }

        public String stringOr(String name, String other) {
            return members.get(name) instanceof JsonText text ? text.value() : other;
        }

        public Optional<JsonObject> object(String name) {
            return members.get(name) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        }

        /** The member's elements; none when it is missing or anything but an array. */
        public List<JsonValue> array(String name) {
            return members.get(name) instanceof JsonArray array ? array.values() : List.of();
        }

        /** True only for a member that is {@code true}. */
        public boolean isTrue(String name) {
            return members.get(name) instanceof JsonBoolean bool && bool.value();
        }

        /** The member's whole number; {@code other} when it is missing, no number, or out of range. */
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

    /** This value as compact JSON text; of a large string only the beginning. */
    default String toJson() {
        return CompactJson.of(this);
    }
}
