package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.gemini.GeminiOracle;
import dev.kept.agents.gemini.GeminiProvider;
import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.ProviderRaw;
import dev.kept.model.ConversationEvent.ToolResult;
import dev.kept.model.EventHeader;
import dev.kept.provider.Corpus;
import dev.kept.provider.Golden;
import dev.kept.provider.Provider;
import dev.kept.provider.Readings;
import dev.kept.provider.SecondReading;
import dev.kept.provider.SourceKind;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.document.DocumentVersions;
import dev.kept.tape.document.RecordTape;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gemini's documents of before 0.39, as they grew: through ingest and their record tape to events. */
class GeminiDocumentsTest {
    private static final Path FIXTURE = Path.of("src/test/resources/provider/gemini/0.23");
    private static final Provider GEMINI = new GeminiProvider();
    private static final SourceKind.Session DOCUMENT =
            new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE, SourceKind.Layout.DOCUMENT);

    @TempDir
    static Path scratch;

    @Test
    void aHandWrittenDocumentBecomesItsGoldenEvents() throws Exception {
        List<String> states = states(List.of(FIXTURE));
        byte[] tape = grow("fixture", states);
        agree(states, tape);
        Golden.check(FIXTURE.resolve("session.jsonl"), new Readings(GEMINI).of(DOCUMENT, tape));
    }

    @Test
    void realDocumentsLoseAndDoubleNothingWhileTheyGrow() throws Exception {
        Optional<Path> corpus = Corpus.unpacked("gemini", scratch);
        if (corpus.isEmpty()) {
            return;
        }
        Map<String, List<Path>> documents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(corpus.get())) {
            files.filter(file -> file.toString().endsWith(".json")).sorted().forEach(file -> {
                boolean grows = file.toString().contains("growth");
                documents
                        .computeIfAbsent(
                                grows ? file.resolveSibling("").toString() : file.toString(), _ -> new ArrayList<>())
                        .add(file);
            });
        }
        assertThat(documents).isNotEmpty();
        int number = 0;
        for (List<Path> files : documents.values()) {
            List<String> states = new ArrayList<>();
            for (Path file : files) {
                states.add(Files.readString(file));
            }
            agree(states, grow("real" + number++, states));
        }
    }

    private static List<String> states(List<Path> folders) throws Exception {
        List<String> states = new ArrayList<>();
        for (Path folder : folders) {
            for (int i = 1; Files.exists(folder.resolve(i + ".json")); i++) {
                states.add(Files.readString(folder.resolve(i + ".json")));
            }
        }
        return states;
    }

    /** Writes the states one after another below a root that is followed; the answer is the tape. */
    private static byte[] grow(String name, List<String> states) throws Exception {
        Path folder = Files.createDirectories(scratch.resolve(name));
        try (IngestFixture ingest = new IngestFixture(folder, GEMINI, "tmp/light/chats").start()) {
            Path file = ingest.file("session-2026-01-15T20-00-22222222.json");
            for (String state : states) {
                Files.writeString(file, state);
                ingest.settle();
            }
            ingest.assertHandedOnIsTape(file);
            List<String> again = new ArrayList<>();
            Path tape = new TapeLibrary(ingest.tapes()).folder("gemini", TapeLibrary.sourceId(file));
            try (DocumentVersions versions = new DocumentVersions(tape)) {
                for (RecordTape.Version version : versions.all()) {
                    assertThat(version.inParts()).isTrue();
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    versions.write(version, out);
                    again.add(out.toString(StandardCharsets.UTF_8));
                }
            }
            assertThat(again).isEqualTo(states);
            assertThat(ingest.tape(file)).hasSize(1);
            return ingest.tape(file).getFirst();
        }
    }

    private static void agree(List<String> states, byte[] tape) throws Exception {
        Readings readings = new Readings(GEMINI);
        List<ConversationEvent> events = Readings.events(readings.of(DOCUMENT, tape));
        GeminiOracle oracle = GeminiOracle.ofDocuments(states);
        assertThat(events).noneMatch(ProviderRaw.class::isInstance);
        assertThat(events.stream().map(event -> event.header().eventId())).doesNotHaveDuplicates();
        List<String> disagreements = new ArrayList<>();
        Path file = Path.of("states");
        System.out.println("documents: " + SecondReading.said(events).size() + " texts by people");
        GeminiOracle.toJudge(SecondReading.said(events))
                .forEach(text -> System.out.println(
                        "  by a person? " + text.lines().findFirst().orElse("")));
        SecondReading.compare(disagreements, file, "said", SecondReading.said(events), oracle.said());
        SecondReading.compare(disagreements, file, "answers", SecondReading.answers(events), oracle.answers());
        SecondReading.compare(disagreements, file, "calls", SecondReading.calls(events), oracle.calls());
        SecondReading.compare(disagreements, file, "results", SecondReading.results(events), oracle.results());
        SecondReading.compare(disagreements, file, "outputs", outputs(events), oracle.outputs());
        assertThat(disagreements).isEmpty();
        assertThat(SecondReading.used(events)).isEqualTo(oracle.used());
        int[] cuts = {tape.length / 5, tape.length / 3, tape.length / 3 + 1, tape.length - 1};
        assertThat(Readings.events(readings.of(DOCUMENT, tape, cuts))).isEqualTo(events);
        assertThat(readings.eventsWithRestarts(DOCUMENT, tape, cuts)).isEqualTo(events);
    }

    private static List<String> outputs(List<ConversationEvent> events) {
        return events.stream()
                .filter(ToolResult.class::isInstance)
                .map(event -> ((ToolResult) event).text())
                .toList();
    }
}
