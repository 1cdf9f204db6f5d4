package dev.kept.json;

import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonBoolean;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import java.io.FilterWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Writes JSON: whole values, or piece by piece through a generator. */
public final class JsonWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonWriter() {}

    /** A generator for one compact value; closing it closes the target. */
    public static JsonGenerator compact(Writer target) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), target);
    }

    /** A generator for one indented value, for people; closing it closes the target. */
    public static JsonGenerator indented(Writer target) {
        return FACTORY.createGenerator(
                new ObjectWriteContext.Base() {
                    @Override
                    public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
                        return new DefaultPrettyPrinter();
                    }
                },
                target);
    }

    /** A target that stays open when the generator that writes to it is closed. */
    public static Writer keptOpen(Writer target) {
        return new FilterWriter(target) {
            @Override
            public void close() {
                // Whoever opened it closes it.
            }
        };
    }

    /** Writes one value where the generator stands. */
    public static void write(JsonGenerator out, JsonValue value) {
        switch (value) {
            case JsonText text -> writeText(out, text.value());
            case JsonNumber number -> out.writeNumber(number.literal());
            case JsonBoolean bool -> out.writeBoolean(bool.value());
            case JsonNull _ -> out.writeNull();
            case JsonArray array -> {
                out.writeStartArray();
                for (JsonValue element : array.values()) {
                    write(out, element);
                }
                out.writeEndArray();
            }
            case JsonObject object -> {
                out.writeStartObject();
                for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                    out.writeName(member.getKey());
                    write(out, member.getValue());
                }
                out.writeEndObject();
            }
        }
    }

    /** Half a surrogate pair is written as the escape it was read from: UTF-8 cannot hold it. */
    private static void writeText(JsonGenerator out, String text) {
        if (!hasLoneSurrogate(text)) {
            out.writeString(text);
            return;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                escaped.append("\\u%04x".formatted(c));
            } else {
                escaped.append(JsonStringEncoder.getInstance().quoteAsCharArray(Character.toString(c)));
            }
        });
        out.writeRawValue("\"" + escaped + "\"");
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    static String toJson(JsonValue value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = compact(text)) {
            write(out, value);
        }
        return text.toString();
    }
}
