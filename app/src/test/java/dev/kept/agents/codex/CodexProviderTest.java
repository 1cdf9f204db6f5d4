package dev.kept.agents.codex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.model.EventHeader;
import dev.kept.provider.Provider;
import dev.kept.provider.SessionFact.Title;
import dev.kept.provider.SourceKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodexProviderTest {
    private static final String THREAD = "019f1d58-0000-7000-8000-000000000001";
    private static final String NAME = "rollout-2026-07-01T11-00-00-" + THREAD;
    private static final Path HOME = Path.of("/home/mira");

    private final Provider provider = Providers.ALL.stream()
            .filter(it -> it.name().equals("codex"))
            .findFirst()
            .orElseThrow();

    @Test
    void theConfiguredHomeIsTheOnlyOne() {
        assertThat(provider.roots(HOME, Map.of("CODEX_HOME", "/srv/codex"))).containsExactly(Path.of("/srv/codex"));
        assertThat(provider.roots(HOME, Map.of())).containsExactly(Path.of("/home/mira/.codex"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sessions/2026/07/01/" + NAME + ".jsonl",
                "sessions/2026/07/01/" + NAME + ".jsonl.zst",
                "archived_sessions/" + NAME + ".jsonl",
                "archived_sessions/" + NAME + ".jsonl.zst"
            })
    void aRolloutIsTheSameSourceWhereverItStandsAndHoweverItIsPacked(String path) {
        assertThat(provider.recognize(Path.of(path)))
                .isEqualTo(new SourceKind.Session(Optional.of(THREAD), EventHeader.MAIN_LINE));
        assertThat(provider.stableName(Path.of(path))).contains(NAME);
    }

    @Test
    void aThreadThatWentBackHasAFileOfItsOwn() {
        String name = NAME + "_019f1d59-0000-7000-8000-000000000002";
        Path path = Path.of("sessions/2026/07/01/" + name + ".jsonl");
        assertThat(provider.recognize(path))
                .isEqualTo(new SourceKind.Session(Optional.of(THREAD), EventHeader.MAIN_LINE));
        assertThat(provider.stableName(path)).contains(name);
    }

    @Test
    void aRolloutWithAnotherNameIsNamedByItsRecords() {
        assertThat(provider.recognize(Path.of("sessions/2025/06/02/rollout-old.jsonl")))
                .isEqualTo(new SourceKind.Session(Optional.empty(), EventHeader.MAIN_LINE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "history.jsonl",
                "session_index.jsonl",
                "state_5.sqlite",
                "thread_history_1.sqlite-wal",
                "config.toml",
                "sessions/2026/07/01/" + NAME + ".jsonl.zst.tmp"
            })
    void filesBesideTheConversationAreKnown(String path) {
        assertThat(provider.recognize(Path.of(path))).isInstanceOf(SourceKind.Beside.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessions/2026/07/01/notes.txt", "new-thing.db", "", "sessions/other.jsonl"})
    void otherFilesAreUnknown(String path) {
        assertThat(provider.recognize(Path.of(path))).isInstanceOf(SourceKind.Unknown.class);
    }

    @Test
    void theLastNameOfAThreadInTheListOfNamesIsItsName() {
        String id = "019f1d58-0000-7000-8000-000000000001";
        Path rollout = Path.of("sessions/2026/07/01/rollout-2026-07-01T11-00-00-" + id + ".jsonl");
        String line = "{\"id\":\"%s\",\"thread_name\":\"%s\",\"updated_at\":\"2026-07-01T11:00:00Z\"}\n";
        String other = line.formatted("019f1d58-0000-7000-8000-000000000002", "other " + id);
        String names =
                "cut off\"}\n" + line.formatted(id, "first") + other + line.formatted(id, "Tide \\\"table\\\"") + other;
        CodexProvider codex = new CodexProvider();
        assertThat(codex.nameNotes(rollout)).isEqualTo(codex.nameLists());
        assertThat(codex.sessionName(rollout, codex.nameLists().getFirst(), names))
                .contains(new Title("Tide \"table\"", true));
        assertThat(codex.sessionName(rollout, codex.nameLists().getFirst(), other))
                .isEmpty();
        assertThat(codex.sessionName(rollout, codex.nameLists().getFirst(), "{\"id\":\"" + id + "\""))
                .isEmpty();
        assertThat(codex.sessionName(rollout, codex.nameLists().getFirst(), line.formatted(id, " ")))
                .isEmpty();
    }
}
