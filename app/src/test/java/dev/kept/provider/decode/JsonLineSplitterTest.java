package dev.kept.provider.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.JsonShrinker;
import dev.kept.json.JsonValue.JsonArray;
import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.JsonValue.JsonNumber;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonValue.JsonText;
import dev.kept.json.RecordBudget;
import dev.kept.provider.SourceRecord;
import dev.kept.testing.Generator;
import dev.kept.testing.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLineSplitterTest {
    private static final int LIMIT = JsonShrinker.MAX_STRING_BYTES;

    private static List<SourceRecord> split(byte[] bytes, int chunk) {
        JsonLineSplitter splitter = new JsonLineSplitter(3, 0);
        List<SourceRecord> records = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += chunk) {
            splitter.accept(bytes, from, Math.min(bytes.length, from + chunk), records::add);
        }
        return records;
    }

    private static List<SourceRecord> split(String text) {
        return split(text.getBytes(UTF_8), Integer.MAX_VALUE / 2);
    }

    private static String range(String text, SourceRecord record) {
        return new String(
                text.getBytes(UTF_8), Math.toIntExact(record.offset()), Math.toIntExact(record.length()), UTF_8);
    }

    private static byte[] randomSource(Generator random) {
        JsonGenerator json = new JsonGenerator(random);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (random.oneIn(5)) {
            out.writeBytes("\uFEFF".getBytes(UTF_8));
        }
        for (int i = random.below(20); i >= 0; i--) {
            switch (random.below(12)) {
                case 0 -> out.writeBytes(new byte[random.below(20)]);
                case 1 -> out.writeBytes(" \t ".getBytes(UTF_8));
                case 2 -> out.writeBytes(random.bytes(random.below(30)));
                case 3 -> {
                    byte[] cut = json.object(3).toJson().getBytes(UTF_8);
                    out.write(cut, 0, random.below(cut.length));
                }
                case 4 ->
                    out.writeBytes((json.object(2).toJson() + json.object(2).toJson()).getBytes(UTF_8));
                case 5 -> out.writeBytes(new byte[] {'"', (byte) 0xC3, '"'});
                case 6 -> out.writeBytes("  null\0\0\r".getBytes(UTF_8));
                default -> out.writeBytes(json.value(4).toJson().getBytes(UTF_8));
            }
            out.writeBytes(random.oneOf("\n", "\n", "\r\n", "\n\n").getBytes(UTF_8));
        }
        return out.toByteArray();
    }

    @Test
    void anyCuttingOfTheBytesGivesTheSameRecords() {
        Generator.forSeeds(400, random -> {
            byte[] source = randomSource(random);
            List<SourceRecord> whole = split(source, source.length + 1);
            assertThat(split(source, 1)).isEqualTo(whole);
            assertThat(split(source, random.between(2, 50))).isEqualTo(whole);
            for (SourceRecord record : whole) {
                assertThat(record.offset()).isNotNegative();
                assertThat(record.length()).isPositive();
                assertThat(record.offset() + record.length()).isLessThan(source.length);
            }
        });
    }

    @Test
    void howManyLinesWerePreparedChangesNothing() {
        Generator.forSeeds(400, random -> {
            byte[] source = randomSource(random);
            JsonLineSplitter splitter = new JsonLineSplitter(3, 0);
            List<SourceRecord> records = new ArrayList<>();
            int size = random.between(2, source.length + 1);
            for (int at = 0; at < source.length; at += size) {
                byte[] chunk = Arrays.copyOfRange(source, at, Math.min(at + size, source.length));
                PreparedLines lines = new PreparedLines(chunk, chunk.length);
                for (int i = random.below(5); i > 0 && lines.prepareNext(); i--) {
                    // As many as there was time for.
                }
                splitter.accept(chunk, 0, chunk.length, lines, records::add);
            }
            assertThat(records).isEqualTo(split(source, source.length + 1));
        });
    }

    @Test
    void aPreparedLineIsTakenWhereItStandsAndNowhereElse() {
        byte[] chunk = "rest of a line\n  {\"a\":1}\r\n\n{\"b\":2}\n{\"c\":".getBytes(UTF_8);
        PreparedLines lines = new PreparedLines(chunk, chunk.length);
        int ended = 0;
        while (lines.prepareNext()) {
            ended++;
        }
        assertThat(ended).isEqualTo(4);
        assertThat(lines.remove(0)).isEmpty();
        assertThat(lines.remove(17))
                .get()
                .extracting(value -> value.value().toJson())
                .isEqualTo("{\"a\":1}");
        assertThat(lines.remove(17)).isEmpty();
        assertThat(lines.remove(27)).get().extracting(LocatedValue::length).isEqualTo(7L);
        assertThat(lines.remove(35)).isEmpty();
    }

    @Test
    void aSplitterThatGoesOnAtALineStartFindsTheSameRecords() {
        Generator.forSeeds(100, random -> {
            byte[] source = randomSource(random);
            List<SourceRecord> whole = split(source, source.length + 1);
            JsonLineSplitter first = new JsonLineSplitter(3, 0);
            List<SourceRecord> parts = new ArrayList<>();
            first.accept(source, 0, random.below(source.length), parts::add);
            int goOn = Math.toIntExact(first.lineOffset());
            new JsonLineSplitter(3, goOn).accept(source, goOn, source.length, parts::add);
            assertThat(parts).isEqualTo(whole);
        });
    }

    @Test
    void linesEndWithALineFeedAndWhatSurroundsTheValueDoesNotCount() {
        String text = "{\"a\":1}\r\n  [2]\0\0\n\n\r\n\0\0\0\n\0\0{\"b\":3}\n";
        assertThat(split(text))
                .extracting(record -> range(text, record))
                .containsExactly("{\"a\":1}", "[2]", "{\"b\":3}");
    }

    @Test
    void gluedValuesAreRecordsOfTheirOwnThatShareTheTextTheyStandIn() {
        String text = "1\n{\"ä\":1}{\"b\":\"" + "x".repeat(100) + "\"}\n";
        List<SourceRecord> records = split(text);
        assertThat(records)
                .extracting(record -> range(text, record))
                .containsExactly("1", "{\"ä\":1}", "{\"b\":\"" + "x".repeat(100) + "\"}");
        SourceRecord.Value last = (SourceRecord.Value) records.getLast();
        JsonText b = (JsonText) ((JsonObject) last.value()).get("b").orElseThrow();
        assertThat(last.textOffset()).isEqualTo(2);
        assertThat(last.textOffset() + b.offset()).isEqualTo(last.offset() + 5);
    }

    @Test
    void whatIsDamagedIsARecordOfTheBytesThatCannotBeRead() {
        String text = "{\"a\":1}{\"b\":oops}\n{\"c\":2}\n";
        List<SourceRecord> records = split(text);
        assertThat(records)
                .extracting(record -> range(text, record))
                .containsExactly("{\"a\":1}", "{\"b\":oops}", "{\"c\":2}");
        assertThat(records.get(1)).isInstanceOf(SourceRecord.Malformed.class);
    }

    @Test
    void ofADamagedLineThatIsNoUtf8TheRecordsThatAreWholeKnowWhereTheyStand() {
        byte[] line = "{\"a\":1} \u00ff{oops\n".getBytes(ISO_8859_1);
        List<SourceRecord> records = split(line, line.length);
        assertThat(records).extracting(SourceRecord::offset).containsExactly(0L, 8L);
        assertThat(records).extracting(SourceRecord::length).containsExactly(7L, 6L);
    }

    @Test
    void aByteOrderMarkIsPassedOverAlsoBeforeALongLine() {
        for (int length : new int[] {100, LIMIT * 2}) {
            String value = "{\"a\":\"" + "x".repeat(length) + "\"}";
            String text = "\uFEFF" + value + "\n";
            for (int chunk : new int[] {1, 1000, Integer.MAX_VALUE / 2}) {
                SourceRecord.Value record =
                        (SourceRecord.Value) split(text.getBytes(UTF_8), chunk).getFirst();
                assertThat(range(text, record)).isEqualTo(value);
                JsonText a = (JsonText) ((JsonObject) record.value()).get("a").orElseThrow();
                assertThat(record.textOffset() + a.offset()).isEqualTo(8);
            }
        }
    }

    @Test
    void aLineOverTheLimitReadsTheSameInOnePieceAndInMany() {
        String big = "ä\\n".repeat(LIMIT);
        String line = "  {\"a\":\"" + "s".repeat(70) + "\",\"b\":\"" + big + "\",\"c\":\"" + "t".repeat(70) + "\"}";
        byte[] source = ("1\n" + line + "{\"d\":1}\0\0\r\n{\"e\":2}\n").getBytes(UTF_8);
        List<SourceRecord> whole = split(source, source.length);
        assertThat(whole).hasSize(4).allMatch(record -> record instanceof SourceRecord.Value);
        for (int chunk : new int[] {1, 4096, 262_144, LIMIT + 1}) {
            assertThat(split(source, chunk)).isEqualTo(whole);
        }
        SourceRecord.Value record = (SourceRecord.Value) whole.get(1);
        assertThat(record.offset()).isEqualTo(4);
        assertThat(record.length()).isEqualTo(line.getBytes(UTF_8).length - 2);
        JsonObject object = (JsonObject) record.value();
        assertThat(object.get("b").orElseThrow()).isInstanceOf(JsonLargeString.class);
        JsonText c = (JsonText) object.get("c").orElseThrow();
        int at = Math.toIntExact(record.textOffset() + c.offset());
        assertThat(new String(source, at, Math.toIntExact(c.rawLength()), UTF_8))
                .isEqualTo('"' + "t".repeat(70) + '"');
    }

    @Test
    void linesOfAboutTheLimitReadTheSameHoweverTheyArrive() {
        for (int length = LIMIT - 12; length < LIMIT + 12; length += 3) {
            byte[] source = ("[\"" + "x".repeat(length) + "\"]\r\n7\n").getBytes(UTF_8);
            List<SourceRecord> whole = split(source, source.length);
            assertThat(whole).hasSize(2);
            assertThat(split(source, 100_000)).isEqualTo(whole);
            assertThat(split(source, LIMIT)).isEqualTo(whole);
        }
    }

    @Test
    void aLargeHoleOfNulBytesHoldsNothingAndHidesNothing() {
        byte[] hole = new byte[1024 * 1024];
        JsonLineSplitter splitter = new JsonLineSplitter(1, 0);
        List<SourceRecord> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            splitter.accept(hole, 0, hole.length, records::add);
        }
        assertThat(splitter.heldBytes()).isZero();
        byte[] value = "{\"a\":1}\n2\n".getBytes(UTF_8);
        splitter.accept(value, 0, value.length, records::add);
        assertThat(records).extracting(SourceRecord::offset).containsExactly(20L * hole.length, 20L * hole.length + 8);
    }

    @Test
    void aLineOfAHundredMegabytesIsReadInBoundedMemory() {
        JsonLineSplitter splitter = new JsonLineSplitter(1, 0);
        List<SourceRecord> records = new ArrayList<>();
        byte[] head = "{\"big\":\"".getBytes(UTF_8);
        byte[] body = new byte[256 * 1024];
        Arrays.fill(body, (byte) 'x');
        splitter.accept(head, 0, head.length, records::add);
        long most = 0;
        for (int i = 0; i < 400; i++) {
            splitter.accept(body, 0, body.length, records::add);
            most = Math.max(most, splitter.heldBytes());
        }
        byte[] end = "\",\"after\":1}\n[2]\n".getBytes(UTF_8);
        splitter.accept(end, 0, end.length, records::add);
        assertThat(most).isBetween(1L, 4L * LIMIT);
        assertThat(splitter.heldBytes()).isLessThan(LIMIT);
        SourceRecord.Value record = (SourceRecord.Value) records.getFirst();
        JsonObject object = (JsonObject) record.value();
        assertThat(((JsonText) object.get("big").orElseThrow()).rawLength()).isEqualTo(400L * body.length + 2);
        assertThat(object.longOr("after", 0)).isEqualTo(1);
        assertThat(((SourceRecord.Value) records.getLast()).value())
                .isEqualTo(new JsonArray(List.of(new JsonNumber("2"))));
    }

    @Test
    void aLineTooLongEvenWithoutItsStringsIsOneMalformedRecordAndTheNextIsRead() {
        JsonLineSplitter splitter = new JsonLineSplitter(1, 0);
        List<SourceRecord> records = new ArrayList<>();
        byte[] zeros = "0,".repeat(64 * 1024).getBytes(UTF_8);
        long most = 0;
        for (int i = 0; i < 160; i++) {
            splitter.accept(zeros, 0, zeros.length, records::add);
            most = Math.max(most, splitter.heldBytes());
        }
        byte[] end = "\n[2]\n".getBytes(UTF_8);
        splitter.accept(end, 0, end.length, records::add);
        assertThat(most).isLessThan(3 * RecordBudget.MOST_BYTES);
        assertThat(records).hasSize(2);
        assertThat(records.getFirst()).isInstanceOf(SourceRecord.Malformed.class);
        assertThat(records.getFirst().length()).isEqualTo(160L * zeros.length);
        assertThat(records.getLast().offset()).isEqualTo(160L * zeros.length + 1);
    }

    @Test
    void aLineThatIsNotEndedWaitsHoweverItGrows() {
        JsonLineSplitter splitter = new JsonLineSplitter(1, 50);
        List<SourceRecord> records = new ArrayList<>();
        byte[] part = "{\"a\":1} ".getBytes(UTF_8);
        for (int i = 0; i < 100_000; i++) {
            splitter.accept(part, 0, part.length, records::add);
        }
        assertThat(records).isEmpty();
        assertThat(splitter.lineOffset()).isEqualTo(50);
        splitter.accept(new byte[] {'\n'}, 0, 1, records::add);
        assertThat(splitter.lineOffset()).isEqualTo(50 + 100_000L * part.length + 1);
        assertThat(records).isNotEmpty();
    }
}
