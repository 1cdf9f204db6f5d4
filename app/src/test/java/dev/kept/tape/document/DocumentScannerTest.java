package dev.kept.tape.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentScannerTest {
    /** What a scanner made of a document. */
    private record Scan(String shell, List<String> records, List<String> ids, DocumentScanner scanner) {
        static Scan of(byte[] bytes, int piece) throws IOException {
            ByteArrayOutputStream shell = new ByteArrayOutputStream();
            ByteArrayOutputStream record = new ByteArrayOutputStream();
            List<String> records = new ArrayList<>();
            List<String> ids = new ArrayList<>();
            DocumentScanner scanner = new DocumentScanner(new DocumentScanner.Sink() {
                @Override
                public void shell(byte[] from, int length) {
                    shell.write(from, 0, length);
                }

                @Override
                public void record(byte[] from, int length) {
                    record.write(from, 0, length);
                }

                @Override
                public void recordEnd(String id) {
                    records.add(record.toString(StandardCharsets.UTF_8));
                    ids.add(id);
                    record.reset();
                }
            });
            for (int at = 0; at < bytes.length; at += piece) {
                scanner.accept(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
            }
            scanner.finish();
            return new Scan(shell.toString(StandardCharsets.UTF_8), records, ids, scanner);
        }

        static Scan of(String text) throws IOException {
            return of(text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE / 2);
        }

        String again() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PrettyDocument pretty = new PrettyDocument(out);
            int at = Math.toIntExact(scanner.recordsAt());
            byte[] bytes = shell.getBytes(StandardCharsets.UTF_8);
            byte[] inner = String.join(",", records).getBytes(StandardCharsets.UTF_8);
            pretty.accept(bytes, 0, at);
            pretty.accept(inner, 0, inner.length);
            pretty.accept(bytes, at, bytes.length);
            return out.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void aDocumentIsTakenApartIntoItsShellAndItsRecords() throws IOException {
        Scan scan = Scan.of("""
                {
                  "sessionId": "s",
                  "messages": [
                    {
                      "id": "a",
                      "inner": {
                        "id": "not this",
                        "list": [],
                        "none": {}
                      }
                    },
                    {
                      "id": "b \\" c"
                    },
                    7
                  ],
                  "summary": "x: [1, 2]"
                }""");
        assertThat(scan.scanner().isWhole()).isTrue();
        assertThat(scan.scanner().isPretty()).isTrue();
        assertThat(scan.shell()).isEqualTo("{\"sessionId\":\"s\",\"messages\":[],\"summary\":\"x: [1, 2]\"}");
        assertThat(scan.records())
                .containsExactly(
                        "{\"id\":\"a\",\"inner\":{\"id\":\"not this\",\"list\":[],\"none\":{}}}",
                        "{\"id\":\"b \\\" c\"}",
                        "7");
        assertThat(scan.ids()).containsExactly("a", "b \\\" c", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"messages\": [",
                "{\"messages\": [{\"id\": \"a\"}",
                "{\"a\": }",
                "{\"a\" 1}",
                "{a: 1}",
                "{\"a\": 1,}",
                "[1,]",
                "{\"a\": 01}",
                "{\"a\": tru}",
                "{\"a\": 1}}",
                "{} {}",
                "\"open",
                "[1}",
                "{\"a\":\"line\nend\"}",
                "{,}",
                "{\"a\":1 \"b\":2}"
            })
    void whatIsNoWholeDocumentIsToldSo(String text) throws IOException {
        assertThat(Scan.of(text).scanner().isWhole()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[]}",
                "{\n  \"messages\": []\n}\n",
                "{\r\n  \"messages\": []\r\n}",
                "{\n\t\"messages\": []\n}",
                "{\n  \"messages\": [\n  ]\n}",
                "{\n   \"messages\": []\n}",
                "{\n  \"messages\":  []\n}",
                "{\n  \"messages\" : []\n}",
                " {\n  \"messages\": []\n}",
                "{\n  \"messages\": [],\n  \"messages\": []\n}",
                "{\n  \"other\": []\n}"
            })
    void aWholeDocumentThatIsWrittenOtherwiseIsNotMadeAgainFromParts(String text) throws IOException {
        Scan scan = Scan.of(text);
        assertThat(scan.scanner().isWhole()).isTrue();
        assertThat(scan.scanner().isPretty()).isFalse();
    }

    @Test
    void anyPrettyDocumentIsMadeAgainHoweverItIsCut() throws IOException {
        Random random = new Random(20261122);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            pretty(text, document(random), 0);
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            Scan scan = Scan.of(bytes, 1 + random.nextInt(50));
            assertThat(scan.scanner().isWhole()).isTrue();
            assertThat(scan.scanner().isPretty()).as(text.toString()).isTrue();
            assertThat(scan.again()).isEqualTo(text.toString());
        }
    }

    @Test
    void itAgreesWithTheReaderOnWhatIsJson() throws IOException {
        Random random = new Random(7);
        int whole = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            pretty(text, document(random), 0);
            for (int edits = random.nextInt(3); edits > 0; edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "{}[],:\"1 a\\".charAt(random.nextInt(11)));
                    default -> text.setLength(Math.max(1, at));
                }
            }
            boolean json = true;
            try {
                JsonReader.parse(text.toString());
            } catch (MalformedJsonException e) {
                json = false;
            }
            whole += json ? 1 : 0;
            boolean told = Scan.of(text.toString()).scanner().isWhole();
            // Escapes inside strings are not looked into: such a document is kept, byte for byte, all the same.
            if (told != json && !text.toString().contains("\\")) {
                assertThat(told).as(text.toString()).isEqualTo(json);
            }
        }
        assertThat(whole).isBetween(5_000, 15_000);
    }

    private static JsonObject document(Random random) {
        Map<String, JsonValue> members = new java.util.LinkedHashMap<>();
        members.put("sessionId", value(random, 0));
        List<JsonValue> records = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Map<String, JsonValue> record = new java.util.LinkedHashMap<>();
            record.put("id", new JsonValue.JsonString("m" + i));
            record.put("x", value(random, 3));
            records.add(new JsonObject(record));
        }
        members.put("messages", new JsonArray(records));
        members.put("tail", value(random, 2));
        return new JsonObject(members);
    }

    private static JsonValue value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> new JsonValue.JsonString("a\"b\\c\n{[ü,:]}" + random.nextInt(100));
            case 1 -> new JsonValue.JsonNumber("-1.5e" + random.nextInt(9));
            case 2 -> JsonValue.JsonNull.NULL;
            case 3 -> new JsonValue.JsonBoolean(random.nextBoolean());
            case 4 -> new JsonValue.JsonNumber("0");
            case 5 -> {
                List<JsonValue> values = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    values.add(value(random, depth - 1));
                }
                yield new JsonArray(values);
            }
            default -> {
                Map<String, JsonValue> members = new java.util.LinkedHashMap<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    members.put("k" + i, value(random, depth - 1));
                }
                yield new JsonObject(members);
            }
        };
    }

    /** What {@code JSON.stringify(value, null, 2)} writes; slow and obvious. */
    private static void pretty(StringBuilder out, JsonValue value, int level) {
        String inner = "\n" + "  ".repeat(level + 1);
        switch (value) {
            case JsonArray array
            when !array.values().isEmpty() -> {
                String before = "[";
                for (JsonValue each : array.values()) {
                    out.append(before).append(inner);
                    pretty(out, each, level + 1);
                    before = ",";
                }
                out.append("\n").append("  ".repeat(level)).append("]");
            }
            case JsonObject object
            when !object.members().isEmpty() -> {
                String before = "{";
                for (Map.Entry<String, JsonValue> each : object.members().entrySet()) {
                    out.append(before)
                            .append(inner)
                            .append('"')
                            .append(each.getKey())
                            .append("\": ");
                    pretty(out, each.getValue(), level + 1);
                    before = ",";
                }
                out.append("\n").append("  ".repeat(level)).append("}");
            }
            case JsonValue _ -> out.append(value.toJson());
        }
    }
}
