package dev.kept.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurableFilesTest {
    @TempDir
    private Path folder;

    /** Makes a tape in the folder it is given; run as a process of its own, with an umask of its own. */
    public static final class MakeTape {
        private MakeTape() {}

        public static void main(String[] arguments) throws IOException {
            Path at = Path.of(arguments[0]);
            try (Tape tape = Tape.create(at.resolve("a/b/c"), "p", "s", at, at, "", Instant.EPOCH)) {
                tape.append(ByteBuffer.wrap(new byte[] {1}));
                tape.beginGeneration(0, "rewritten", Instant.EPOCH);
                tape.append(ByteBuffer.wrap(new byte[] {2}));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "022", "077"})
    void whateverTheUmaskOnlyTheOwnerMayReadOrWrite(String umask) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask " + umask + "; exec \"$0\" \"$@\"",
                        java,
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MakeTape.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        try (Stream<Path> made = Files.walk(folder.resolve("a"))) {
            List<Path> all = made.toList();
            assertThat(all).hasSize(6);
            for (Path path : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void replacingLeavesTheNewContentAndNothingElse() throws IOException {
        Path file = folder.resolve("f.json");
        DurableFiles.replace(file, "old");
        DurableFiles.replace(file, "größer als vorher");
        DurableFiles.replace(file, "new");
        assertThat(file).hasContent("new");
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries).containsExactly(file);
        }
    }

    @Test
    void whatACrashedReplaceLeftBehindIsNoObstacle() throws IOException {
        Path file = folder.resolve("f.json");
        Files.writeString(folder.resolve("f.json.new"), "half a te");
        DurableFiles.replace(file, "new");
        assertThat(file).hasContent("new");
    }

    @Test
    void replacingALinkReplacesWhatItLeadsTo() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        DurableFiles.replace(link, "new");
        assertThat(target).hasContent("new");
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }

    @Test
    void aFileThatExistsIsNotCreatedAgain() throws IOException {
        Path file = folder.resolve("f");
        DurableFiles.create(file).close();
        assertThatThrownBy(() -> DurableFiles.create(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aFileWhereADirectoryShouldBeIsAnErrorThatNamesIt() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "");
        assertThatThrownBy(() -> DurableFiles.createDirectories(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void severalMayMakeTheSameDirectoriesAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 20; round++) {
                Path deep = folder.resolve("r" + round + "/a/b/c/d");
                Callable<Boolean> make = () -> {
                    DurableFiles.createDirectories(deep);
                    return Files.isDirectory(deep);
                };
                for (Future<Boolean> made : threads.invokeAll(
                        IntStream.range(0, 8).mapToObj(_ -> make).toList())) {
                    assertThat(made.get()).isTrue();
                }
            }
        }
    }
}
