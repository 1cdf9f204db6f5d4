package dev.kept.agents.copilot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.model.EventHeader;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopilotProviderTest {
    private static final String SESSION = "33333333-aaaa-4bbb-8ccc-000000000003";
    private final Provider provider = Providers.ALL.stream()
            .filter(each -> each.name().equals("copilot"))
            .findFirst()
            .orElseThrow();

    @Test
    void rootsAreTheConfiguredFolderOrTheHomes() {
        Path home = Path.of("/home/ada");
        assertThat(provider.roots(home, Map.of())).containsExactly(Path.of("/home/ada/.copilot"));
        assertThat(provider.roots(home, Map.of("COPILOT_HOME", "/data/c"))).containsExactly(Path.of("/data/c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"session-state/" + SESSION + "/events.jsonl", "session-state/" + SESSION + ".jsonl"})
    void conversationsOfBothLayoutsAreSessions(String path) {
        assertThat(provider.recognize(Path.of(path)))
                .isEqualTo(new SourceKind.Session(Optional.of(SESSION), EventHeader.MAIN_LINE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user-123-task-refactor", "Tidy up the harbour", "a.b"})
    void aSessionMayHaveANameInsteadOfAnId(String name) {
        assertThat(provider.recognize(Path.of("session-state", name, "events.jsonl")))
                .isEqualTo(new SourceKind.Session(Optional.of(name), EventHeader.MAIN_LINE));
        assertThat(provider.recognize(Path.of("session-state", name, "workspace.yaml")))
                .isInstanceOf(SourceKind.Beside.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "session-state/" + SESSION + "/workspace.yaml",
                "session-state/" + SESSION + "/checkpoints/index.md",
                "session-state/" + SESSION + "/rewind-file-snapshots/tracking.json",
                "session-state/" + SESSION + "/.workspace-fork.lock",
                "session-state/.session-operation-locks/" + SESSION + ".lock"
            })
    void filesBesideTheConversationAreKnown(String path) {
        assertThat(provider.recognize(Path.of(path))).isInstanceOf(SourceKind.Beside.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"session-state/" + SESSION + "/new.bin", "session-state/notes.jsonl", "other", ""})
    void otherFilesAreUnknown(String path) {
        assertThat(provider.recognize(Path.of(path))).isInstanceOf(SourceKind.Unknown.class);
    }

    @Test
    void theWorkspaceTellsTheNameAndWhoGaveIt() {
        Path source = Path.of("session-state/x/events.jsonl");
        Path note = Path.of("session-state/x/workspace.yaml");
        assertThat(provider.nameNotes(source)).containsExactly(note);
        assertThat(provider.nameNotes(Path.of("session-state/" + SESSION + ".jsonl")))
                .isEmpty();
        assertThat(provider.namedBy(note)).contains(source);
        assertThat(named("id: x\nname: Lamp room\nbranch: main\n")).isEqualTo("PERSON Lamp room");
        assertThat(named("name: \"The \\\"lamp\\\" \\u00e9\"\n")).isEqualTo("PERSON The \"lamp\" é");
        assertThat(named("name: 'Ada''s lamp'\r\nid: x\r\n")).isEqualTo("PERSON Ada's lamp");
        assertThat(named("name: Lamp # 2\nuser_named: false\nsummary: More\n")).isEqualTo("AGENT Lamp");
        assertThat(named("name: >-\n  The lamp in\n  the hall\nid: x\n")).isEqualTo("PERSON The lamp in the hall");
        assertThat(named("name: The lamp in\n  the hall\nid: x\n")).isEqualTo("PERSON The lamp in the hall");
        assertThat(named("summary: x\n  name: y\nname:\n")).isEqualTo("AGENT x name: y");
        assertThat(named("name:\nid: x\n")).isEmpty();
        assertThat(named("name: &a [b]\nid: x\n")).isEmpty();
    }

    private String named(String workspace) {
        return provider.sessionName(Path.of("session-state/x/events.jsonl"), Path.of("workspace.yaml"), workspace)
                .map(title -> title.origin() + " " + title.text())
                .orElse("");
    }
}
