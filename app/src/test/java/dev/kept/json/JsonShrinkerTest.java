package dev.kept.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonString;
import dev.kept.json.JsonValue.JsonText;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonShrinkerTest {
    private static final int LIMIT = JsonShrinker.MAX_STRING_BYTES;

    private static JsonShrinker.Shrunk shrink(String text, int chunk) {
        JsonShrinker shrinker = new JsonShrinker();
        byte[] bytes = text.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += chunk) {
            shrinker.accept(bytes, from, Math.min(bytes.length, from + chunk));
        }
        return shrinker.finish();
    }

    private static List<LocatedValue> read(String text, int chunk) throws MalformedJsonException {
        JsonShrinker.Shrunk shrunk = shrink(text, chunk);
        return JsonReader.readAll(shrunk.bytes(), 0, shrunk.bytes().length, shrunk.large(), new PlainReader());
    }

    private static void assertPlaced(String text, JsonText string, String raw) throws Exception {
        byte[] bytes = text.getBytes(UTF_8);
        byte[] range = Arrays.copyOfRange(
                bytes, Math.toIntExact(string.offset()), Math.toIntExact(string.offset() + string.rawLength()));
        assertThat(new String(range, UTF_8)).isEqualTo('"' + raw + '"');
        if (string instanceof JsonLargeString large) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(raw.getBytes(UTF_8));
            assertThat(large.sha256()).isEqualTo(HexFormat.of().formatHex(digest));
        }
    }

    @Test
    void aStringOfExactlyTheLimitIsHeldWholeAndOneByteMoreIsNot() throws Exception {
        for (int chunk : new int[] {1, 1000, Integer.MAX_VALUE / 2}) {
            assertThat(read("[\"" + "x".repeat(LIMIT) + "\"]", chunk).getFirst().value())
                    .isEqualTo(new JsonArray(List.of(new JsonString("x".repeat(LIMIT), 1, LIMIT + 2))));
            JsonArray array = (JsonArray) read("[\"" + "x".repeat(LIMIT + 1) + "\"]", chunk)
                    .getFirst()
                    .value();
            assertThat(array.values().getFirst()).isInstanceOf(JsonLargeString.class);
        }
    }

    @Test
    void aLargeStringKeepsItsBeginningItsPlaceAndTheDigestOfItsBytes() throws Exception {
        String raw = "Grüße \\\"\\u00e4\\n".repeat(LIMIT / 8);
        String text = "{\"ä\":\"" + raw + "\"}";
        JsonObject object = (JsonObject) read(text, 4096).getFirst().value();
        JsonLargeString large = (JsonLargeString) object.get("ä").orElseThrow();
        assertPlaced(text, large, raw);
        assertThat(large.value()).startsWith("Grüße \"ä\nGrüße \"ä\n").hasSizeBetween(2000, 4096);
    }

    @Test
    void whateverTheCutSplitsIsLeftOutOfTheBeginning() throws Exception {
        for (String unit : List.of("ä", "€", "😀", "\\n", "\\u00e4", "\\ud83d\\ude00", "\\\\")) {
            for (int shift = 0; shift < 13; shift++) {
                String raw = "a".repeat(shift) + unit.repeat(LIMIT);
                JsonArray array =
                        (JsonArray) read("[\"" + raw + "\"]", 10_000).getFirst().value();
                JsonLargeString large = (JsonLargeString) array.values().getFirst();
                String whole = ((JsonText) JsonReader.parse('"' + raw + '"')).value();
                assertThat(whole).startsWith(large.value());
                assertThat(large.value().length()).isGreaterThan(600);
                assertThat(Character.isHighSurrogate(
                                large.value().charAt(large.value().length() - 1)))
                        .isFalse();
            }
        }
    }

    @Test
    void severalLargeStringsAndThoseBetweenAndBehindThemKnowTheirPlaces() throws Exception {
        String a = "a\\\\".repeat(LIMIT);
        String b = "日".repeat(LIMIT);
        String small = "s".repeat(JsonReader.LOCATED_CHARS) + "ö";
        String text = "{\"1\":\"" + small + "\",\"2\":\"" + a + "\", \"3\" : \"" + small + "\",\"4\":[\"" + b + "\",\""
                + b + "\"],\"5\":\"" + small + "\"}{\"6\":\"" + small + "\"}";
        for (int chunk : new int[] {7, 65_536, Integer.MAX_VALUE / 2}) {
            List<LocatedValue> values = read(text, chunk);
            JsonObject object = (JsonObject) values.getFirst().value();
            assertPlaced(text, (JsonText) object.get("1").orElseThrow(), small);
            assertPlaced(text, (JsonText) object.get("2").orElseThrow(), a);
            assertPlaced(text, (JsonText) object.get("3").orElseThrow(), small);
            assertPlaced(text, (JsonText) object.array("4").getFirst(), b);
            assertPlaced(text, (JsonText) object.array("4").getLast(), b);
            assertPlaced(text, (JsonText) object.get("5").orElseThrow(), small);
            LocatedValue last = values.getLast();
            assertPlaced(text, (JsonText) ((JsonObject) last.value()).get("6").orElseThrow(), small);
            long total = text.getBytes(UTF_8).length;
            assertThat(last.offset() + last.length()).isEqualTo(total);
            assertThat(values.getFirst().offset() + values.getFirst().length()).isEqualTo(last.offset());
        }
    }

    @Test
    void aLargeNameIsNoReasonToThrowAnythingButMalformed() {
        String text = "{\"" + "n".repeat(LIMIT + 10) + "\":1}";
        try {
            assertThat(read(text, 1000)).hasSize(1);
        } catch (MalformedJsonException refused) {
            assertThat(refused.before()).isEmpty();
        }
    }

    @Test
    void aRestThatIsTooLongIsGivenUpAndHoldsNothing() {
        JsonShrinker shrinker = new JsonShrinker();
        byte[] zeros = "0,".repeat(50_000).getBytes(UTF_8);
        for (int i = 0; i < 200; i++) {
            shrinker.accept(zeros, 0, zeros.length);
        }
        assertThat(shrinker.heldBytes()).isLessThan(64 * 1024);
        assertThat(shrinker.finish().bytes()).isEmpty();
    }

    @Test
    void aLargeStringJustBeforeTheLimitOfTheRestDoesNotCount() {
        int almost = (int) (RecordBudget.MOST_BYTES / 2) - 4 * 1024;
        String text = "[" + " ".repeat(almost) + "\"" + "x".repeat(3 * LIMIT) + "\"]";
        assertThat(shrink(text, 100_000).bytes()).isNotEmpty();
        assertThat(shrink(text, 100_000).large()).hasSize(1);
    }

    @Test
    void anUnendedLargeStringIsMalformed() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> read("{\"a\":\"" + "x".repeat(LIMIT * 2), 5000))
                .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void theMoreARecordHoldsTheShorterAreTheStringsThatAreTakenOut() throws Exception {
        String text = "[" + ("\"" + "x".repeat(100_000) + "\",").repeat(60) + "\"end\"]";
        JsonArray array = (JsonArray) read(text, 64 * 1024).getFirst().value();
        assertThat(array.values()).hasSize(61);
        assertThat(array.values().subList(0, 3)).allMatch(JsonString.class::isInstance);
        assertThat(array.values().subList(30, 60)).allMatch(JsonLargeString.class::isInstance);
        assertPlaced(text, (JsonText) array.values().get(59), "x".repeat(100_000));
        assertThat(array.values().getLast()).isEqualTo(new JsonString("end"));
    }

    @Test
    void manySmallValuesAreGivenUpLongBeforeTheirTextIsLong() {
        JsonShrinker shrinker = new JsonShrinker();
        byte[] values = "[1],".repeat(1000).getBytes(UTF_8);
        int taken = 0;
        while (shrinker.expectedBytes() > 0 || taken == 0) {
            shrinker.accept(values, 0, values.length);
            taken += values.length;
        }
        assertThat(taken).isLessThan(100_000);
        assertThat(shrinker.heldBytes()).isZero();
    }

    @Test
    void aNameThatIsTakenOutDoesNotPutTheStringsBehindItOutOfPlace() throws Exception {
        String name = "n".repeat(LIMIT + 10);
        String raw = "y".repeat(LIMIT + 1);
        String text = "{\"" + name + "\" : 1,\"a\":\"" + raw + "\"}";
        JsonObject object = (JsonObject) read(text, 4096).getFirst().value();
        assertThat(object.members().keySet())
                .element(0)
                .satisfies(it -> assertThat(name).startsWith(it));
        assertPlaced(text, (JsonText) object.get("a").orElseThrow(), raw);
    }
}
