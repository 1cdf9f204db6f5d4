package dev.kept.recording.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.kept.model.Authorship;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserDecision.Outcome;
import dev.kept.model.EventHeader;
import dev.kept.model.EventSource;
import dev.kept.model.ModelCall;
import dev.kept.model.TapeReference;
import dev.kept.provider.EventJson;
import dev.kept.recording.secret.Tokens.Sample;
import dev.kept.recording.secret.rule.SecretMatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretRedactorTest {
    private static final MarkerKey KEY = MarkerKey.of(new byte[32]);

    private final SecretCounts counts = new SecretCounts();
    private final SecretRedactor redactor = SecretRedactor.of(KEY, counts);

    private static List<ConversationEvent> everyKindOfEvent(String text) {
        EventHeader header = new EventHeader(
                "r/0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                EventHeader.MAIN_LINE,
                Authorship.NONE,
                new EventSource("test", 1, 0, 10, 0));
        ModelCall call = ModelCall.UNKNOWN;
        return List.of(
                new ConversationEvent.UserMessage(header, text, List.of()),
                new ConversationEvent.UserCommand(header, "/login", text),
                new ConversationEvent.UserDecision(header, "d", Outcome.ANSWERED, text),
                new ConversationEvent.AssistantMessage(header, text, call, List.of()),
                new ConversationEvent.AssistantThinking(header, text, call, List.of()),
                new ConversationEvent.AssistantDecision(header, "d", text, call),
                new ConversationEvent.ToolCall(header, "c", "Bash", text, call, List.of()),
                new ConversationEvent.ToolResult(header, "c", text, false, List.of()),
                new ConversationEvent.SystemMessage(header, "meta", text),
                new ConversationEvent.ProviderInfo(header, "hook", text),
                new ConversationEvent.ProviderRaw(header, "unknown record"));
    }

    @Test
    void noEventKeepsASecret() {
        for (Sample sample : new Tokens(11).all().values()) {
            String text = "a " + sample.text() + " b";
            for (ConversationEvent event : everyKindOfEvent(text)) {
                ConversationEvent redacted = redactor.redact(event);
                String json = EventJson.line(redacted);

                assertThat(json).doesNotContain(sample.secret());
                assertThat(redacted.header()).isEqualTo(event.header());
                assertThat(redactor.redact(event)).isEqualTo(redacted);
                if (!(event instanceof ConversationEvent.ProviderRaw)) {
                    assertThat(json)
                            .containsPattern("\\[secret:" + sample.kind().publicName() + ":[0-9a-f]{8}]");
                }
            }
        }
        assertThat(counts.byKind())
                .containsKeys("github", "jwt", "private-key")
                .containsOnlyKeys(new Tokens(11)
                        .all().values().stream()
                                .map(sample -> sample.kind().publicName())
                                .toList());
    }

    @Test
    void nothingButTheTextsOfAnEventChanges() throws ReflectiveOperationException {
        String text = "Ping redis://:Tr4ubenzucker-9@cache/0";
        for (Class<?> kind : ConversationEvent.class.getPermittedSubclasses()) {
            ConversationEvent event = (ConversationEvent) SampleRecords.of(kind, text);
            ConversationEvent redacted = redactor.redact(event);

            assertThat(SampleRecords.otherThanTexts(redacted)).isEqualTo(SampleRecords.otherThanTexts(event));
            assertThat(redacted.equals(event)).isEqualTo(event instanceof ConversationEvent.ProviderRaw);
        }
    }

    @Test
    void whatHasNoSecretIsGivenBackAsItIs() {
        for (ConversationEvent event : everyKindOfEvent("nothing to see, task-force ://x")) {
            assertThat(redactor.redact(event)).isSameAs(event);
        }
        assertThat(counts.byKind()).isEmpty();
    }

    @Test
    void aMarkerIsTheSecretsAndTheInstallationsOwn() {
        String a = new Tokens(1).githubToken();
        String b = new Tokens(2).githubToken();
        byte[] other = new byte[32];
        other[0] = 1;
        SecretRedactor elsewhere = SecretRedactor.of(MarkerKey.of(other), counts);

        assertThat(redactor.redact("x " + a))
                .matches("x \\[secret:github:[0-9a-f]{8}]")
                .isEqualTo(redactor.redact("x " + a));
        assertThat(redactor.redact(b)).isNotEqualTo(redactor.redact(a));
        assertThat(elsewhere.redact(a)).isNotEqualTo(redactor.redact(a));
        assertThat(SecretRedactor.VERBATIM.redact(a)).isEqualTo(a);
        assertThat(counts.byKind()).isEqualTo(Map.of("github", 6L));
    }

    @Test
    void argumentsStayJson() throws Exception {
        for (Sample sample : new Tokens(12).all().values()) {
            String input = dev.kept.json.JsonReader.parse("{\"command\":"
                            + new dev.kept.json.JsonValue.JsonString("line\n" + sample.text() + "\n\"quoted\"").toJson()
                            + "}")
                    .toJson();
            String redacted = redactor.redact(input);

            assertThat(redacted).contains("[secret:" + sample.kind().publicName());
            assertThat(dev.kept.json.JsonReader.parse(redacted).toJson()).isEqualTo(redacted);
        }
    }

    @Test
    void theBeginningOfALongerTextLosesHalfASecretAtItsEnd() {
        String token = new Tokens(13).githubToken();
        EventHeader header = everyKindOfEvent("").getFirst().header();
        ConversationEvent whole = new ConversationEvent.UserMessage(header, token.substring(0, 30), List.of());
        ConversationEvent cut = new ConversationEvent.UserMessage(
                header, token.substring(0, 30), List.of(new TapeReference("text/plain", 1, 0, 400_000, "00")));

        assertThat(redactor.redact(whole)).isSameAs(whole);
        assertThat(EventJson.line(redactor.redact(cut)))
                .contains("[secret:github:")
                .doesNotContain("ghp_");
    }

    @Test
    void aTitleThatWasCutShowsNoPartOfASecret() {
        String token = new Tokens(15).githubToken();

        assertThat(redactor.redactTitle("Use " + token.substring(0, 20) + "…"))
                .matches("Use \\[secret:github:[0-9a-f]{8}]…");
        assertThat(redactor.redactTitle("Ping redis://:Tr4ub…")).matches("Ping redis://:\\[secret:url-password:.*]…");
        assertThat(redactor.redactTitle("See http://localhost:30…")).isEqualTo("See http://localhost:30…");
        assertThat(redactor.redactTitle("Look at https://example.org/a…")).isEqualTo("Look at https://example.org/a…");
    }

    @Test
    void inPiecesItIsTheSameAsWhole() {
        Random random = new Random(20_260_402);
        for (int round = 0; round < 25; round++) {
            List<Sample> samples = new ArrayList<>(new Tokens(round).all().values());
            StringBuilder text = new StringBuilder();
            while (text.length() < 400_000) {
                text.append("filler and words \\n \\\\ \" ".repeat(random.nextInt(2_000)));
                text.append(samples.get(random.nextInt(samples.size())).text())
                        .append(random.nextBoolean() ? "\n" : ", ");
            }
            StringBuilder out = new StringBuilder();
            SecretRedactor.Stream stream = redactor.stream();
            for (int i = 0; i < text.length(); ) {
                int end = Math.min(text.length(), i + 1 + random.nextInt(30_000));
                stream.accept(text.substring(i, end), out);
                i = end;
            }
            stream.end(out);

            assertThat(out.toString().equals(redactor.redact(text.toString()))).isTrue();
        }
    }

    @Test
    void aTextWithoutASecretCostsNoMemory() {
        String text = "The session parser reads each line; https://example.org/a?b=c sk-learn task://x\n".repeat(400);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 200; i++) {
            redactor.redact(text);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            redactor.redact(text);
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / 100;

        assertThat(each).as("bytes for a text of " + text.length()).isLessThan(256);
    }

    @Test
    void theKeyIsTheOwnersAloneAndStays(@TempDir Path home) throws IOException {
        Path file = home.resolve("marker.key");
        String token = new Tokens(14).githubToken();
        SecretMatch match = SecretScanner.find(token).getFirst();
        String marker = MarkerKey.open(file).marker(match);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MarkerKey.open(file).marker(match)).isEqualTo(marker);
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files).containsExactly(file);
        }

        Files.delete(file);
        assertThat(MarkerKey.open(file).marker(match)).isNotEqualTo(marker);

        Files.writeString(file, "not a key");
        assertThatThrownBy(() -> MarkerKey.open(file)).hasMessageContaining("Move it away");
    }

    @Test
    void aLongTextOfNothingButSecretsIsRedactedAsItsPartsAre() {
        String line = " password=hunter2hunter2x;";
        String text = "ж" + line.repeat(12_000);
        assertThat(redactor.redact(text)).isEqualTo("ж" + redactor.redact(line).repeat(12_000));
        String harmless = "nothing to see here. ".repeat(10_000);
        assertThat(redactor.redact(harmless)).isSameAs(harmless);
    }
}
