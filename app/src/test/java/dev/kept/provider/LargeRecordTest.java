package dev.kept.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.json.RecordBudget;
import dev.kept.model.ConversationEvent;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.recording.secret.SecretRedactor;
import dev.kept.recording.writer.MarkdownOptions;
import dev.kept.recording.writer.RecordingFormat;
import dev.kept.recording.writer.RecordingStyle;
import dev.kept.recording.writer.RecordingWriter;
import dev.kept.recording.writer.SubagentDetail;
import java.lang.management.ManagementFactory;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** One record and the heap: what it takes is bounded, whatever it is made of, and what is over the bound is raw. */
class LargeRecordTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final SourceKind.Session SESSION =
            new SourceKind.Session(Optional.of("a"), "main", SourceKind.Layout.LINES);

    /** Parts of a message, each of which makes a record take memory in its own way. */
    private static final Map<String, IntFunction<String>> PARTS = Map.of(
            "short texts",
            LargeRecordTest::shortText,
            "wide texts",
            LargeRecordTest::wideText,
            "escapes",
            i -> "{\"type\":\"text\",\"text\":\"" + i + "ж" + "\\\"a<\\\\\\\"".repeat(500) + "\"}",
            "controls",
            i -> "{\"type\":\"text\",\"text\":\"" + i + "\u0085\u202e".repeat(40_000) + "\"}",
            "edits",
            i -> "{\"type\":\"tool_use\",\"id\":\"t" + i + "\",\"name\":\"Edit\",\"input\":{\"old_string\":\""
                    + "a\\n".repeat(40_000) + "\",\"new_string\":\"" + "b\\n".repeat(40_000) + "ж\"}}",
            "numbers",
            i -> "{\"type\":\"tool_use\",\"id\":\"t" + i + "\",\"name\":\"Write\",\"input\":{\"a\":["
                    + "1,".repeat(5_000) + "1]}}",
            "names",
            i -> "{\"type\":\"tool_use\",\"id\":\"t" + i + "\",\"name\":\"Write\",\"input\":{\"n" + i + "\":\"ж\",\"m"
                    + i + "\":[[[]]]}}");

    private static String shortText(int i) {
        return "{\"type\":\"text\",\"text\":\"part " + i + " `<[*_\"}";
    }

    private static String wideText(int i) {
        return "{\"type\":\"text\",\"text\":\"" + i + "ж" + "a`<[*_b".repeat(35_000) + "\"}";
    }

    private static String line(IntFunction<String> part, int bytes) {
        StringBuilder line = new StringBuilder("{\"type\":\"assistant\",\"uuid\":\"u" + bytes
                + "\",\"sessionId\":\"a\",\"message\":{\"role\":\"assistant\",\"id\":\"m\",\"content\":[");
        for (int i = 0; line.length() < bytes; i++) {
            line.append(i == 0 ? "" : ",").append(part.apply(i));
        }
        return line.append("]}}\n").toString();
    }

    private static List<DecodedRecord> read(SourceDecoder reading, String text) {
        List<DecodedRecord> records = new ArrayList<>();
        byte[] bytes = text.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += 64 * 1024) {
            reading.accept(bytes, from, Math.min(bytes.length, from + 64 * 1024), records::add);
        }
        return records;
    }

    private static RecordingWriter writer(RecordingFormat format) {
        return RecordingWriter.start(
                format,
                "note.md",
                "Claude Code",
                new RecordingStyle(
                        MarkdownOptions.defaults(ZoneOffset.UTC), SubagentDetail.FOLD, SecretRedactor.VERBATIM));
    }

    private static long allocated(Runnable work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void whateverARecordIsMadeOfReadingItTakesAFewTimesItsBudget() {
        PARTS.forEach((name, part) -> {
            for (int bytes : List.of(250_000, 600_000, 1_000_000, 8_000_000)) {
                String line = line(part, bytes);
                byte[] all = line.getBytes(UTF_8);
                SourceDecoder reading = new SourceDecoder(new ClaudeProvider(), SESSION);
                // All that was ever allocated, garbage included: buffers while they grow, the tree, texts, events.
                long took = allocated(() -> reading.accept(all, 0, all.length, _ -> {}));
                assertThat(took).as(name + " of " + bytes + " bytes").isLessThan(9 * RecordBudget.MOST_BYTES);
                assertThat(reading.heldBytes()).isLessThan(64 * 1024);
            }
        });
    }

    @Test
    void whateverAnEventIsMadeOfWritingItTakesAFewTimesTheBudgetOfARecord() {
        PARTS.forEach((name, part) -> {
            for (int bytes : List.of(250_000, 600_000, 1_000_000)) {
                SourceDecoder reading = new SourceDecoder(new ClaudeProvider(), SESSION);
                for (DecodedRecord record : read(reading, line(part, bytes))) {
                    for (ConversationEvent event : record.events()) {
                        for (RecordingFormat format : RecordingFormat.values()) {
                            RecordingWriter writer = writer(format);
                            long took = allocated(() -> writer.append(event));
                            assertThat(took)
                                    .as(name + " of " + bytes + " bytes as " + format)
                                    .isLessThan(9 * RecordBudget.MOST_BYTES);
                        }
                    }
                }
            }
        });
    }

    @Test
    void aRecordOverItsBudgetIsOneRawRecordAndWhatIsBehindItIsRead() {
        SourceDecoder reading = new SourceDecoder(new ClaudeProvider(), SESSION);
        String prompt = "{\"type\":\"user\",\"uuid\":\"p\",\"sessionId\":\"a\",\"message\":{\"role\":\"user\","
                + "\"content\":\"typed after it\"}}\n";
        List<DecodedRecord> records = read(reading, line(LargeRecordTest::shortText, 8_000_000) + prompt);
        assertThat(records).hasSize(2);
        assertThat(records.getFirst().isRaw()).isTrue();
        assertThat(records.getFirst().recordType()).isEqualTo(SourceRecord.Malformed.TOO_LARGE);
        assertThat(records.getFirst().events().getFirst().header().source().length())
                .isGreaterThan(8_000_000);
        assertThat(records.getLast().events())
                .singleElement()
                .isInstanceOfSatisfying(
                        ConversationEvent.UserMessage.class,
                        message -> assertThat(message.text()).isEqualTo("typed after it"));
    }

    @Test
    void longTextsAreUnderstoodHoweverManyThereAre() {
        SourceDecoder reading = new SourceDecoder(new ClaudeProvider(), SESSION);
        List<DecodedRecord> records = read(reading, line(LargeRecordTest::wideText, 8_000_000));
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.isRaw()).isFalse();
            assertThat(record.events())
                    .hasSizeGreaterThan(30)
                    .allSatisfy(event -> assertThat(event).isInstanceOf(ConversationEvent.AssistantMessage.class));
            // What was taken out is referred to: nothing is lost of it.
            assertThat(((ConversationEvent.AssistantMessage) record.events().getLast()).references())
                    .hasSize(1);
        });
    }

    @Test
    void howARecordIsCutChangesNothingInIt() {
        for (IntFunction<String> part : PARTS.values()) {
            String line = line(part, 700_000);
            byte[] bytes = line.getBytes(UTF_8);
            List<ConversationEvent> whole = new ArrayList<>();
            List<ConversationEvent> pieces = new ArrayList<>();
            new SourceDecoder(new ClaudeProvider(), SESSION)
                    .accept(bytes, 0, bytes.length, record -> whole.addAll(record.events()));
            read(new SourceDecoder(new ClaudeProvider(), SESSION), line)
                    .forEach(record -> pieces.addAll(record.events()));
            assertThat(pieces).isEqualTo(whole);
        }
    }

    @Test
    void aRecordThatIsNestedTooDeepForTheStackIsRawAndTheNextIsRead() throws Exception {
        String deep = "{\"type\":\"assistant\",\"uuid\":\"d\",\"sessionId\":\"a\",\"message\":{\"content\":[{\"type\":"
                + "\"tool_use\",\"id\":\"t\",\"name\":\"Write\",\"input\":{\"a\":" + "[".repeat(480) + "]".repeat(480)
                + "}}]}}\n";
        String next = "{\"type\":\"user\",\"uuid\":\"p\",\"sessionId\":\"a\",\"message\":{\"role\":\"user\","
                + "\"content\":\"typed after it\"}}\n";
        // Classes that are made ready where the stack ends are never ready again.
        RecordingWriter ready = writer(RecordingFormat.MARKDOWN);
        read(new SourceDecoder(new ClaudeProvider(), SESSION), deep + next + deep + "{\n")
                .forEach(record -> record.events().forEach(ready::append));
        for (int stack : List.of(180_000, 220_000, 300_000, 512_000)) {
            List<DecodedRecord> records = new ArrayList<>();
            List<Throwable> faults = new ArrayList<>();
            Thread small = new Thread(
                    null,
                    () -> {
                        SourceDecoder reading = new SourceDecoder(new ClaudeProvider(), SESSION);
                        records.addAll(read(reading, deep + next));
                        RecordingWriter markdown = writer(RecordingFormat.MARKDOWN);
                        records.forEach(record -> record.events().forEach(markdown::append));
                    },
                    "small stack",
                    stack);
            small.setUncaughtExceptionHandler((_, fault) -> faults.add(fault));
            small.start();
            small.join();
            assertThat(faults).isEmpty();
            assertThat(records).hasSize(2);
            assertThat(records.getLast().events()).singleElement().isInstanceOf(ConversationEvent.UserMessage.class);
        }
    }
}
