package dev.kept.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.ConfigFuzz;
import dev.kept.recording.journal.JournalFuzz;
import dev.kept.recording.writer.MarkdownFuzz;
import dev.kept.testing.Generator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The seeds of the fuzz targets, and what was found from them, as tests: each as it is, and with a few bytes changed.
 */
class FuzzSeedsTest {
    private static final Path SEEDS = Path.of("src/test/resources/fuzz");
    private static final int CHANGED = 30;

    /** What takes any bytes. */
    @FunctionalInterface
    interface Target {
        void run(byte[] data) throws IOException;
    }

    private static final Map<String, Target> TARGETS = Map.of(
            "splitting", SplittingFuzz::fuzzerTestOneInput,
            "parser", ParserFuzz::fuzzerTestOneInput,
            "command", CommandFuzz::fuzzerTestOneInput,
            "config", ConfigFuzz::fuzzerTestOneInput,
            "journal", JournalFuzz::fuzzerTestOneInput,
            "markdown", MarkdownFuzz::fuzzerTestOneInput);

    static Stream<String> targets() {
        return TARGETS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void eachSeedAndWhatIsLikeItHoldsWhatTheTargetPromises(String name) throws IOException {
        Target target = TARGETS.getOrDefault(name, data -> {});
        List<Path> seeds;
        try (Stream<Path> files = Files.list(SEEDS.resolve(name))) {
            seeds = files.sorted().toList();
        }
        assertThat(seeds).isNotEmpty();
        for (Path seed : seeds) {
            byte[] bytes = Files.readAllBytes(seed);
            run(target, bytes, seed + " as it is");
            for (int change = 1; change <= CHANGED; change++) {
                run(target, changed(bytes, new Generator(change)), seed + " changed with " + change);
            }
        }
    }

    private static void run(Target target, byte[] bytes, String what) {
        try {
            target.run(bytes);
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(what, e);
        }
    }

    private static byte[] changed(byte[] seed, Generator random) {
        byte[] bytes = seed.clone();
        for (int i = 0; i < 4 && bytes.length > 0; i++) {
            int at = random.below(bytes.length);
            switch (random.below(3)) {
                case 0 -> bytes[at] = (byte) random.below(256);
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
                    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                    longer[at] = (byte) "{}[]\",:\\\n `>-#".charAt(random.below(14));
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
