package dev.kept.provider;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.MalformedJsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part of JSON Schema (draft 2020-12) that docs/events.schema.json uses. A keyword that is not among it is a fault
 * of the schema's: what is not checked must not look as if it was.
 */
final class JsonSchema {
    private static final Set<String> WORDS = Set.of("$schema", "$id", "$defs", "title", "description");

    private final JsonObject root;

    private JsonSchema(JsonObject root) {
        this.root = root;
    }

    static JsonSchema read(Path file) throws IOException, MalformedJsonException {
        return new JsonSchema((JsonObject) JsonReader.parse(Files.readString(file)));
    }

    /** What is wrong with the value; nothing if it is valid. */
    List<String> problems(JsonValue value) {
        List<String> problems = new ArrayList<>();
        check(value, root, "$", problems);
        return problems;
    }

    private void check(JsonValue value, JsonObject schema, String at, List<String> problems) {
        for (Map.Entry<String, JsonValue> each : schema.members().entrySet()) {
            String keyword = each.getKey();
            JsonValue rule = each.getValue();
            switch (keyword) {
                case "$ref" -> check(value, resolve(text(rule)), at, problems);
                case "type" ->
                    expect(type(value).equals(text(rule)) || isInteger(value, rule), at, keyword, value, problems);
                case "enum" ->
                    expect(
                            ((JsonArray) rule).values().stream().anyMatch(one -> same(one, value)),
                            at,
                            keyword,
                            value,
                            problems);
                case "const" -> expect(same(rule, value), at, keyword, value, problems);
                case "minLength" -> expect(text(value).length() >= number(rule), at, keyword, value, problems);
                case "minItems" ->
                    expect(((JsonArray) value).values().size() >= number(rule), at, keyword, value, problems);
                case "minimum" -> expect(number(value) >= number(rule), at, keyword, value, problems);
                case "pattern" ->
                    expect(Pattern.compile(text(rule)).matcher(text(value)).find(), at, keyword, value, problems);
                case "required" ->
                    ((JsonArray) rule)
                            .values()
                            .forEach(name -> expect(
                                    object(value).members().containsKey(text(name)),
                                    at,
                                    "required " + text(name),
                                    value,
                                    problems));
                case "properties" ->
                    object(value)
                            .members()
                            .forEach((name, member) -> object(rule)
                                    .object(name)
                                    .ifPresent(property -> check(member, property, at + "." + name, problems)));
                case "additionalProperties" ->
                    object(value)
                            .members()
                            .keySet()
                            .forEach(name -> expect(
                                    schema.object("properties")
                                            .orElse(JsonObject.EMPTY)
                                            .members()
                                            .containsKey(name),
                                    at,
                                    "unknown " + name,
                                    value,
                                    problems));
                case "items" ->
                    ((JsonArray) value).values().forEach(item -> check(item, object(rule), at + "[]", problems));
                case "oneOf" ->
                    expect(
                            ((JsonArray) rule)
                                            .values().stream()
                                                    .filter(one -> {
                                                        List<String> own = new ArrayList<>();
                                                        check(value, object(one), at, own);
                                                        return own.isEmpty();
                                                    })
                                                    .count()
                                    == 1,
                            at,
                            keyword,
                            value,
                            problems);
                default -> {
                    if (!WORDS.contains(keyword)) {
                        throw new IllegalArgumentException("the schema's keyword " + keyword + " is not checked here");
                    }
                }
            }
        }
    }

    private JsonObject resolve(String reference) {
        return root.object("$defs")
                .flatMap(defs -> defs.object(reference.substring("#/$defs/".length())))
                .orElseThrow(() -> new IllegalArgumentException("no " + reference));
    }

    private static void expect(boolean holds, String at, String keyword, JsonValue value, List<String> problems) {
        if (!holds) {
            problems.add(at + ": " + keyword + " does not hold for " + value.toJson());
        }
    }

    private static boolean isInteger(JsonValue value, JsonValue rule) {
        return text(rule).equals("integer")
                && value instanceof JsonNumber number
                && number.literal().matches("-?[0-9]+");
    }

    private static String type(JsonValue value) {
        return switch (value) {
            case JsonText _ -> "string";
            case JsonNumber _ -> "number";
            case JsonBoolean _ -> "boolean";
            case JsonNull _ -> "null";
            case JsonArray _ -> "array";
            case JsonObject _ -> "object";
        };
    }

    private static boolean same(JsonValue a, JsonValue b) {
        return a.toJson().equals(b.toJson());
    }

    private static String text(JsonValue value) {
        return value instanceof JsonText text ? text.value() : "";
    }

    private static JsonObject object(JsonValue value) {
        return value instanceof JsonObject object ? object : JsonObject.EMPTY;
    }

    private static long number(JsonValue value) {
        return value instanceof JsonNumber number ? (long) Double.parseDouble(number.literal()) : Long.MIN_VALUE;
    }
}
