package dev.kept.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Real session files: a folder of unpacked ones (system property {@code kept.corpus}), or the archive beside the
 * repository.
 */
public final class Corpus {
    private Corpus() {}

    /** The folder of a provider's unpacked files; where there are none, says so and is empty. */
    public static Optional<Path> unpacked(String provider, Path scratch) throws IOException, InterruptedException {
        String unpacked = System.getProperty("kept.corpus", "");
        Path root = unpacked.isEmpty() ? unpack(provider, scratch) : Path.of(unpacked, provider);
        if (!Files.isDirectory(root)) {
            System.out.println("CORPUS LEFT OUT: no real session files at " + root + "; nothing was tested on them");
            return Optional.empty();
        }
        return Optional.of(root);
    }

    /** A provider's files that are one JSON value a line, sorted; none where there is no corpus, and that is said. */
    public static List<Path> lines(String provider, Path scratch) throws IOException, InterruptedException {
        Optional<Path> root = unpacked(provider, scratch);
        if (root.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root.get())) {
            return all.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    private static Path unpack(String provider, Path scratch) throws IOException, InterruptedException {
        Path archive = Path.of("../../shared/corpus/real-sessions.tar.xz");
        if (!Files.exists(archive)) {
            return archive;
        }
        // Class-wide temporary folders live until the last test has run.
        int exit = new ProcessBuilder("tar", "-xJf", archive.toString(), "-C", scratch.toString(), "files/" + provider)
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).as("exit code of tar").isZero();
        return scratch.resolve("files").resolve(provider);
    }
}
