package dev.kept.testing;

import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes random JSON values. */
public final class JsonGenerator {
    private final Generator random;

    public JsonGenerator(Generator random) {
        this.random = random;
    }

    /** A value that is nested at most so deep. */
    public JsonValue value(int depth) {
        return switch (random.below(depth > 0 ? 7 : 4)) {
            case 0 -> new JsonString(random.brokenText(random.oneIn(5) ? 200 : 20));
            case 1 ->
                new JsonNumber(random.oneOf("0", "-1", "1.50", "1e400", "-0.0", "123456789012345678901234567890"));
            case 2 -> new JsonBoolean(random.oneIn(2));
            case 3 -> JsonNull.NULL;
            case 4 -> new JsonArray(random.listOf(5, () -> value(depth - 1)));
            default -> object(depth);
        };
    }

    /** An object whose members are nested at most so deep, less one. */
    public JsonObject object(int depth) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = random.below(5); i >= 0; i--) {
            members.put(random.text(8), value(Math.max(0, depth - 1)));
        }
        return new JsonObject(members);
    }

    /** The value without the places of its strings, for comparing values from different texts. */
    public static JsonValue placeless(JsonValue value) {
        return switch (value) {
            case JsonText text -> new JsonString(text.value());
            case JsonArray array ->
                new JsonArray(
                        array.values().stream().map(JsonGenerator::placeless).toList());
            case JsonObject object -> {
                Map<String, JsonValue> members = new LinkedHashMap<>();
                object.members().forEach((name, member) -> members.put(name, placeless(member)));
                yield new JsonObject(members);
            }
            case JsonNumber _, JsonBoolean _, JsonNull _ -> value;
        };
    }
}
