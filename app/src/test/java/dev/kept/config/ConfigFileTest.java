package dev.kept.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    private Path userHome;

    private KeptHome home;
    private ConfigFile file;
    private Path notes;
    private Path work;

    @BeforeEach
    void makeHome() throws IOException {
        home = KeptHome.fromEnvironment(Map.of("HOME", userHome.toString()));
        home.createDirectories();
        file = new ConfigFile(home);
        notes = Files.createDirectories(userHome.resolve("my notes"));
        work = Files.createDirectories(userHome.resolve("work"));
    }

    private void given(String yaml) throws IOException {
        Files.writeString(home.configFile(), yaml);
    }

    private String text() throws IOException {
        return Files.readString(home.configFile());
    }

    private KeptConfig config() throws Exception {
        return ConfigReader.read(home, Set.of("claude"));
    }

    @Test
    void allowingWithoutAFileWritesTheCommentedDefaultFirst() throws Exception {
        assertThat(file.allow(notes)).isTrue();

        assertThat(text()).startsWith("# What Kept may do").contains("\n  - \"" + notes + "\"\n");
        assertThat(config().allowedWriteRoots()).containsExactly(notes);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.configFile())))
                .isEqualTo("rw-------");
    }

    @Test
    void commentsAndOrderStay() throws Exception {
        given("""
                # mine
                maxSessions: 5 # few
                allowedWriteRoots: # where
                    - %s # the work
                    # not yet: ~/other
                sandbox: off
                """.formatted(work));

        file.allow(notes);

        assertThat(text()).isEqualTo("""
                # mine
                maxSessions: 5 # few
                allowedWriteRoots: # where
                    - %s # the work
                    - "%s"
                    # not yet: ~/other
                sandbox: off
                """.formatted(work, notes));
        assertThat(file.disallow(work)).isTrue();
        assertThat(file.disallow(notes)).isTrue();
        assertThat(text()).isEqualTo("""
                # mine
                maxSessions: 5 # few
                allowedWriteRoots: [] # where
                    # not yet: ~/other
                sandbox: off
                """);
        assertThat(config().maxSessions()).isEqualTo(5);
    }

    @Test
    void aListOnOneLineStaysOnOneLine() throws Exception {
        given("allowedWriteRoots: [~/work] # here\nmaxSessions: 5\n");

        file.allow(notes);
        assertThat(text()).isEqualTo("allowedWriteRoots: [~/work, \"" + notes + "\"] # here\nmaxSessions: 5\n");

        file.disallow(work);
        assertThat(text()).isEqualTo("allowedWriteRoots: [\"" + notes + "\"] # here\nmaxSessions: 5\n");

        file.disallow(notes);
        assertThat(text()).isEqualTo("allowedWriteRoots: [] # here\nmaxSessions: 5\n");
    }

    @Test
    void aKeyWithoutValueAndAMissingKeyAreFilled() throws Exception {
        given("allowedWriteRoots:\nmaxSessions: 5\n");
        file.allow(work);
        assertThat(text()).isEqualTo("allowedWriteRoots:\n  - " + work + "\nmaxSessions: 5\n");

        given("maxSessions: 5");
        file.allow(work);
        assertThat(text()).isEqualTo("maxSessions: 5\nallowedWriteRoots:\n  - " + work + "\n");
    }

    @Test
    void allowingTwiceChangesNothing() throws Exception {
        given("allowedWriteRoots:\n- ~/work\n");

        assertThat(file.allow(work)).isFalse();
        assertThat(text()).isEqualTo("allowedWriteRoots:\n- ~/work\n");
    }

    @Test
    void aDirectoryThatIsGoneCanStillBeDisallowed() throws Exception {
        given("allowedWriteRoots:\n  - /nowhere/at/all\n");

        assertThat(file.disallow(Path.of("/nowhere/at/all"))).isTrue();
        assertThat(config().allowedWriteRoots()).isEmpty();
    }

    @Test
    void strangeNamesComeBackAsTheyAre() throws Exception {
        for (String name : new String[] {"a: b", "# c", "d\"e\\f", "ü ✓ 🎉", "it's", "tab\there", "- g", "~"}) {
            Path directory = Files.createDirectories(userHome.resolve(name));
            file.allow(directory);
            assertThat(config().allowedWriteRoots()).contains(directory);
        }
        for (Path root : config().allowedWriteRoots()) {
            assertThat(file.disallow(root)).isTrue();
        }
        assertThat(config().allowedWriteRoots()).isEmpty();
    }

    @Test
    void aShapeThatCannotBeEditedIsLeftAlone() throws Exception {
        String yaml = "one: &roots\n  - ~/work\nallowedWriteRoots: *roots\n";
        given(yaml);

        file.allow(notes);
        assertThatThrownBy(() -> {
                    given("{ allowedWriteRoots: }");
                    file.allow(notes);
                })
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("edit it by hand");
        assertThat(text()).isEqualTo("{ allowedWriteRoots: }");
    }

    @Test
    void whatSomebodyLeftWhereTheFileIsMadeIsNotWrittenThrough() throws Exception {
        given("maxSessions: 5\n");
        Path precious = Files.writeString(userHome.resolve("precious"), "precious");
        Path half = home.configFile()
                .resolveSibling(".config.yaml." + ProcessHandle.current().pid() + ".tmp");
        for (boolean hard : new boolean[] {true, false}) {
            if (hard) {
                Files.createLink(half, precious);
            } else {
                Files.createSymbolicLink(half, precious);
            }
            file.allow(hard ? work : notes);
            assertThat(precious).hasContent("precious");
            assertThat(text()).contains(hard ? work.toString() : notes.toString());
        }
    }

    @Test
    void aLinkedFileStaysALink() throws Exception {
        Path target = userHome.resolve("dotfiles.yaml");
        Files.writeString(target, "maxSessions: 5\n");
        Files.createSymbolicLink(home.configFile(), target);

        file.allow(work);

        assertThat(Files.isSymbolicLink(home.configFile())).isTrue();
        assertThat(Files.readString(target)).contains(work.toString());
    }
}
