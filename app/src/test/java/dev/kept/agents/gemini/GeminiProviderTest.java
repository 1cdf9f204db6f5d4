package dev.kept.agents.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.model.EventHeader;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiProviderTest {
    private static final String SESSION = "11111111-aaaa-4bbb-8ccc-000000000001";
    private final Provider provider = Providers.ALL.stream()
            .filter(each -> each.name().equals("gemini"))
            .findFirst()
            .orElseThrow();

    @Test
    void rootsAreTheConfiguredHomeOrThePersons() {
        Path home = Path.of("/home/ada");
        assertThat(provider.roots(home, Map.of())).containsExactly(Path.of("/home/ada/.gemini"));
        assertThat(provider.roots(home, Map.of("GEMINI_CLI_HOME", "/data/g")))
                .containsExactly(Path.of("/data/g/.gemini"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                                  | 720",
                "{}                                                                | 720",
                "{\"general\":{\"sessionRetention\":{\"enabled\":true}}}              | 720",
                "{\"general\":{\"sessionRetention\":{\"maxAge\":\"2w\"}}}               | 336",
                "{\"general\":{\"sessionRetention\":{\"maxAge\":\"36h\"}}}              | 36",
                "{\"general\":{\"sessionRetention\":{\"enabled\":false}}}             | ",
                "{\"general\":{\"sessionRetention\":{\"maxAge\":\"soon\"}}}             | ",
                "not JSON                                                          | 720"
            })
    void itsSettingsSayWhenItDeletesSessions(@Nullable String settings, @Nullable Long hours, @TempDir Path root)
            throws IOException {
        if (settings != null) {
            Files.writeString(root.resolve("settings.json"), settings);
        }
        assertThat(provider.purgesAfter(root))
                .isEqualTo(Optional.ofNullable(hours).map(Duration::ofHours));
    }

    @Test
    void conversationsOfBothErasAreSessions() {
        assertThat(recognize("tmp/light/chats/session-2026-11-02T09-00-11111111.jsonl"))
                .isEqualTo(new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE));
        assertThat(recognize("tmp/9f86d0/chats/session-2026-01-02T09-00-11111111.json"))
                .isEqualTo(new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE, SourceKind.Layout.DOCUMENT));
    }

    @Test
    void aSubagentsFileStandsInItsParentsFolder() {
        assertThat(recognize("tmp/light/chats/" + SESSION + "/helper-1.jsonl"))
                .isEqualTo(new SourceKind.Session(Optional.of(SESSION), "helper-1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tmp/light/.project_root",
                "tmp/light/logs.json",
                "tmp/light/tool-outputs/session-x/run_1.txt",
                "tmp/light/checkpoints/a.json",
                "tmp/light/checkpoint-before.json",
                "tmp/light/shell_history",
                "tmp/light/chats/session-2026-11-02T09-00-11111111.jsonl.unreadable-1762074000000",
                "tmp/bin/rg",
                "projects.json",
                "settings.json",
                "history/light/.project_root"
            })
    void filesBesideTheConversationAreKnown(String path) {
        assertThat(recognize(path)).isInstanceOf(SourceKind.Beside.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tmp/light/chats/notes.txt", "tmp/light/new-thing.db", "brand-new", ""})
    void otherFilesAreUnknown(String path) {
        assertThat(recognize(path)).isInstanceOf(SourceKind.Unknown.class);
    }

    @Test
    void theFolderOfWorkIsToldByTheProjectsMarkerOrTheListOfProjects() {
        Path session = Path.of("tmp/light/chats/session-2026-11-02T09-00-11111111.jsonl");
        Path marker = Path.of("tmp/light/.project_root");
        Path list = Path.of("projects.json");
        assertThat(provider.notes(session)).containsExactly(marker, list, Path.of("trustedFolders.json"));
        assertThat(provider.nameLists()).containsExactly(list, Path.of("trustedFolders.json"));
        assertThat(provider.workingDirectory(session, marker, "/home/ada/light\n"))
                .contains("/home/ada/light");
        assertThat(provider.workingDirectory(session, marker, " ")).isEmpty();
        String projects = "{\"projects\":{\"/home/ada/dark\":\"dark\",\"/home/ada/light\":\"light\"}}";
        assertThat(provider.workingDirectory(session, list, projects)).contains("/home/ada/light");
        assertThat(provider.workingDirectory(session, list, "{\"projects\":")).isEmpty();
        assertThat(provider.workingDirectory(session, list, "{}")).isEmpty();
    }

    @Test
    void anOldProjectIsTheDigestOfItsPath() {
        Path session = Path.of("tmp/ac30276df3ab7d9b4e9b8b3b0a4b7a0f/chats/session-2026-01-02T09-00-11111111.json");
        String projects = "{\"projects\":{\"/home/ada/light\":\"light\"}}";
        assertThat(provider.workingDirectory(session, Path.of("projects.json"), projects))
                .isEmpty();
        Path old = Path.of("tmp/" + sha256OfLight() + "/chats/session-2026-01-02T09-00-11111111.json");
        assertThat(provider.workingDirectory(old, Path.of("projects.json"), projects))
                .contains("/home/ada/light");
    }

    @Test
    void anOldProjectIsFoundAmongTheFoldersThatAPersonTrusts() {
        Path old = Path.of("tmp/" + sha256OfLight() + "/chats/session-2026-01-02T09-00-11111111.json");
        Path list = Path.of("trustedFolders.json");
        String trusted = "{\"/home/ada/dark\":\"TRUST_FOLDER\",\"/home/ada/light\":\"DO_NOT_TRUST\"}";
        assertThat(provider.workingDirectory(old, list, trusted)).contains("/home/ada/light");
        assertThat(provider.workingDirectory(old, list, "{\"/home/ada/dark\":\"TRUST_FOLDER\"}"))
                .isEmpty();
    }

    @Test
    void anOldProjectsFolderCanBeHeldAgainstItsDigestAlone() {
        Path old = Path.of("tmp/" + sha256OfLight() + "/chats/session-2026-01-02T09-00-11111111.json");
        assertThat(provider.isDerivedFrom(old, "/home/ada/light")).isTrue();
        assertThat(provider.isDerivedFrom(old, "/home/ada")).isFalse();
        assertThat(provider.isDerivedFrom(Path.of("tmp/light/chats/x.jsonl"), "light"))
                .isFalse();
        assertThat(provider.isDerivedFrom(Path.of("settings.json"), "/home/ada/light"))
                .isFalse();
    }

    /** By {@code printf /home/ada/light | sha256sum}. */
    private static String sha256OfLight() {
        return "68e7ef275e9cd8e23a26badc2ff9c1722f0c954276209cd55734deae1fcaff74";
    }

    private SourceKind recognize(String path) {
        return provider.recognize(Path.of(path));
    }
}
