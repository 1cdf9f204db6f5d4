package dev.kept.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptHomeTest {
    @TempDir
    private Path temporary;

    @Test
    void liesBelowHomeUnlessKeptHomeSaysOtherwise() {
        assertThat(KeptHome.fromEnvironment(Map.of("HOME", "/home/ada")).directory())
                .isEqualTo(Path.of("/home/ada/.kept"));
        assertThat(KeptHome.fromEnvironment(Map.of("HOME", "/home/ada", "KEPT_HOME", "/srv/kept"))
                        .configFile())
                .isEqualTo(Path.of("/srv/kept/config.yaml"));
    }

    @Test
    void directoriesAreTheOwnersAloneEvenWhereTheyWereOpenBefore() throws IOException {
        Path directory = Files.createDirectories(temporary.resolve("kept/logs"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        KeptHome home = new KeptHome(temporary.resolve("kept"), temporary);

        home.createDirectories();

        try (Stream<Path> all = Files.walk(home.directory())) {
            List<Path> directories = all.toList();
            assertThat(directories).hasSize(8);
            for (Path each : directories) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .as(each.toString())
                        .isEqualTo("rwx------");
            }
        }
    }

    @Test
    void aPathThatIsTooLongForASocketIsRefusedWithTheRemedy() {
        KeptHome home = new KeptHome(temporary.resolve("x".repeat(100)), temporary);

        assertThatThrownBy(home::createDirectories)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long for a socket")
                .hasMessageContaining("set KEPT_HOME to a shorter directory");
        assertThat(home.directory()).doesNotExist();
    }

    @Test
    void pathsAreShownWithATildeBelowHome() {
        KeptHome home = KeptHome.fromEnvironment(Map.of("HOME", "/home/ada"));

        assertThat(home.forPeople(Path.of("/home/ada/notes"))).isEqualTo("~/notes");
        assertThat(home.forPeople(Path.of("/home/ada"))).isEqualTo("~");
        assertThat(home.forPeople(Path.of("/home/adam"))).isEqualTo("/home/adam");
    }

    @Test
    void aReplacedFileIsNeverSeenHalf() throws IOException {
        Path file = temporary.resolve("file");

        PrivateFiles.replace(file, "one");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        PrivateFiles.replace(file, "two");

        assertThat(file).hasContent("two");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files).containsExactly(file);
        }
    }
}
