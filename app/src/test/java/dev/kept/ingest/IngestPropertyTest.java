package dev.kept.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.testing.Generator;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is done to files: every state that was settled on disk is a state of the tape, and the tape is what was
 * handed on.
 */
class IngestPropertyTest {
    private static final int STEPS = 60;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyByteThatWasEverSettledIsOnTapeAndWasHandedOn(long seed) throws IOException {
        Generator random = new Generator(seed);
        try (IngestFixture ingest = new IngestFixture(folder)) {
            List<Path> files = List.of(
                    ingest.file("a.jsonl"),
                    ingest.file("b.jsonl"),
                    Files.createDirectories(ingest.file("p")).resolve("c.jsonl"));
            Map<Path, List<byte[]>> settled = new HashMap<>();
            // Without any source there is nothing to look at, and no end of looking to wait for.
            Path always = ingest.write("always.jsonl", "there\n");
            ingest.start();
            ingest.listener().awaitText(always, "there\n");
            for (int step = 0; step < STEPS; step++) {
                if (random.oneIn(8)) {
                    // A flipped bit is only promised to be noticed in a file that does not grow at the same time.
                    ingest.settle();
                    flipABit(random, random.oneOf(files));
                    ingest.settle();
                } else {
                    change(random, random.oneOf(files));
                }
                if (random.oneIn(4)) {
                    ingest.sealSoon();
                } else if (random.oneIn(10)) {
                    ingest.seal();
                }
                if (random.oneIn(15)) {
                    ingest.restart();
                    ingest.listener().awaitText(always, "there\n");
                }
                if (random.oneIn(3)) {
                    ingest.settle();
                    for (Path file : files) {
                        if (Files.exists(file)) {
                            byte[] now = Files.readAllBytes(file);
                            settled.computeIfAbsent(file, _ -> new ArrayList<>())
                                    .add(now);
                            assertThat(ingest.tape(file).getLast())
                                    .as("seed %d, step %d, newest generation of %s", seed, step, file)
                                    .isEqualTo(now);
                        }
                    }
                }
            }
            ingest.settle();
            for (Map.Entry<Path, List<byte[]>> entry : settled.entrySet()) {
                List<byte[]> tape = ingest.tape(entry.getKey());
                for (byte[] state : entry.getValue()) {
                    assertThat(tape)
                            .as("seed %d, %s", seed, entry.getKey())
                            .anyMatch(generation -> startsWith(generation, state));
                }
                ingest.assertHandedOnIsTape(entry.getKey());
            }
            assertThat(ingest.listener().problems()).isEmpty();
        }
    }

    private static boolean startsWith(byte[] whole, byte[] beginning) {
        return Arrays.mismatch(whole, 0, Math.min(whole.length, beginning.length), beginning, 0, beginning.length) < 0;
    }

    private void change(Generator random, Path file) throws IOException {
        byte[] content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        byte[] more = random.bytes(random.oneIn(6) ? 600_000 : random.between(1, 2_000));
        switch (random.below(7)) {
            case 0 -> Files.write(file, Arrays.copyOf(content, content.length == 0 ? 0 : random.below(content.length)));
            case 1 -> Files.write(file, more);
            case 2 -> Files.deleteIfExists(file);
            case 3 -> replace(file, join(content, more));
            case 4 -> replace(file, join(Arrays.copyOf(content, content.length / 2), more));
            default -> Files.write(file, join(content, more));
        }
    }

    private void replace(Path file, byte[] content) throws IOException {
        Files.move(Files.write(folder.resolve("next"), content), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void flipABit(Generator random, Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) > 0) {
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                int at = random.below(Math.toIntExact(open.length()));
                open.seek(at);
                int flipped = open.read() ^ 1;
                open.seek(at);
                open.write(flipped);
            }
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
