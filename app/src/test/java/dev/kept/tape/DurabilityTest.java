package dev.kept.tape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as durable was forced to disk, as the runtime's own events tell it. */
class DurabilityTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @TempDir
    private Path temporary;

    private Path folder;

    /** Something that may force files. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    @BeforeEach
    void makeTheFolder() throws IOException {
        folder = temporary.toRealPath().resolve("tapes/claude/source");
    }

    private List<Path> forcedBy(Work work) throws IOException {
        Path file = temporary.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        List<Path> forced = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            Path path = Path.of(event.getString("path"));
            if (path.startsWith(temporary.toRealPath())) {
                forced.add(path);
            }
        }
        Files.delete(file);
        return forced;
    }

    private Tape tape() throws IOException {
        return Tape.create(folder, "claude", "source", Path.of("/a.jsonl"), Path.of("/"), "key", NOW);
    }

    private static void append(Tape tape, String text) throws IOException {
        tape.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void sumsAreForcedOnlyWhereTheyTellOfBytesThatAreGone() throws IOException {
        Path sums = folder.resolve("sums-0001");
        byte[] blocks = new byte[3 * SumFile.BLOCK_BYTES];
        try (Tape tape = tape()) {
            assertThat(forcedBy(() -> {
                        tape.append(ByteBuffer.wrap(blocks));
                        tape.force();
                        tape.append(ByteBuffer.wrap(blocks));
                        tape.force();
                    }))
                    .isNotEmpty()
                    .doesNotContain(sums);
            assertThat(forcedBy(() -> tape.cut(blocks.length + 1L))).containsExactly(sums);
            tape.force();
        }
        assertThat(forcedBy(() -> goOn(1))).doesNotContain(sums);
        try (FileChannel plain = FileChannel.open(folder.resolve("0001.jsonl"), StandardOpenOption.WRITE)) {
            plain.truncate(5);
        }
        assertThat(forcedBy(() -> goOn(1))).startsWith(sums);
        assertThat(forcedBy(() -> goOn(blocks.length))).doesNotContain(sums);
    }

    private void goOn(int count) throws IOException {
        try (Tape tape = Tape.open(folder)) {
            tape.append(ByteBuffer.wrap(new byte[count]));
            tape.force();
        }
    }

    @Test
    void aNewTapeIsInItsFoldersAndTheFoldersAreInTheirs() throws IOException {
        List<Path> forced = forcedBy(() -> {
            try (Tape tape = tape()) {
                append(tape, "one\n");
                tape.force();
            }
        });
        assertThat(forced)
                .contains(
                        folder.resolve("0001.jsonl"),
                        folder,
                        folder.getParent(),
                        temporary.toRealPath().resolve("tapes"),
                        temporary.toRealPath());
    }

    @Test
    void theFirstBytesForceTheFileAndItsEntryAndLaterOnesTheFile() throws IOException {
        try (Tape tape = tape()) {
            Path file = folder.resolve("0001.jsonl");
            assertThat(forcedBy(() -> {
                        append(tape, "one\n");
                        tape.force();
                    }))
                    .contains(folder, file);
            assertThat(forcedBy(() -> {
                        append(tape, "two\n");
                        append(tape, "three\n");
                        tape.force();
                        tape.force();
                    }))
                    .containsExactly(file);
            assertThat(forcedBy(tape::force)).isEmpty();
        }
    }

    @Test
    void aGenerationEndsDurableBeforeTheNextBegins() throws IOException {
        try (Tape tape = tape()) {
            append(tape, "one\n");
            List<Path> forced = forcedBy(() -> tape.beginGeneration(2, "rewritten", NOW));
            assertThat(forced).startsWith(folder.resolve("0001.jsonl")).contains(folder);
        }
    }

    @Test
    void aReplacedFileIsForcedAndSoIsItsEntry() throws IOException {
        Path file = temporary.toRealPath().resolve("card.json");
        assertThat(forcedBy(() -> DurableFiles.replace(file, "{}"))).hasSize(2).endsWith(temporary.toRealPath());
    }

    @Test
    void theEntryOfAFileThatIsMadeIsForced() throws IOException {
        Path file = temporary.toRealPath().resolve("0002.jsonl");
        assertThat(forcedBy(() -> DurableFiles.create(file).close())).containsExactly(temporary.toRealPath());
    }
}
