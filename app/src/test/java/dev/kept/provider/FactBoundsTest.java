package dev.kept.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.codex.CodexProvider;
import dev.kept.agents.copilot.CopilotProvider;
import dev.kept.agents.gemini.GeminiProvider;
import dev.kept.model.ConversationEvent;
import dev.kept.provider.decode.SourceDecoder;
import dev.kept.provider.support.RecentMap;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However long the fields of records are, what a reading keeps of them, and tells of the session, is short. */
class FactBoundsTest {
    /** The member that is long is {@code LONG}. */
    private static final List<String> CLAUDE = List.of(
            "{\"type\":\"user\",\"uuid\":\"LONG\",\"parentUuid\":\"LONG\",\"promptId\":\"LONG\",\"sessionId\":\"LONG\","
                    + "\"cwd\":\"/LONG\",\"gitBranch\":\"LONG\",\"version\":\"LONG\",\"entrypoint\":\"LONG\","
                    + "\"timestamp\":\"2026-03-01T09:00:00Z\",\"message\":{\"role\":\"user\",\"content\":\"hello\"}}",
            "{\"type\":\"user\",\"uuid\":\"LONG\",\"isSidechain\":true,\"parentUuid\":null,"
                    + "\"message\":{\"role\":\"user\",\"content\":\"hello\"}}",
            "{\"type\":\"assistant\",\"uuid\":\"a-LONG\",\"message\":{\"id\":\"LONG\",\"model\":\"LONG\",\"role\":"
                    + "\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"LONG\",\"name\":\"LONG\",\"input\":{}}]}}",
            prompt("p-LONG"),
            "{\"type\":\"assistant\",\"uuid\":\"b-LONG\",\"parentUuid\":\"p-LONG\","
                    + "\"message\":{\"id\":\"LONG\",\"role\":"
                    + "\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}}",
            prompt("q-LONG"),
            "{\"type\":\"custom-title\",\"customTitle\":\"LONG\",\"sessionId\":\"a\"}",
            "{\"type\":\"LONG\",\"sessionId\":\"a\"}");

    /** A person's, behind the same record as another: it goes back. */
    private static String prompt(String uuid) {
        return "{\"type\":\"user\",\"uuid\":\"" + uuid + "\",\"parentUuid\":\"a-LONG\",\"origin\":{\"kind\":\"human\"},"
                + "\"promptSource\":\"typed\",\"message\":{\"role\":\"user\",\"content\":\"hello\"}}";
    }

    private static final List<String> CODEX = List.of(
            "{\"timestamp\":\"2026-03-01T09:00:00Z\",\"type\":\"session_meta\",\"payload\":{\"id\":\"LONG\",\"cwd\":"
                    + "\"/LONG\",\"cli_version\":\"LONG\",\"originator\":\"LONG\",\"source\":\"LONG\",\"git\":"
                    + "{\"branch\":\"LONG\"}}}",
            "{\"timestamp\":\"2026-03-01T09:00:01Z\",\"type\":\"turn_context\",\"payload\":{\"turn_id\":\"LONG\","
                    + "\"model\":\"LONG\",\"cwd\":\"/LONG\"}}",
            "{\"timestamp\":\"2026-03-01T09:00:02Z\",\"type\":\"LONG\",\"payload\":{}}");

    private static final List<String> GEMINI = List.of(
            "{\"sessionId\":\"LONG\",\"kind\":\"main\",\"startTime\":\"2026-03-01T09:00:00Z\"}",
            "{\"id\":\"LONG\",\"type\":\"gemini\",\"model\":\"LONG\",\"timestamp\":\"2026-03-01T09:00:01Z\","
                    + "\"content\":\"hello\"}",
            "{\"$set\":{\"summary\":\"LONG\"}}");

    private static final List<String> COPILOT = List.of(
            "{\"type\":\"session.start\",\"id\":\"LONG\",\"data\":{\"sessionId\":\"LONG\",\"context\":{\"cwd\":\"/LONG\","
                    + "\"branch\":\"LONG\"},\"copilotVersion\":\"LONG\"}}",
            "{\"type\":\"session.model_change\",\"id\":\"m\",\"data\":{\"newModel\":\"LONG\"}}",
            "{\"type\":\"session.title_changed\",\"id\":\"t\",\"data\":{\"title\":\"LONG\"}}",
            "{\"type\":\"LONG\",\"id\":\"u\",\"data\":{}}");

    record Case(Provider provider, List<String> records) {
        @Override
        public String toString() {
            return provider.name();
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(new ClaudeProvider(), CLAUDE),
                new Case(new CodexProvider(), CODEX),
                new Case(new GeminiProvider(), GEMINI),
                new Case(new CopilotProvider(), COPILOT));
    }

    private static byte[] lines(List<String> records, int time) {
        String text = String.join("\n", records).replace("LONG", ("v" + time).repeat(40_000)) + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aReadingKeepsLittleOfLongFields(Case of) {
        SourceDecoder reading = new SourceDecoder(of.provider(), Readings.MAIN);
        List<DecodedRecord> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] bytes = lines(of.records(), i);
            reading.accept(bytes, 0, bytes.length, all::add);
        }
        assertThat(all).hasSizeGreaterThan(20);
        assertThat(all.stream().flatMap(each -> each.events().stream()))
                .as("that somebody goes back is among what was read")
                .anyMatch(event -> !of.provider().name().equals("claude")
                        || (event instanceof ConversationEvent.ProviderInfo info
                                && info.subtype().equals("rewind")));
        assertThat(reading.heldBytes()).isLessThan(96 * 1024);
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        reading.save(new StateWriter(state));
        assertThat(state.size()).isLessThan(64 * 1024);
        for (DecodedRecord each : all) {
            assertThat(each.recordType()).hasSizeLessThanOrEqualTo(128);
            for (SessionFact fact : each.facts()) {
                assertThat(fact.toString()).hasSizeLessThan(400);
            }
            for (ConversationEvent event : each.events()) {
                assertThat(event.header().toString()).hasSizeLessThan(2_000);
            }
        }
    }

    @Test
    void aWorkingDirectoryThatIsTooLongIsUnknownAndNotAnotherFolder() {
        assertThat(new SessionFact.WorkingDirectory("/" + "x".repeat(1023)).path())
                .hasSize(1024);
        assertThat(new SessionFact.WorkingDirectory("/" + "x".repeat(1024)).path())
                .isEmpty();
        assertThat(new SessionFact.WorkingDirectory("/" + "x".repeat(100)).brief())
                .isEqualTo(new SessionFact.WorkingDirectory(""));
    }

    @Test
    void aTitleOrANameThatIsTooLongEndsWithAnEllipsis() {
        assertThat(new SessionFact.Title("x".repeat(300), true).text())
                .hasSize(256)
                .endsWith("…");
        assertThat(new SessionFact.Model("x".repeat(300)).name()).hasSize(128).endsWith("…");
        assertThat(new SessionFact.GitBranch("x".repeat(300)).brief())
                .isEqualTo(new SessionFact.GitBranch("x".repeat(63) + "…"));
    }

    @Test
    void theKeysOfARecentMapAreShortAndFoundAgain() {
        RecentMap<String> map = new RecentMap<>(8);
        String key = "k".repeat(200_000);
        map.put(key, "v");
        assertThat(map.keySet()).allSatisfy(held -> assertThat(held).hasSizeLessThan(129));
        assertThat(map.get(key)).isEqualTo("v");
        assertThat(map.containsKey(key)).isTrue();
        assertThat(map.remove(key)).isEqualTo("v");
        assertThat(map).isEmpty();
    }
}
