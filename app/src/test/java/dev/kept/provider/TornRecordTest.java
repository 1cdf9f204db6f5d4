package dev.kept.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.codex.CodexProvider;
import dev.kept.agents.copilot.CopilotProvider;
import dev.kept.agents.gemini.GeminiProvider;
import dev.kept.json.JsonShrinker;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.provider.SourceRecord.Found;
import dev.kept.provider.decode.JsonLineSplitter;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.testing.Generator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A client that is killed in the middle of a write leaves a stub, and its next record follows on the same line. */
class TornRecordTest {
    private static final Provider CLAUDE = new ClaudeProvider();

    /** Records of each agent, with strings that hold braces, quotes and records. */
    private static final Map<Provider, List<String>> RECORDS = Map.of(
            CLAUDE,
            List.of("""
                    {"parentUuid":null,"isSidechain":false,"promptSource":"typed","type":"user","message":{"role":"user",\
                    "content":"Größe 🙂 {\\"type\\":\\"user\\",\\"sessionId\\":\\"s\\"} \\\\ {"},"uuid":"u1",\
                    "timestamp":"2026-03-01T10:00:00.000Z","sessionId":"s"}""", """
                    {"parentUuid":"u1","type":"assistant","message":{"id":"m","type":"message","role":"assistant",\
                    "content":[{"type":"text","text":"na\\u00efve\\n{"},{"type":"tool_use","id":"t","name":"Edit","input":\
                    {"type":"x","old":[1,-2.5e3,true,null,{}],"new":{"a":"b"}}}],"usage":{"input_tokens":12}},\
                    "uuid":"u2","timestamp":"2026-03-01T10:00:01.000Z","sessionId":"s"}""", """
                    {"type":"file-history-snapshot","messageId":"u1","snapshot":{"messageId":"u1","trackedFileBackups":{},\
                    "timestamp":"2026-03-01T10:00:00.000Z"},"isSnapshotUpdate":false}"""),
            new CodexProvider(),
            List.of("""
                    {"timestamp":"2026-03-01T10:00:00.000Z","type":"response_item","payload":{"type":"message","role":"user",\
                    "content":[{"type":"input_text","text":"日本 {\\"timestamp\\":1}"}]}}""", """
                    {"timestamp":"2026-03-01T10:00:01.000Z","type":"event_msg","payload":{"type":"user_message",\
                    "message":"say","images":[]}}"""),
            new GeminiProvider(),
            List.of("""
                    {"id":"a","timestamp":"2026-03-01T10:00:00.000Z","type":"user","content":[{"text":"é{"}]}""", """
                    {"id":"b","timestamp":"2026-03-01T10:00:01.000Z","type":"gemini","content":"ok","toolCalls":[{"id":"t",\
                    "name":"n","args":{"x":1},"status":"success"}],"tokens":{"input":1}}""", """
                    {"$set":{"lastUpdated":"2026-03-01T10:00:01.000Z"}}"""),
            new CopilotProvider(),
            List.of("""
                    {"type":"user.message","data":{"content":"ü {","attachments":[]},"id":"1",\
                    "timestamp":"2026-03-01T10:00:00.000Z","parentId":null}""", """
                    {"type":"assistant.message","data":{"messageId":"m","content":"yes","toolRequests":[]},"id":"2",\
                    "timestamp":"2026-03-01T10:00:01.000Z","parentId":"1"}"""));

    private static String claude(int index) {
        return RECORDS.getOrDefault(CLAUDE, List.of()).get(index);
    }

    private static List<SourceRecord> split(Provider provider, byte[] bytes, int chunk) {
        JsonLineSplitter splitter = new JsonLineSplitter(1, 0, provider::isRecord);
        List<SourceRecord> records = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += chunk) {
            splitter.accept(bytes, from, Math.min(bytes.length, from + chunk), records::add);
        }
        return records;
    }

    private static List<SourceRecord> split(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return split(CLAUDE, bytes, bytes.length);
    }

    private static byte[] glued(byte[] stub, String... records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(stub);
        for (String record : records) {
            out.writeBytes(record.getBytes(UTF_8));
        }
        return out.toByteArray();
    }

    private static byte[] cut(String record, int length) {
        return Arrays.copyOf(record.getBytes(UTF_8), length);
    }

    private static String text(byte[] bytes, SourceRecord record) {
        return new String(bytes, Math.toIntExact(record.offset()), Math.toIntExact(record.length()), UTF_8);
    }

    private static List<String> whole(byte[] bytes, List<SourceRecord> records) {
        return records.stream()
                .filter(SourceRecord.Value.class::isInstance)
                .map(record -> text(bytes, record))
                .toList();
    }

    private static List<SourceRecord.Malformed> torn(List<SourceRecord> records) {
        return records.stream()
                .filter(SourceRecord.Malformed.class::isInstance)
                .map(SourceRecord.Malformed.class::cast)
                .toList();
    }

    private static void assertOneStub(Provider provider, String torn, int length, String... behind) {
        byte[] bytes = glued(cut(torn, length), String.join("", behind), "\n");
        List<SourceRecord> records = split(provider, bytes, bytes.length);
        assertThat(whole(bytes, records))
                .as("%s cut after %d: %s", provider.name(), length, new String(cut(torn, length), UTF_8))
                .containsExactly(behind);
        assertThat(torn(records)).hasSize(1).allSatisfy(stub -> {
            assertThat(stub.type()).isEqualTo(SourceRecord.Malformed.TORN);
            assertThat(stub.offset()).isZero();
            assertThat(stub.length()).isEqualTo(length);
        });
    }

    @Test
    void behindACutAtAnyByteTheWholeRecordsAreReadAndTheStubAloneIsTorn() {
        RECORDS.forEach((provider, records) -> {
            for (String torn : records) {
                for (int length = 1; length < torn.getBytes(UTF_8).length; length++) {
                    for (String behind : records) {
                        assertOneStub(provider, torn, length, behind);
                    }
                    assertOneStub(provider, torn, length, records.getFirst(), records.getLast());
                }
            }
        });
    }

    @Test
    void behindTwoStubsTheRecordIsReadHoweverTheBytesArrive() {
        Generator.forSeeds(
                300,
                random -> RECORDS.forEach((provider, records) -> {
                    String first = random.oneOf(records.toArray(String[]::new));
                    String second = random.oneOf(records.toArray(String[]::new));
                    String behind = random.oneOf(records.toArray(String[]::new));
                    ByteArrayOutputStream stubs = new ByteArrayOutputStream();
                    stubs.writeBytes(cut(first, random.between(1, first.getBytes(UTF_8).length - 1)));
                    stubs.writeBytes(cut(second, random.between(2, second.getBytes(UTF_8).length - 1)));
                    byte[] source = glued(stubs.toByteArray(), behind, "\n", records.getFirst(), "\n");
                    List<SourceRecord> read = split(provider, source, source.length);
                    assertThat(whole(source, read))
                            .as(new String(source, UTF_8))
                            .containsExactly(behind, records.getFirst());
                    assertThat(torn(read)).hasSizeBetween(1, 2);
                    assertThat(split(provider, source, 1)).isEqualTo(read);
                    assertThat(split(provider, source, random.between(2, 70))).isEqualTo(read);
                }));
    }

    @Test
    void behindAStubOfAnyLengthTheRecordIsReadHoweverTheBytesArrive() {
        int limit = JsonShrinker.MAX_STRING_BYTES;
        String next = claude(0);
        List<String> stubs = List.of(
                "{\"type\":\"user\",\"message\":{\"content\":\"" + "x".repeat(limit + 10),
                "{\"type\":\"user\",\"message\":{\"content\":\"" + "ä\\\"".repeat(limit) + "\\",
                "{\"type\":\"user\",\"message\":{\"content\":\"" + "x".repeat(3 * limit) + "\"",
                "{\"type\":\"user\",\"message\":{\"content\":\"" + "x".repeat(3 * limit) + "\",\"n\":12",
                "{\"type\":\"user\",\"a\":[" + "1,".repeat(limit),
                "{\"type\":\"user\",\"a\":[" + "{\"b\":1},".repeat(limit) + "{\"b\":\"",
                "{\"type\":\"us");
        for (String stub : stubs) {
            for (String behind : List.of(next, next.replace("Größe", "g".repeat(2 * limit)))) {
                byte[] source = (next + "\n" + stub + behind + "\n" + next + "\n").getBytes(UTF_8);
                List<SourceRecord> read = split(CLAUDE, source, source.length);
                boolean nested = stub.endsWith(",");
                assertThat(read).as("stub of %d bytes", stub.length()).hasSize(nested ? 3 : 4);
                assertThat(read.get(1)).isInstanceOfSatisfying(SourceRecord.Malformed.class, malformed -> {
                    assertThat(malformed.offset()).isEqualTo(next.getBytes(UTF_8).length + 1);
                    if (!nested) {
                        assertThat(malformed.length()).isEqualTo(stub.getBytes(UTF_8).length);
                    }
                });
                if (!nested) {
                    assertThat(text(source, read.get(2))).isEqualTo(behind);
                }
                for (int chunk : new int[] {4095, limit, limit + 1}) {
                    assertThat(split(CLAUDE, source, chunk)).isEqualTo(read);
                }
            }
        }
    }

    @Test
    void noObjectFromInsideATornRecordIsARecord() {
        String pasted = "{\\\"type\\\":\\\"user\\\",\\\"sessionId\\\":\\\"s\\\",\\\"promptSource\\\":\\\"typed\\\"}";
        String next = claude(2);
        for (String stub : List.of(
                "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"" + pasted,
                "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"" + pasted + "\"}",
                "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}",
                "{\"type\":\"progress\",\"data\":{\"message\":{\"type\":\"user\",\"uuid\":\"u\",\"timestamp\":\"t\"}")) {
            byte[] source = (stub + next + "\n").getBytes(UTF_8);
            assertThat(whole(source, split(CLAUDE, source, source.length))).containsExactly(next);
            assertThat(split(stub + "\n" + next + "\n"))
                    .filteredOn(SourceRecord.Value.class::isInstance)
                    .hasSize(1);
        }
    }

    @Test
    void anObjectThatATornToolWroteIsInDoubtWhateverItSays() {
        String order =
                "{\"type\":\"user\",\"sessionId\":\"s\",\"promptSource\":\"typed\",\"message\":{\"content\":\"x\"}}";
        String next = claude(2);
        for (String before : List.of(
                "{\"type\":\"user\",\"toolUseResult\":",
                "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"tool_use\",\"input\":{\"deep\":[",
                "{\"type\":\"user\",\"message\":{\"content\":[{\"type\":\"tool_result\",\"content\":[")) {
            for (String after : List.of("", next)) {
                List<SourceRecord> read = split(before + order + after + "\n");
                assertThat(read.get(1))
                        .isInstanceOfSatisfying(
                                SourceRecord.Value.class,
                                value -> assertThat(value.found()).isEqualTo(Found.IN_DOUBT));
            }
        }
    }

    @Test
    void aLineThatIsFullOfTearsCostsWhatItsBytesCost() {
        byte[] hostile = ("{\"a".repeat(1_000_000) + "\n" + "{\"a".repeat(40_000) + "\n7\n").getBytes(UTF_8);
        List<SourceRecord> read = split(CLAUDE, hostile, hostile.length);
        assertThat(read).hasSizeLessThan(300);
        assertThat(read.getLast()).isInstanceOf(SourceRecord.Value.class);
        assertThat(split(CLAUDE, hostile, 100_000)).isEqualTo(read);
    }

    @Test
    void aRecordWhoseTextHasLineFeedsIsReadAsOne() {
        String text =
                "{\"type\":\"user\",\"sessionId\":\"s\",\"text\":\"one\n\n  {two}\n[3]\r\n\tfour\",\"more\":true}";
        String next = claude(0);
        byte[] source = (next + "\n" + text + "\n" + next + "\n").getBytes(UTF_8);
        List<SourceRecord> read = split(CLAUDE, source, source.length);
        assertThat(whole(source, read)).containsExactly(next, text, next);
        SourceRecord.Value repaired = (SourceRecord.Value) read.get(1);
        assertThat(repaired.found()).isEqualTo(Found.REPAIRED);
        assertThat(((JsonObject) repaired.value()).stringOr("text", "")).isEqualTo("one\n\n  {two}\n[3]\r\n\tfour");
        for (int chunk : new int[] {1, 7, 100}) {
            assertThat(split(CLAUDE, source, chunk)).isEqualTo(read);
        }
    }

    @Test
    void aStubThatIsFollowedByALineOfItsOwnIsTornAndTheLineIsRead() {
        String next = claude(0);
        byte[] source = ("{\"type\":\"user\",\"te\n" + next + "\n").getBytes(UTF_8);
        List<SourceRecord> read = split(CLAUDE, source, source.length);
        assertThat(read).hasSize(2);
        assertThat(torn(read)).extracting(SourceRecord.Malformed::length).containsExactly(18L);
        assertThat(whole(source, read)).containsExactly(next);
    }

    @Test
    void linesOfAnOpenStringWaitWithinBounds() {
        JsonLineSplitter splitter = new JsonLineSplitter(1, 0, CLAUDE::isRecord);
        List<SourceRecord> records = new ArrayList<>();
        byte[] begin = "{\"a\":\"\n".getBytes(UTF_8);
        splitter.accept(begin, 0, begin.length, records::add);
        byte[] lines = "x\n".repeat(50_000).getBytes(UTF_8);
        long most = 0;
        for (int i = 0; i < 20; i++) {
            splitter.accept(lines, 0, lines.length, records::add);
            most = Math.max(most, splitter.heldBytes());
        }
        assertThat(most).isLessThan(3L * JsonShrinker.MAX_STRING_BYTES);
        assertThat(splitter.heldBytes()).isZero();
        assertThat(records).hasSize(1_000_001);
    }

    @Test
    void aLastRecordWithoutALineEndIsOneOnce() {
        Generator.forSeeds(
                200,
                random -> RECORDS.forEach((provider, records) -> {
                    String stub = random.oneOf("", "", "{\"type\":\"us", "{\"a\":1,", "{\"a\":\"x\ny");
                    String source = stub + String.join(random.oneOf("", "\n"), records) + random.oneOf("", " ", "\r")
                            + random.oneOf("\n", "\r\n", "\n\n") + String.join("\n", records) + "\n";
                    byte[] bytes = source.getBytes(UTF_8);
                    JsonLineSplitter splitter = new JsonLineSplitter(1, 0, provider::isRecord);
                    List<String> places = new ArrayList<>();
                    int from = 0;
                    while (from < bytes.length) {
                        int to = Math.min(bytes.length, from + random.between(1, 200));
                        splitter.accept(bytes, from, to, record -> places.add(place(record)));
                        splitter.finish(record -> places.add(place(record)));
                        from = to;
                    }
                    assertThat(places)
                            .as(source)
                            .isEqualTo(split(provider, bytes, bytes.length).stream()
                                    .map(TornRecordTest::place)
                                    .toList());
                }));
    }

    private static String place(SourceRecord record) {
        return record.getClass().getSimpleName() + " " + record.offset() + "+" + record.length();
    }

    @Test
    void aRecordThatIsNotWholeIsNoneBeforeItsLineEnds() {
        String record = claude(1);
        byte[] bytes = record.getBytes(UTF_8);
        for (int length = 1; length < bytes.length; length++) {
            JsonLineSplitter splitter = new JsonLineSplitter(1, 0, CLAUDE::isRecord);
            List<SourceRecord> records = new ArrayList<>();
            splitter.accept(bytes, 0, length, records::add);
            splitter.finish(records::add);
            assertThat(records).isEmpty();
            splitter.accept(bytes, length, bytes.length, records::add);
            splitter.finish(records::add);
            assertThat(records).singleElement().extracting(SourceRecord::length).isEqualTo((long) bytes.length);
            assertThat(splitter.lineOffset()).isEqualTo(bytes.length);
        }
    }

    @Test
    void aLargeLastRecordWithoutALineEndIsRead() {
        byte[] bytes = ("{\"type\":\"user\",\"text\":\"" + "x".repeat(2 * JsonShrinker.MAX_STRING_BYTES) + "\"}")
                .getBytes(UTF_8);
        JsonLineSplitter splitter = new JsonLineSplitter(1, 0, CLAUDE::isRecord);
        List<SourceRecord> records = new ArrayList<>();
        splitter.accept(bytes, 0, bytes.length - 1, records::add);
        splitter.finish(records::add);
        assertThat(records).isEmpty();
        splitter.accept(bytes, bytes.length - 1, bytes.length, records::add);
        splitter.finish(records::add);
        assertThat(records).singleElement().isInstanceOf(SourceRecord.Value.class);
        splitter.accept(new byte[] {'\n'}, 0, 1, records::add);
        assertThat(records).hasSize(1);
        assertThat(splitter.lineOffset()).isEqualTo(bytes.length + 1);
    }

    private static String prompt(int number, String text) {
        return "{\"type\":\"user\",\"promptSource\":\"typed\",\"uuid\":\"u" + number
                + "\",\"sessionId\":\"s\",\"message\":{\"role\":\"user\",\"content\":\"" + text + "\"}}";
    }

    @Test
    void aPromptBehindATearIsThePersonsAndOneThatAToolMayHaveWrittenIsNobodys() {
        String stub = "{\"type\":\"user\",\"toolUseResult\":";
        String text = "{\"type\":\"us" + prompt(1, "mine") + "\n" + stub + prompt(2, "::stop") + "\n"
                + prompt(3, "two\nlines") + "\n";
        List<DecodedRecord> readings = new ArrayList<>();
        byte[] bytes = text.getBytes(UTF_8);
        new SourceDecoder(CLAUDE, Readings.MAIN).accept(bytes, 0, bytes.length, readings::add);
        assertThat(Readings.events(readings))
                .filteredOn(UserMessage.class::isInstance)
                .extracting(event ->
                        ((UserMessage) event).text() + " " + event.header().authorship())
                .containsExactly("mine TYPED", "::stop NONE", "two\nlines TYPED");
        assertThat(readings)
                .filteredOn(DecodedRecord::isRaw)
                .hasSize(2)
                .allSatisfy(raw -> assertThat(raw.recordType()).isEqualTo(SourceRecord.Malformed.TORN));
        assertThat(readings).filteredOn(DecodedRecord::repaired).hasSize(1);
    }

    @Test
    void aReadingThatWasFinishedAndSavedGoesOnAsIfTheLineEndHadBeenThere() throws IOException {
        String first = prompt(1, "one");
        byte[] bytes = (first + "\n" + prompt(2, "two") + "\n").getBytes(UTF_8);
        List<ConversationEvent> events = new ArrayList<>();
        SourceDecoder reading = new SourceDecoder(CLAUDE, Readings.MAIN);
        reading.accept(bytes, 0, first.length(), read -> events.addAll(read.events()));
        assertThat(events).isEmpty();
        reading.finish(read -> events.addAll(read.events()));
        assertThat(events).hasSize(1);
        assertThat(reading.isBetweenLines()).isTrue();
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        reading.save(new StateWriter(state));
        SourceDecoder later = SourceDecoder.restore(
                CLAUDE, Readings.MAIN, 1, reading.resumeOffset(), new StateReader(state.toByteArray()));
        later.accept(bytes, first.length(), bytes.length, read -> events.addAll(read.events()));
        later.finish(read -> events.addAll(read.events()));
        assertThat(events).isEqualTo(new Readings(CLAUDE).eventsOnce(Readings.MAIN, bytes));
    }
}
