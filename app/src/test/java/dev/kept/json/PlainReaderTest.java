package dev.kept.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.testing.Generator;
import dev.kept.testing.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlainReaderTest {
    /** One for all, as records come one after the other. */
    private static final PlainReader READER = new PlainReader();

    private static final String LONG = "x".repeat(100);

    private static Optional<LocatedValue> read(byte[] bytes, int from, int length) {
        return READER.read(bytes, from, length, PlainReader.TOKENS_OF_A_RECORD);
    }

    private static Optional<LocatedValue> plain(String text) {
        byte[] bytes = ("??" + text + "??").getBytes(UTF_8);
        return read(bytes, 2, bytes.length - 4);
    }

    /** What the parser makes of the same bytes; nothing if that is not one value. */
    private static Optional<LocatedValue> parsed(byte[] bytes, int from, int length) {
        try {
            List<LocatedValue> values = JsonReader.readAny(bytes, from, length, List.of());
            return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
        } catch (MalformedJsonException malformed) {
            return Optional.empty();
        }
    }

    @Test
    void whateverTheBytesAreItReadsThemAsTheParserDoesOrNotAtAll() {
        int read = 0;
        int leftAlone = 0;
        for (int seed = 0; seed < 30_000; seed++) {
            Generator random = new Generator(seed);
            byte[] bytes = damaged(random, written(random));
            Optional<LocatedValue> plain = read(bytes, 3, bytes.length - 5);
            if (plain.isPresent()) {
                assertThat(plain).as("seed %d", seed).isEqualTo(parsed(bytes, 3, bytes.length - 5));
                read++;
            } else {
                leftAlone++;
            }
        }
        assertThat(read).isGreaterThan(5_000);
        assertThat(leftAlone).isGreaterThan(5_000);
    }

    /** An object as some writer might have put it: blanks anywhere, characters escaped or not. */
    private static byte[] written(Generator random) {
        String json = new JsonGenerator(random).object(4).toJson();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'"', '{', ' '});
        boolean inString = false;
        int escapes = random.oneOf(3, 30, 1_000_000);
        int blanks = random.oneOf(4, 1_000_000);
        for (int i = 0; i < json.length(); ) {
            int c = json.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\\') {
                out.write(c);
                out.write(json.charAt(i++));
                continue;
            }
            if (c == '"') {
                inString = !inString;
            } else if (inString && random.oneIn(escapes)) {
                for (char unit : Character.toChars(c)) {
                    out.writeBytes((random.oneIn(2) ? "\\u%04x" : "\\u%04X")
                            .formatted((int) unit)
                            .getBytes(UTF_8));
                }
                continue;
            }
            out.writeBytes(Character.toString(c).getBytes(UTF_8));
            if (!inString
                    && c != '-'
                    && !Character.isLetterOrDigit(c)
                    && c != '.'
                    && c != '+'
                    && random.oneIn(blanks)) {
                out.write(random.oneOf(' ', '\n', '\r', '\t'));
            }
        }
        out.writeBytes(new byte[] {'}', '"'});
        return out.toByteArray();
    }

    private static byte[] damaged(Generator random, byte[] whole) {
        byte[] bytes = whole.clone();
        if (random.oneIn(2)) {
            return bytes;
        }
        for (int i = random.below(3); i >= 0; i--) {
            int at = 3 + random.below(bytes.length - 5);
            bytes[at] = random.oneIn(2)
                    ? (byte) random.below(256)
                    : (byte) (int) random.oneOf(
                            (int) '"', (int) '\\', (int) '{', (int) '}', (int) ',', 0, 0xED, 0xC0, (int) '0');
        }
        return bytes;
    }

    @Test
    void whatItReadsKnowsItsBytes() {
        String escaped = "\\\"\\u00e4ö\\n" + LONG;
        String text = " {\"日本\":[\"" + LONG + "\",{\"k\":\"" + escaped + "\"}]} ";
        assertThat(plain(text)).isPresent().isEqualTo(parsed(text.getBytes(UTF_8), 0, text.getBytes(UTF_8).length));
    }

    @Test
    void everyEscapeAndEveryLengthOfCharacterIsRead() {
        String text =
                "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e4\\u20ac\\ud83d\\ude00 Aä€😀\",\"n\":[0,-0,1.5e+3,2E-1,12]}";
        assertThat(plain(text))
                .get()
                .extracting(value -> value.value().toJson())
                .isEqualTo("{\"a\":\"\\\"\\\\/\\b\\f\\n\\r\\tAä€😀 Aä€😀\",\"n\":[0,-0,1.5e+3,2E-1,12]}");
    }

    @Test
    void whatIsNotPlainIsLeftToTheParser() {
        List<String> others = List.of(
                "",
                "null",
                "1",
                "\"text\"",
                "{}{}",
                "{} x",
                "{\"a\":1,}",
                "[1,]",
                "[01]",
                "[1.]",
                "[.5]",
                "[+1]",
                "[1e]",
                "[-]",
                "[tru]",
                "[truex]",
                "{a:1}",
                "{\"a\" 1}",
                "{\"a\":1",
                "[\"\\x\"]",
                "[\"\\u12g4\"]",
                "[\"\\ud800\"]",
                "[\"\\ud800\\u0041\"]",
                "[\"\\udc00\\ud800\"]",
                "[\"a\nb\"]",
                "[\"",
                "[\"\\",
                "[\"\\u00",
                "[\"a\":1]",
                "\uFEFF{}",
                "[".repeat(JsonReader.MAX_DEPTH + 1) + "]".repeat(JsonReader.MAX_DEPTH + 1),
                "[" + "0,".repeat(JsonReader.MAX_TOKENS) + "0]",
                "[" + "1".repeat(2_000) + "]");
        assertThat(others).allSatisfy(text -> assertThat(plain(text)).isEmpty());
    }

    @Test
    void bytesThatAreNoUtf8AreLeftToTheParser() {
        List<String> others = List.of(
                "\u0080",
                "\u00C3",
                "\u00C0\u0080",
                "\u00E0\u0080\u0080",
                "\u00ED\u00A0\u0080",
                "\u00E2\u0082",
                "\u00F0\u0080\u0080\u0080",
                "\u00F4\u0090\u0080\u0080",
                "\u00F5\u0080\u0080\u0080",
                "\u00C3(");
        assertThat(others).allSatisfy(text -> {
            byte[] bytes = ("[\"" + text + "\"]").getBytes(ISO_8859_1);
            assertThat(read(bytes, 0, bytes.length)).isEmpty();
        });
    }

    @Test
    void theLastOfANameThatStandsTwiceCountsAndNamesMayBeAnything() {
        String text = "{\"a\":1,\"b\":2,\"a\":3,\"\":4,\"ä\\n\":5,\"" + "n".repeat(100) + "\":6}";
        assertThat(plain(text)).isPresent().isEqualTo(parsed(text.getBytes(UTF_8), 0, text.getBytes(UTF_8).length));
    }

    @Test
    void aNameThatStandsInManyRecordsIsOneString() {
        String first = name(plain("{\"parentUuid\":1}"));
        String second = name(plain("{\"parentUuid\":2}"));
        assertThat(first).isSameAs(second);
        for (int i = 0; i < 5_000; i++) {
            assertThat(name(plain("{\"name" + i + "\":2}"))).isEqualTo("name" + i);
        }
    }

    @Test
    void aRecordWithMoreTokensThanItMayHaveIsLeftAlone() {
        byte[] record = "{\"a\":[1,null]}".getBytes(UTF_8);
        assertThat(READER.read(record, 0, record.length, 7)).isPresent();
        int tokens = READER.tokens();
        assertThat(tokens).isBetween(5, 8);
        assertThat(READER.read(record, 0, record.length, tokens)).isPresent();
        assertThat(READER.read(record, 0, record.length, tokens - 1)).isEmpty();
    }

    private static String name(Optional<LocatedValue> value) {
        return ((JsonValue.JsonObject) value.orElseThrow().value())
                .members()
                .keySet()
                .iterator()
                .next();
    }
}
