package dev.kept.agents.claude;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import java.util.Optional;

/**
 * The members of a record that say where its text came from. A member that is absent or {@code null} says nothing; one of an
 * unexpected type says {@link #UNREADABLE}, which no rule takes for a person's.
 */
final class Marks {
    /** The value of a mark that has an unexpected type. */
    static final String UNREADABLE = "?";

    private Marks() {}

    /** Returns a mark that is a text; empty where there is none. */
    static String text(JsonObject from, String name) {
        return switch (from.get(name).orElse(JsonNull.NULL)) {
            case JsonNull _ -> "";
            case JsonText text -> text.value();
            case JsonValue _ -> UNREADABLE;
        };
    }

    /** Returns {@code origin.kind}; empty where there is no origin. */
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

    /** Reports whether a mark is set: to anything but {@code false}. */
    static boolean isSet(JsonObject from, String name) {
        return switch (from.get(name).orElse(JsonNull.NULL)) {
            case JsonNull _ -> false;
            case JsonBoolean flag -> flag.value();
            case JsonValue _ -> true;
        };
    }
}
