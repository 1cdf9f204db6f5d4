package dev.kept.agents.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import java.util.Optional;

/**
 * The members of a record that state the origin of its text. An absent or {@code null} member is no mark. One of an
 * unexpected type is {@link #UNREADABLE}, which no rule takes for a person's.
 */
final class Marks {
    /** The value of a mark that has an unexpected type. */
    static final String UNREADABLE = "?";

    private Marks() {}

    /** Returns a mark that is a text; empty if there is none. */
    static String text(JsonObject from, String name) {
        return switch (from.get(name).orElse(JsonNull.NULL)) {
            case JsonNull _ -> "";
            case JsonText text -> text.value();
            case JsonValue _ -> UNREADABLE;
        };
    }

    /** Returns {@code origin.kind}; empty if there is no origin. */
    static String origin(JsonObject from) {
        return switch (from.get("origin").orElse(JsonNull.NULL)) {
            case JsonNull _ -> "";
            case JsonObject origin ->
                Optional.of(text(origin, "kind"))
                        .filter(kind -> !kind.isEmpty())
                        .orElse(UNREADABLE);
            case JsonValue _ -> UNREADABLE;
        };
    }

    /** Reports whether a mark is present and not {@code false}. */
    static boolean isSet(JsonObject from, String name) {
        return switch (from.get(name).orElse(JsonNull.NULL)) {
            case JsonNull _ -> false;
            case JsonBoolean flag -> flag.value();
            case JsonValue _ -> true;
        };
    }
}
