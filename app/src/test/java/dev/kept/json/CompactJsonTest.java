package dev.kept.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.testing.Generator;
import dev.kept.testing.JsonGenerator;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompactJsonTest {
    @Test
    void whatIsWrittenIsReadAsItWas() {
        Generator.forSeeds(2_000, random -> {
            JsonValue value = new JsonGenerator(random).object(4);
            try {
                assertThat(JsonGenerator.placeless(JsonReader.parse(value.toJson())))
                        .isEqualTo(JsonGenerator.placeless(value));
            } catch (MalformedJsonException e) {
                throw new AssertionError(value.toJson(), e);
            }
        });
    }

    @Test
    void everyTextIsWrittenAsJacksonWritesItWhereItCan() {
        for (char c = 0; c < Character.MAX_VALUE; c++) {
            if (!Character.isSurrogate(c)) {
                String text = "a" + c + "b";
                assertThat(new JsonString(text).toJson()).isEqualTo(asJacksonWrites(text));
            }
        }
        assertThat(new JsonString("😀\\😀").toJson()).isEqualTo(asJacksonWrites("😀\\😀"));
    }

    private static String asJacksonWrites(String text) {
        StringWriter written = new StringWriter();
        try (tools.jackson.core.JsonGenerator out = JsonWriter.verbatim(written)) {
            out.writeString(text);
        }
        return written.toString();
    }

    @Test
    void halfASurrogatePairIsWrittenAsAnEscape() {
        String high = "😀".substring(0, 1);
        String low = "😀".substring(1);
        assertThat(new JsonString(low + high + "x" + high).toJson()).isEqualTo("\"\\ude00\\ud83dx\\ud83d\"");
        assertThat(new JsonString(high + low).toJson()).isEqualTo("\"😀\"");
    }

    @Test
    void emptyThingsAreWritten() {
        assertThat(new JsonArray(List.of(new JsonArray(List.of()), JsonObject.EMPTY)).toJson())
                .isEqualTo("[[],{}]");
        assertThat(new JsonObject(Map.of("", new JsonString(""))).toJson()).isEqualTo("{\"\":\"\"}");
    }
}
