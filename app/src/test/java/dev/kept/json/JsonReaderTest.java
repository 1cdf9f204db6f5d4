package dev.kept.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.JsonValue.JsonNull;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.testing.Generator;
import dev.kept.testing.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonReaderTest {
    private static final String LONG = "x".repeat(100);

    private static List<LocatedValue> read(String text) throws MalformedJsonException {
        return read(text.getBytes(UTF_8));
    }

    private static List<LocatedValue> read(byte[] bytes) throws MalformedJsonException {
        return JsonReader.readAll(bytes, 0, bytes.length, List.of(), new PlainReader());
    }

    private static String range(String text, long offset, long length) {
        return new String(text.getBytes(UTF_8), Math.toIntExact(offset), Math.toIntExact(length), UTF_8);
    }

    @Test
    void severalValuesOfOneRecordEachKnowTheBytesTheyCover() throws Exception {
        String text = "{\"ä\":1}{\"b\":\"日本\"} [2]\r";
        List<LocatedValue> values = read(text);
        assertThat(values)
                .extracting(value -> range(text, value.offset(), value.length()))
                .containsExactly("{\"ä\":1}", "{\"b\":\"日本\"}", "[2]");
    }

    @Test
    void bareNumbersWordsAndNullsAreValuesOfTheirOwn() throws Exception {
        String text = "1 2.5  null true\t\"a\"";
        assertThat(read(text))
                .extracting(value -> range(text, value.offset(), value.length()))
                .containsExactly("1", "2.5", "null", "true", "\"a\"");
        assertThat(JsonReader.parse("null")).isEqualTo(JsonNull.NULL);
    }

    @Test
    void longStringsKnowTheirBytesWithBothQuotesWhereverTheyStand() throws Exception {
        String escaped = "\\\"\\u00e4ö\\n" + LONG;
        String text = "{\"日本\":[\"" + LONG + "\",{\"k\":\"" + escaped + "\"}]}{\"z\":\"" + LONG + "\"}";
        byte[] inside = ("??" + text + "??").getBytes(UTF_8);
        List<LocatedValue> values = JsonReader.readAll(inside, 2, inside.length - 4, List.of(), new PlainReader());
        List<JsonValue> array = ((JsonObject) values.getFirst().value()).array("日本");
        JsonText first = (JsonText) array.getFirst();
        JsonText second = (JsonText) ((JsonObject) array.getLast()).get("k").orElseThrow();
        JsonText third =
                (JsonText) ((JsonObject) values.getLast().value()).get("z").orElseThrow();
        assertThat(range(text, first.offset(), first.rawLength())).isEqualTo('"' + LONG + '"');
        assertThat(range(text, second.offset(), second.rawLength())).isEqualTo('"' + escaped + '"');
        assertThat(range(text, third.offset(), third.rawLength())).isEqualTo('"' + LONG + '"');
    }

    @Test
    void stringsOverTheParsersBufferKnowWhereTheyStand() throws Exception {
        String big = "ä€😀\\u0041".repeat(20_000);
        String text = "[\"" + big + "\", \"" + LONG + "\"]";
        JsonArray array = (JsonArray) read(text).getFirst().value();
        for (JsonValue value : array.values()) {
            JsonText string = (JsonText) value;
            assertThat(JsonReader.parse(range(text, string.offset(), string.rawLength())))
                    .extracting(parsed -> ((JsonText) parsed).value())
                    .isEqualTo(string.value());
        }
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws Exception {
        String text = "\uFEFF{\"a\":\"" + LONG + "\"}";
        LocatedValue value = read(text).getFirst();
        JsonText string = (JsonText) ((JsonObject) value.value()).get("a").orElseThrow();
        assertThat(range(text, value.offset(), value.length())).isEqualTo("{\"a\":\"" + LONG + "\"}");
        assertThat(range(text, string.offset(), string.rawLength())).isEqualTo('"' + LONG + '"');
    }

    @Test
    void nestingTooDeepIsMalformedAndDoesNotOverflowTheStack() {
        for (String opening : List.of("[", "{\"a\":")) {
            assertThatThrownBy(() -> read(opening.repeat(10_000))).isInstanceOf(MalformedJsonException.class);
            assertThatThrownBy(() -> read(opening.repeat(JsonReader.MAX_DEPTH + 1)))
                    .isInstanceOf(MalformedJsonException.class);
        }
    }

    @Test
    void nestingAsDeepAsAllowedIsReadAndWritten() throws Exception {
        String text = "[".repeat(JsonReader.MAX_DEPTH) + "]".repeat(JsonReader.MAX_DEPTH);
        assertThat(JsonReader.parse(text).toJson()).isEqualTo(text);
    }

    @Test
    void aRecordWhoseTreeWouldFillTheHeapIsMalformed() {
        String text = "[" + "0,".repeat(JsonReader.MAX_TOKENS) + "0]";
        assertThatThrownBy(() -> read(text)).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void invalidUtf8IsReadWithReplacementCharactersAndWithoutPlaces() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("{\"a\":\"x".getBytes(UTF_8));
        bytes.write(0xFF);
        bytes.writeBytes((LONG + "\",\"b\":\"" + LONG + "\"}").getBytes(UTF_8));
        LocatedValue value = read(bytes.toByteArray()).getFirst();
        JsonObject object = (JsonObject) value.value();
        assertThat(object.string("a")).hasValue("x\uFFFD" + LONG);
        assertThat(((JsonText) object.get("b").orElseThrow()).offset()).isEqualTo(-1);
        assertThat(value.offset()).isZero();
        assertThat(value.length()).isEqualTo(bytes.size());
    }

    @Test
    void whatIsBeforeTheDamageInInvalidUtf8CoversTheRecordToo() {
        byte[] bytes = "{\"a\":1} \u00ff{oops".getBytes(ISO_8859_1);
        MalformedJsonException e = catchThrowableOfType(MalformedJsonException.class, () -> read(bytes));
        assertThat(e.before()).singleElement().satisfies(value -> {
            assertThat(value.offset()).isZero();
            assertThat(value.length()).isEqualTo(bytes.length);
        });
    }

    @Test
    void brokenJsonThatHoldsARealReplacementCharacterStillTellsWhereItBroke() {
        MalformedJsonException e =
                catchThrowableOfType(MalformedJsonException.class, () -> read("{\"a\":\"\uFFFD\"}{\"b\":oops}"));
        assertThat(e.before()).hasSize(1);
        assertThat(e.before().getFirst().length()).isEqualTo("{\"a\":\"???\"}".length());
        assertThat(e.offset()).isGreaterThan(e.before().getFirst().length());
    }

    @Test
    void utf16IsNoRecord() {
        for (Charset charset : List.of(UTF_16LE, Charset.forName("UTF-16BE"), Charset.forName("UTF-32"))) {
            assertThatThrownBy(() -> read("{\"a\":1}".getBytes(charset)))
                    .as(charset.name())
                    .isInstanceOf(MalformedJsonException.class);
        }
    }

    @Test
    void loneSurrogatesAreReadAsTheyAreWritten() throws Exception {
        assertThat(JsonReader.parse("\"a\\ud83d b\\ude00\"")).isEqualTo(new JsonString("a\uD83D b\uDE00"));
    }

    @Test
    void ofANameThatStandsTwiceTheLastValueCounts() throws Exception {
        assertThat(((JsonObject) JsonReader.parse("{\"a\":1,\"b\":2,\"a\":3}")).members())
                .containsExactly(
                        java.util.Map.entry("a", new JsonNumber("3")), java.util.Map.entry("b", new JsonNumber("2")));
    }

    @Test
    void numbersStayAsTheyWereWritten() throws Exception {
        for (String literal : List.of("0", "-0", "1.50", "1E+400", "-12345678901234567890123", "1e-5")) {
            assertThat(JsonReader.parse(literal)).isEqualTo(new JsonNumber(literal));
        }
        assertThat(((JsonObject) JsonReader.parse("{\"a\":1.5,\"b\":9223372036854775807}")).longOr("b", 0))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(((JsonObject) JsonReader.parse("{\"a\":1.5}")).longOr("a", 7))
                .isEqualTo(7);
    }

    @Test
    void aMemberThatIsNullIsNotThere() throws Exception {
        JsonObject object = (JsonObject) JsonReader.parse("{\"a\":null,\"b\":\"\"}");
        assertThat(object.get("a")).isEmpty();
        assertThat(object.string("a")).isEmpty();
        assertThat(object.string("b")).hasValue("");
    }

    @Test
    void whatIsBeforeTheDamageIsHandedOut() {
        for (String damage : List.of("{\"b\":", "oops", "}", "{\"b\" 1}", "\"", "[1,]")) {
            MalformedJsonException e =
                    catchThrowableOfType(MalformedJsonException.class, () -> read("{\"a\":1}" + damage));
            assertThat(e.before()).as(damage).hasSize(1);
        }
    }

    @Test
    void textThatReadsLikeAMarkIsOnlyText() throws Exception {
        String forged = "\"\\u0000kept-large:0\",\"\\u0000kept-large:x\",\"\\u0000kept-large:99\"";
        String text = "[" + forged + ",\"" + "y".repeat(JsonShrinker.MAX_STRING_BYTES + 1) + "\"," + forged + "]";
        JsonShrinker shrinker = new JsonShrinker();
        byte[] bytes = text.getBytes(UTF_8);
        shrinker.accept(bytes, 0, bytes.length);
        JsonShrinker.Shrunk shrunk = shrinker.finish();
        List<JsonValue> values = ((JsonArray)
                        JsonReader.readAll(shrunk.bytes(), 0, shrunk.bytes().length, shrunk.large(), new PlainReader())
                                .getFirst()
                                .value())
                .values();
        assertThat(values).hasSize(7);
        assertThat(values.get(3)).isInstanceOf(JsonLargeString.class);
        assertThat(values.get(0)).isEqualTo(new JsonString("\0kept-large:0"));
        assertThat(values.get(6)).isEqualTo(new JsonString("\0kept-large:99"));
    }

    @Test
    void whatIsWrittenReadsBackTheSame() {
        Generator.forSeeds(500, random -> {
            JsonValue value = new JsonGenerator(random).value(5);
            String text = value.toJson();
            try {
                assertThat(JsonGenerator.placeless(JsonReader.parse(text))).isEqualTo(JsonGenerator.placeless(value));
            } catch (MalformedJsonException e) {
                throw new AssertionError(text, e);
            }
        });
    }

    @Test
    void noBytesAtAllMakeTheReaderThrowAnythingElse() {
        Generator.forSeeds(3_000, random -> {
            byte[] bytes = random.oneIn(2)
                    ? random.bytes(random.below(40))
                    : new JsonGenerator(random).value(3).toJson().getBytes(UTF_8);
            for (int i = random.below(4); i > 0 && bytes.length > 0; i--) {
                bytes[random.below(bytes.length)] = (byte) random.below(256);
            }
            try {
                for (LocatedValue value : read(bytes)) {
                    assertThat(value.offset()).isNotNegative();
                    assertThat(value.offset() + value.length()).isLessThanOrEqualTo(bytes.length);
                }
            } catch (MalformedJsonException expected) {
                assertThat(expected.offset()).isNotNegative();
            }
        });
    }
}
