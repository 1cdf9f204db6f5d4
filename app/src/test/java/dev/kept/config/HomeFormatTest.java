package dev.kept.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeFormatTest {
    @TempDir
    private Path temporary;

    private KeptHome home = new KeptHome(Path.of("/"), Path.of("/"));

    @BeforeEach
    void aHome() throws IOException {
        home = new KeptHome(temporary.resolve(".kept"), temporary);
        home.createDirectories();
    }

    @Test
    void aHomeWithoutAFormatIsReadAndGetsOneThatIsPrivate() throws IOException {
        assertThatCode(() -> HomeFormat.check(home)).doesNotThrowAnyException();
        HomeFormat.write(home);
        assertThat(home.formatFile()).hasContent("1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.formatFile())))
                .isEqualTo("rw-------");
        assertThatCode(() -> HomeFormat.check(home)).doesNotThrowAnyException();
    }

    @Test
    void aNewerFormatIsRefusedWithTheRemedyAndStays() throws IOException {
        Files.writeString(home.formatFile(), "2\n");
        assertThatThrownBy(() -> HomeFormat.check(home))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tapes/format")
                .hasMessageContaining("newer version of Kept (format 2, and this version reads 1)")
                .hasMessageContaining("install the newer version again");
        HomeFormat.write(home);
        assertThat(home.formatFile()).hasContent("2");
    }

    @Test
    void aFormatThatIsNoNumberIsRefused() throws IOException {
        for (String text : new String[] {"", "two", "1".repeat(40)}) {
            Files.writeString(home.formatFile(), text);
            assertThatThrownBy(() -> HomeFormat.check(home)).hasMessageContaining("write 1 into it");
        }
    }
}
