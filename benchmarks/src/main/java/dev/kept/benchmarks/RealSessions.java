package dev.kept.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Session files that people's agents really wrote, where they are at hand: {@code -Dkept.corpus} names their folder.
 */
record RealSessions(Path files) implements Scenario {
    /** The folder, if it is there; without it the scenario is left out. */
    static Optional<Scenario> found() {
        Path claude =
                Path.of(System.getProperty("kept.corpus", "../shared/corpus")).resolve("files/claude");
        if (!Files.isDirectory(claude)) {
            System.err.println("Left out: the import of real sessions (-Dkept.corpus=DIR, with DIR/files/claude)");
            return Optional.empty();
        }
        return Optional.of(new RealSessions(claude));
    }

    @Override
    public String name() {
        return "import of real sessions";
    }

    @Override
    public long prepare(Path home) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(files)) {
            all = walk.filter(path -> path.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
        Path folder = Files.createDirectories(home.resolve(".claude/projects/-home-dev-real"));
        for (int i = 0; i < all.size(); i++) {
            // Each as a session of its own, whatever its name was.
            Files.copy(all.get(i), folder.resolve(new UUID(0x4000L, Long.MIN_VALUE | i) + ".jsonl"));
        }
        return all.size();
    }
}
