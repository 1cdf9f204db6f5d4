package dev.kept.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.tape.DamagedTapeException;
import dev.kept.testing.Generator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestorationTest {
    private static final String ID = "1aaa0000-0000-4000-8000-000000000001";
    private static final String NEW = "9fff0000-0000-4000-8000-000000000009";

    @TempDir
    private Path temporary;

    private Tapes tapes;

    @BeforeEach
    void home() throws IOException {
        tapes = new Tapes(temporary);
    }

    private Restoration of(int generation, Path target, Optional<Restoration.NewIds> newId) throws IOException {
        StoredTape tape = tapes.archive().tapes().getFirst();
        return new Restoration(tape, generation, target, newId, false);
    }

    @Test
    void aDamagedTapeIsNotPutBackAsIfItWereTheAgentsFileUnlessThatIsAskedFor() throws Exception {
        String text = Tapes.typed(ID, 0, "one").repeat(1000);
        Path plain = tapes.append(tapes.source(ID), text).resolve("0001.jsonl");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        bytes[70_000] ^= 1;
        Files.write(plain, bytes);
        Path target = temporary.resolve("a/whole");

        Restoration restoration = of(1, target, Optional.empty());
        assertThatThrownBy(() -> restoration.carryOut(_ -> {}))
                .isInstanceOf(DamagedTapeException.class)
                .hasMessageContaining(plain.toRealPath() + ": the bytes from 65536 to 131072 are damaged");
        assertThat(temporary.resolve("a")).isEmptyDirectory();

        new Restoration(restoration.tape(), 1, target, Optional.empty(), true).carryOut(_ -> {});
        assertThat(target).hasBinaryContent(bytes);
    }

    @Test
    void everyGenerationComesBackByteForByte() throws Exception {
        String first = Tapes.typed(ID, 0, "one") + Tapes.typed(ID, 1, "two") + "half a rec";
        tapes.append(tapes.source(ID), first);
        tapes.rewrite(tapes.source(ID), Tapes.typed(ID, 0, "one").length(), "another\n");

        of(1, temporary.resolve("a/first"), Optional.empty()).carryOut(_ -> {});
        of(2, temporary.resolve("a/second"), Optional.empty()).carryOut(_ -> {});

        assertThat(temporary.resolve("a/first")).hasContent(first);
        assertThat(temporary.resolve("a/second")).hasContent(Tapes.typed(ID, 0, "one") + "another\n");
    }

    @Test
    void nothingIsWrittenOverNotEvenADanglingLink() throws Exception {
        tapes.append(tapes.source(ID), "x\n");
        Path target = Files.writeString(temporary.resolve("there"), "mine");
        Path link = Files.createSymbolicLink(temporary.resolve("link"), temporary.resolve("nowhere"));

        assertThatThrownBy(() -> of(1, target, Optional.empty()).carryOut(_ -> {}))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> of(1, link, Optional.empty()).carryOut(_ -> {}))
                .isInstanceOf(FileAlreadyExistsException.class);

        assertThat(target).hasContent("mine");
        assertThat(temporary.resolve("nowhere")).doesNotExist();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith(".kept-restore"));
        }
    }

    /**
     * Against the obvious way, over texts in which beginnings of the id stand in the way. An escaped quote begins none.
     */
    @Test
    void aNewIdTakesThePlaceOfWholeStringsAlone() throws Exception {
        Generator random = new Generator(20_260_601);
        String[] pieces = {
            "\"" + ID + "\"", "\"" + ID, ID + "\"", "\"1aaa", "\"", "\"\"", "\\\"" + ID + "\\\"", " ", "x\n"
        };
        StringBuilder text = new StringBuilder();
        while (text.length() < 700_000) {
            text.append(pieces[random.below(pieces.length)]);
        }
        tapes.append(tapes.source(ID), text.toString());

        of(1, temporary.resolve("new"), Optional.of(Restoration.NewIds.of(ID, NEW)))
                .carryOut(_ -> {});

        assertThat(Files.readString(temporary.resolve("new"))
                        .equals(text.toString().replaceAll("(?<!\\\\)\"" + ID + "\"", "\"" + NEW + "\"")))
                .isTrue();
    }

    @Test
    void aSubagentsIdIsAlsoReplacedWhereToolsTellItAsJsonInsideAString() throws Exception {
        String child = "3ccc0000-0000-4000-8000-000000000003";
        String fresh = "8ddd0000-0000-4000-8000-000000000008";
        String text = """
                {"id":"CHILD","parent":"PARENT","output":"{\\"agent_id\\":\\"CHILD\\",\\"nickname\\":\\"Fennel\\"}"}
                {"arguments":"{\\"ids\\":[\\"CHILD\\", \\"CHILD\\"]}","output":"{\\"status\\":{\\"CHILD\\": {}}}"}
                {"arguments":"{\\"parent\\":\\"PARENT\\"}"}
                """;
        String said = """
                {"text":"It is called \\"CHILD\\", or: \\"CHILD\\"; CHILD"}
                {"text":"half \\"CHILD""";
        tapes.append(tapes.source(ID), (text + said).replace("CHILD", child).replace("PARENT", ID));

        Restoration.NewIds ids = new Restoration.NewIds(Map.of(ID, NEW, child, fresh), Set.of(child));
        of(1, temporary.resolve("new"), Optional.of(ids)).carryOut(_ -> {});

        String kept = text.replace("\\\"PARENT\\\"", "\\\"" + ID + "\\\"");
        assertThat(Files.readString(temporary.resolve("new")))
                .isEqualTo(kept.replace("CHILD", fresh).replace("PARENT", NEW) + said.replace("CHILD", child));
    }
}
