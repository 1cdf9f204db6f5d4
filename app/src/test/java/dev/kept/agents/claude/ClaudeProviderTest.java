package dev.kept.agents.claude;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.model.EventHeader;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeProviderTest {
    private static final String SESSION = "5e551000-0000-4000-8000-000000000001";
    private static final Path HOME = Path.of("/home/mira");

    private final ClaudeProvider provider = new ClaudeProvider();

    @Test
    void theConfiguredRootIsTheOnlyOne() {
        assertThat(provider.roots(HOME, Map.of("CLAUDE_CONFIG_DIR", "/srv/claude")))
                .containsExactly(Path.of("/srv/claude"));
        assertThat(provider.roots(HOME, Map.of()))
                .containsExactly(Path.of("/home/mira/.claude"), Path.of("/home/mira/.config/claude"));
    }

    @Test
    void aMainFileIsNamedAfterItsSession() {
        assertThat(recognize("projects/-home-mira/" + SESSION + ".jsonl"))
                .isEqualTo(new SourceKind.Session(Optional.of(SESSION), EventHeader.MAIN_LINE));
    }

    @Test
    void aMainFileWithAnotherNameIsNamedByItsRecords() {
        assertThat(recognize("projects/-home-mira/conversation.jsonl"))
                .isEqualTo(new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE));
    }

    @Test
    void subagentsOfBothLayoutsAreLinesOfTheirSession() {
        assertThat(recognize("projects/-home-mira/agent-0123abcd.jsonl"))
                .isEqualTo(new SourceKind.Session(Optional.empty(), "0123abcd"));
        assertThat(recognize("projects/-home-mira/" + SESSION + "/subagents/agent-0123456789abcdef0.jsonl"))
                .isEqualTo(new SourceKind.Session(Optional.of(SESSION), "0123456789abcdef0"));
        assertThat(recognize("projects/-home-mira/" + SESSION + "/subagents/workflows/wf_1/agent-a1.jsonl"))
                .isEqualTo(new SourceKind.Session(Optional.of(SESSION), "a1"));
        assertThat(recognize("projects/-home-mira/" + SESSION + "/subagents/agent-aside_question-a1.jsonl"))
                .isEqualTo(new SourceKind.Session(Optional.of(SESSION), "aside_question-a1"));
    }

    @Test
    void aWorkflowsJournalIsALineOfItsOwnAndALargeOutputIsKeptAsItIs() {
        assertThat(recognize("projects/p/" + SESSION + "/subagents/workflows/wf_1/journal.jsonl"))
                .isEqualTo(new SourceKind.Session(Optional.of(SESSION), "wf_1"));
        assertThat(recognize("projects/p/" + SESSION + "/tool-results/toolu_1.txt"))
                .isEqualTo(new SourceKind.Session(Optional.of(SESSION), "tool-results", SourceKind.Layout.OPAQUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "projects/p/" + SESSION + "/subagents/agent-acompact-a1.jsonl",
                "projects/p/agent-acompact-a1.jsonl",
                "projects/p/" + SESSION + "/subagents/agent-a1.meta.json",
                "projects/p/" + SESSION + "/workflows/wf_1.json",
                "projects/p/memory/MEMORY.md",
                "projects/p/sessions-index.json",
                "history.jsonl",
                "todos/a.json"
            })
    void filesBesideTheConversationAreKnown(String path) {
        assertThat(recognize(path)).isInstanceOf(SourceKind.Beside.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"projects/p/notes.txt", "projects/p/" + SESSION + "/other/a.jsonl", "new-thing.db", ""})
    void otherFilesAreUnknown(String path) {
        assertThat(recognize(path)).isInstanceOf(SourceKind.Unknown.class);
    }

    private SourceKind recognize(String path) {
        return provider.recognize(Path.of(path));
    }
}
