package dev.kept.ingest.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.ingest.IngestFixture;
import dev.kept.tape.TapeLibrary;
import dev.kept.tape.document.DocumentVersions;
import dev.kept.tape.document.RecordTape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentCopyTest {
    @TempDir
    Path folder;

    @Test
    void everyVersionIsMadeAgainAndTheTapeHoldsEachRecordOnce() throws IOException {
        try (IngestFixture ingest = new IngestFixture(folder).start()) {
            List<String> seen = new ArrayList<>();
            List<String> records = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                records.add("{\n      \"id\": \"m" + i + "\",\n      \"text\": \"" + "word ".repeat(40) + "\"\n    }");
                seen.add(document(i, records));
                replace(ingest, "a.json", seen.getLast());
                ingest.settle();
            }
            Path file = ingest.file("a.json");
            assertThat(versions(ingest, file)).isEqualTo(seen);
            long whole = seen.getLast().length();
            assertThat(ingest.tape(file).getFirst().length).isLessThan(Math.toIntExact(whole * 4));
            assertThat(ingest.tape(file)).hasSize(1);
            ingest.assertHandedOnIsTape(file);
        }
    }

    @Test
    void whateverBecomesOfADocumentEachOfItsVersionsIsMadeAgain() throws IOException {
        Random random = new Random(17);
        try (IngestFixture ingest = new IngestFixture(folder).start()) {
            List<String> seen = new ArrayList<>();
            List<String> records = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> records.add(record("m" + random.nextInt(40), random));
                    case 2 -> {
                        if (!records.isEmpty()) {
                            records.set(random.nextInt(records.size()), record("m" + random.nextInt(40), random));
                        }
                    }
                    case 3 -> {
                        if (!records.isEmpty()) {
                            records.remove(random.nextInt(records.size()));
                        }
                    }
                    case 4 ->
                        records.add(random.nextInt(records.size() + 1), "{\n      \"text\": \"without an id\"\n    }");
                    default -> {}
                }
                String text = document(step, records);
                seen.add(random.nextInt(8) == 0 ? text.replaceAll("\n *", " ") : text);
                replace(ingest, "a.json", seen.getLast());
                ingest.settle();
                if (random.nextInt(10) == 0) {
                    ingest.restart();
                    ingest.settle();
                }
            }
            assertThat(versions(ingest, ingest.file("a.json"))).isEqualTo(seen);
        }
    }

    @Test
    void aHalfWrittenDocumentIsNoChange() throws IOException {
        try (IngestFixture ingest = new IngestFixture(folder).start()) {
            String first = document(1, List.of(record("a", new Random(1))));
            String second = document(2, List.of(record("a", new Random(1)), record("b", new Random(2))));
            Path file = ingest.write("a.json", first);
            ingest.settle();
            for (int length : new int[] {0, 1, 20, second.length() - 1}) {
                ingest.write("a.json", second.substring(0, length));
                ingest.settle();
                assertThat(versions(ingest, file)).containsExactly(first);
            }
            ingest.write("a.json", second);
            ingest.settle();
            assertThat(versions(ingest, file)).containsExactly(first, second);
            assertThat(ingest.listener().problems()).isEmpty();
        }
    }

    @Test
    void whatACrashLeftOfAGroupIsCutOffBeforeAnyoneSeesIt() throws IOException {
        try (IngestFixture ingest = new IngestFixture(folder).start()) {
            String first = document(1, List.of(record("a", new Random(1))));
            Path file = ingest.write("a.json", first);
            ingest.settle();
            byte[] before = ingest.tape(file).getFirst();
            ingest.stop();
            Path tape = tape(ingest, file).resolve("0001.jsonl");
            Files.writeString(tape, "{\"version\":2,\"messages\":[]}\n{\"id\":\"b\",\"te", StandardOpenOption.APPEND);
            ingest.restart();
            ingest.settle();
            assertThat(ingest.tape(file).getFirst()).isEqualTo(before);
            ingest.assertHandedOnIsTape(file);
            String second = document(2, List.of(record("a", new Random(1)), record("b", new Random(2))));
            ingest.write("a.json", second);
            ingest.settle();
            assertThat(versions(ingest, file)).containsExactly(first, second);
        }
    }

    @Test
    void aDeletedDocumentStaysOnTapeAsItWas() throws IOException {
        try (IngestFixture ingest = new IngestFixture(folder).start()) {
            String text = document(1, List.of(record("a", new Random(1))));
            Path file = ingest.write("a.json", text);
            ingest.settle();
            Files.delete(file);
            ingest.settle();
            assertThat(versions(ingest, file)).containsExactly(text);
            assertThat(ingest.listener().present(file)).isFalse();
            assertThat(ingest.listener().problems()).isEmpty();
        }
    }

    private static String record(String id, Random random) {
        return "{\n      \"id\": \"" + id + "\",\n      \"n\": " + random.nextInt(5) + ",\n      \"list\": []\n    }";
    }

    private static String document(int version, List<String> records) {
        String inner = records.isEmpty() ? "[]" : "[\n    " + String.join(",\n    ", records) + "\n  ]";
        return "{\n  \"version\": " + version + ",\n  \"messages\": " + inner + "\n}";
    }

    /** As agents do it: another file takes the place of the first. */
    private static void replace(IngestFixture ingest, String name, String text) throws IOException {
        Path next = ingest.write(name + ".txt", text);
        Files.move(next, ingest.file(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path tape(IngestFixture ingest, Path file) {
        return new TapeLibrary(ingest.tapes()).folder("test", TapeLibrary.sourceId(file));
    }

    private static List<String> versions(IngestFixture ingest, Path file) throws IOException {
        List<String> texts = new ArrayList<>();
        try (DocumentVersions versions = new DocumentVersions(tape(ingest, file))) {
            for (RecordTape.Version version : versions.all()) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                versions.write(version, out);
                texts.add(out.toString(StandardCharsets.UTF_8));
            }
        }
        return texts;
    }
}
