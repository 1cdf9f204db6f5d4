package dev.kept.daemon.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kept.config.KeptHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramCopyTest {
    private static final Instant BUILT = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    private Path temporary;

    private Path jar = Path.of("");
    private Path aotCache = Path.of("");

    @BeforeEach
    void aProgram() throws IOException {
        jar = program("program");
        aotCache = jar.resolveSibling("kept-daemon.aot");
    }

    private Path program(String name) throws IOException {
        Path folder = Files.createDirectories(temporary.resolve(name).resolve("lib"));
        Files.writeString(folder.resolve("other.jar"), "library");
        Path made = folder.resolveSibling("kept.jar");
        written(made, "jar", BUILT);
        written(made.resolveSibling("kept-daemon.aot"), "classes", BUILT.plusSeconds(9));
        return made;
    }

    private static void written(Path file, String text, Instant at) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(at));
    }

    private KeptHome home(String name) throws IOException {
        KeptHome home = new KeptHome(temporary.resolve(name), temporary);
        home.createDirectories();
        return home;
    }

    @Test
    void whoWritesOverTheProgramChangesNothingThatTheDaemonMaps() throws Exception {
        LaunchedProgram launched = ProgramCopy.make(home("h"), jar);
        Files.writeString(jar, "x");
        Files.writeString(aotCache, "y");
        Files.writeString(jar.resolveSibling("lib/other.jar"), "z");

        Path copy = Path.of(launched.classPath());
        assertThat(copy).hasContent("jar");
        assertThat(copy.resolveSibling("lib/other.jar")).hasContent("library");
        assertThat(launched.aotCache())
                .hasValueSatisfying(
                        record -> assertThat(record).hasContent("classes").hasParentRaw(copy.getParent()));
    }

    @Test
    void aRecordOfClassesThatIsMadeAnewIsCopiedAnewBesideTheOneThatIsMapped() throws Exception {
        KeptHome home = home("h");
        Path before = ProgramCopy.make(home, jar).aotCache().orElseThrow();
        Object mapped = Files.getAttribute(before, "unix:ino");
        assertThat(ProgramCopy.make(home, jar).aotCache()).hasValue(before);
        assertThat(Files.getAttribute(before, "unix:ino")).isEqualTo(mapped);

        written(aotCache, "other classes", BUILT.plusSeconds(20));
        assertThat(ProgramCopy.make(home, jar).aotCache())
                .hasValueSatisfying(record -> assertThat(record).hasContent("other classes"));
        assertThat(Files.getAttribute(before, "unix:ino")).isNotEqualTo(mapped);

        written(aotCache, "old classes", BUILT.minusSeconds(1));
        assertThat(ProgramCopy.make(home, jar).aotCache()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b", "a😀b"})
    void fromAHomeThatCanBeInNoClassPathTheProgramIsRunWhereItIs(String name) throws Exception {
        LaunchedProgram launched = ProgramCopy.make(home(name), jar);
        assertThat(launched.classPath()).isEqualTo(jar.toString());
        assertThat(launched.aotCache()).hasValue(aotCache);
        assertThat(launched.libraries()).hasValue(jar.resolveSibling("lib"));

        Path odd = program("p:q");
        assertThatThrownBy(() -> ProgramCopy.make(home(name), odd))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Java cannot run from ")
                .hasMessageContaining("Move Kept to a folder without one, or set KEPT_HOME");
    }
}
