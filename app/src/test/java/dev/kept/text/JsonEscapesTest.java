package dev.kept.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonWriter;
import dev.kept.testing.Generator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;

class JsonEscapesTest {
    private static String escaped(String json, int... cuts) throws IOException {
        StringWriter out = new StringWriter();
        try (Writer escapes = new JsonEscapes(out)) {
            int at = 0;
            for (int cut : cuts) {
                escapes.write(json, at, cut - at);
                escapes.flush();
                at = cut;
            }
            escapes.write(json, at, json.length() - at);
        }
        return out.toString();
    }

    @Test
    void whatDrivesATerminalIsEscapedAndTheRestIsAsItWas() throws IOException {
        assertThat(escaped("{\n\t\"a\":\"ä日😀\u200D\"}")).isEqualTo("{\n\t\"a\":\"ä日😀\u200D\"}");
        assertThat(escaped("\"\u007F\u009B\u202E\u2066\u2028\u2029\u200F\u061C\uFEFF\""))
                .isEqualTo("\"\\u007F\\u009B\\u202E\\u2066\\u2028\\u2029\\u200F\\u061C\\uFEFF\"");
        assertThat(escaped("\"\uDB40\uDC41\"")).isEqualTo("\"\\uDB40\\uDC41\"");
        assertThat(escaped("\"\uD800\"")).isEqualTo("\"\\uD800\"");
        assertThat(escaped("\"\uDC00\uD800\uD83D\uDE00\"")).isEqualTo("\"\\uDC00\\uD800😀\"");
    }

    @Test
    void aPairThatIsCutIsStillAPair() throws IOException {
        assertThat(escaped("\"\uD83D\uDE00\"", 2)).isEqualTo("\"😀\"");
        assertThat(escaped("\"\uDB40\uDC41\"", 2)).isEqualTo("\"\\uDB40\\uDC41\"");
    }

    @Test
    void aReaderOfJsonReadsTheSameValues() {
        Generator.forSeeds(300, random -> {
            StringBuilder text = new StringBuilder();
            int length = random.below(40);
            for (int i = 0; i < length; i++) {
                text.append((char) (random.oneIn(2) ? random.below(0x10000) : random.below(0xA0)));
            }
            try {
                for (boolean indented : new boolean[] {false, true}) {
                    StringWriter out = new StringWriter();
                    try (JsonGenerator json = indented ? JsonWriter.indented(out) : JsonWriter.compact(out)) {
                        json.writeStartObject();
                        json.writeStringProperty("text", text.toString());
                        json.writeEndObject();
                    }
                    assertThat(out.toString().codePoints())
                            .noneMatch(c -> c != '\n' && c != '\t' && TerminalText.drives(c));
                    JsonObject read = (JsonObject) JsonReader.parse(out.toString());
                    assertThat(read.string("text")).contains(text.toString());
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }
}
