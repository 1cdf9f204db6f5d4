package dev.kept.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
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

    private List<Path> followed() throws Exception {
        return ConfigReader.read(home, Set.of("claude", "codex"))
                .provider("claude")
                .follow();
    }

    @Test
    void aListBelowOtherKeysIsMadeWhereItIsMissingAndNothingElseChanges() throws Exception {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("maxSessions: 5 # few", "maxSessions: 5 # few\nproviders:\n  claude:\n    follow:\n      - W\n");
        files.put("providers:\nmaxSessions: 5\n", "providers:\n  claude:\n    follow:\n      - W\nmaxSessions: 5\n");
        files.put("providers: {} # all\n", "providers:\n  claude:\n    follow:\n      - W # all\n");
        files.put("providers: {claude: {}}\n", "providers: {claude: {follow: [W]}}\n");
        files.put(
                "providers: {claude: {enabled: true}} # mine\n",
                "providers: {claude: {enabled: true, follow: [W]}} # mine\n");
        files.put("""
                providers:
                    claude:
                        enabled: true # yes
                        # more to come
                maxSessions: 5
                """, """
                providers:
                    claude:
                        enabled: true # yes
                        follow:
                          - W
                        # more to come
                maxSessions: 5
                """);
        files.put(
                "providers:\n  codex:\n    roots: [~/work]\n  # the other\nmaxSessions: 5\n",
                "providers:\n  codex:\n    roots: [~/work]\n  claude:\n    follow:\n      - W\n  # the other\nmaxSessions: 5\n");
        files.put(
                "providers:\n  codex:\n    roots:\n    - ~/work # there\nmaxSessions: 5\n",
                "providers:\n  codex:\n    roots:\n    - ~/work # there\n  claude:\n    follow:\n      - W\nmaxSessions: 5\n");
        files.put(
                "providers:\n  claude:\n    follow: [] # none\n    enabled: true\n",
                "providers:\n  claude:\n    follow:\n      - W # none\n    enabled: true\n");
        for (Map.Entry<String, String> each : files.entrySet()) {
            given(each.getKey());
            assertThat(file.follow("claude", work)).as(each.getKey()).isTrue();
            assertThat(text()).as(each.getKey()).isEqualTo(each.getValue().replace("W", work.toString()));
            assertThat(followed()).containsExactly(work);
            assertThat(file.followed("claude")).containsExactly(work);
            assertThat(file.follow("claude", work)).isFalse();
            assertThat(file.follow("claude", notes)).isTrue();
            assertThat(followed()).containsExactly(work, notes);
            assertThat(file.unfollow("claude", work)).isTrue();
            assertThat(followed()).containsExactly(notes);
            assertThat(file.unfollow("claude", notes)).isTrue();
            assertThat(file.unfollow("claude", notes)).isFalse();
            assertThat(followed()).isEmpty();
        }
    }

    @Test
    void aListThatCannotBeEditedInPlaceIsLeftAlone() throws Exception {
        for (String yaml : List.of(
                "providers: {claude: {\n  enabled: true, follow: }}\n",
                "shared: &all\n  enabled: true\n",
                "providers:\n  claude: &all\n    enabled: true\n  codex: *all\n",
                "{providers: {claude: {enabled: true}}, maxSessions: 5}\n# end",
                "? providers\n: claude:\n    enabled: true\n")) {
            given(yaml);
            try {
                file.follow("claude", work);
                assertThat(file.followed("claude")).as(yaml).containsExactly(work);
                assertThat(file.followed("codex")).as(yaml).isEmpty();
            } catch (ConfigException e) {
                assertThat(text()).isEqualTo(yaml);
                assertThat(e).hasMessageContaining("providers.claude.follow").hasMessageContaining("by hand");
            }
        }
    }

    @Test
    void theDefaultFileTakesAListBelowOtherKeys() throws Exception {
        assertThat(file.follow("claude", work)).isTrue();
        assertThat(file.follow("codex", work)).isTrue();
        assertThat(text()).startsWith("# What Kept may do");
        assertThat(ConfigReader.read(home, Set.of("claude", "codex"))
                        .provider("codex")
                        .follow())
                .containsExactly(work);
    }

    @Test
    void aDirectoryToFollowThatIsGoneIsRefusedWithTheCommandThatTakesItOut() throws Exception {
        given("providers:\n  claude:\n    follow:\n      - /nowhere/at/all\n");
        assertThatThrownBy(this::config)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kept unfollow /nowhere/at/all --agent claude");
        assertThat(file.unfollow("claude", Path.of("/nowhere/at/all"))).isTrue();
        assertThat(followed()).isEmpty();
    }
}
