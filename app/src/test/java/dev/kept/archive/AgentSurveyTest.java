package dev.kept.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.archive.AgentSurvey.State;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.provider.AgentStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores of agents that are here: every store of the table, whether this version reads it or not. */
class AgentSurveyTest {
    @TempDir
    private Path temporary;

    private Path user;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void user() throws IOException {
        user = temporary.toRealPath();
    }

    private AgentSurvey look() throws Exception {
        KeptHome home = new KeptHome(user.resolve(".kept"), user);
        KeptConfig config = ConfigReader.read(home, Providers.NAMES);
        return AgentSurvey.of(user, environment, Providers.roots(config, home, environment), config);
    }

    private void config(String text) throws IOException {
        Files.createDirectories(user.resolve(".kept"));
        Files.writeString(user.resolve(".kept/config.yaml"), text);
    }

    private Path store(String path) throws IOException {
        return Files.createDirectories(user.resolve(path));
    }

    private List<String> lines() throws Exception {
        return look().stores().stream()
                .map(found -> found.agent() + " " + found.state())
                .toList();
    }

    @Test
    void everyStoreOfTheTableIsFoundWhereItIs() throws Exception {
        Set<String> agents = new TreeSet<>();
        for (AgentStores.Store store : AgentStores.ALL) {
            if (store.base().isEmpty()) {
                environment.put(
                        store.variable(), store("set/" + store.variable()).toString());
                Files.createDirectories(user.resolve("set/" + store.variable()).resolve(store.path()));
            } else {
                Files.createDirectories(user.resolve(store.base()).resolve(store.path()));
            }
            agents.add(store.agent());
        }
        AgentSurvey survey = look();
        List<AgentSurvey.Place> places = new ArrayList<>();
        survey.stores().forEach(found -> places.addAll(found.places()));
        assertThat(places).hasSize(AgentStores.ALL.size());
        assertThat(new TreeSet<>(
                        survey.stores().stream().map(AgentSurvey.Found::agent).toList()))
                .isEqualTo(agents);
        assertThat(survey.stores().stream().filter(found -> found.state() == State.FOLLOWED))
                .extracting(AgentSurvey.Found::agent)
                .containsExactly("Claude Code", "Codex", "Gemini CLI", "GitHub Copilot CLI");
        assertThat(survey.stores().stream().filter(found -> found.state() == State.NOT_READ))
                .allMatch(found -> found.provider().isEmpty());
    }

    @Test
    void anAgentThatIsNotReadIsNamedAndOneThatIsNotHereIsNot() throws Exception {
        assertThat(lines()).isEmpty();
        store(".local/share/opencode/storage");
        assertThat(lines()).containsExactly("OpenCode NOT_READ");
    }

    @Test
    void theEnvironmentSaysWhereAStoreIs() throws Exception {
        environment.put("XDG_DATA_HOME", user.resolve("data").toString());
        store(".local/share/opencode/storage");
        assertThat(lines()).isEmpty();
        store("data/goose/sessions");
        assertThat(lines()).containsExactly("Goose NOT_READ");
    }

    @Test
    void aStoreThatTheEnvironmentLeadsPastIsNotFollowed() throws Exception {
        store(".codex/sessions");
        assertThat(lines()).containsExactly("Codex FOLLOWED");
        environment.put("CODEX_HOME", user.resolve("elsewhere").toString());
        assertThat(lines()).containsExactly("Codex NOT_FOLLOWED");
        config("providers:\n  codex:\n    enabled: false\n");
        assertThat(lines()).containsExactly("Codex SWITCHED_OFF");
    }

    @Test
    void aRootThatIsALinkIsFollowed() throws Exception {
        store("dotfiles/codex/sessions");
        Files.createSymbolicLink(user.resolve(".codex"), user.resolve("dotfiles/codex"));
        assertThat(lines()).containsExactly("Codex FOLLOWED");
    }

    @Test
    void aNewStoreInAFollowedRootIsNamedAndWhatIsKnownThereIsNot() throws Exception {
        Path claude = store(".claude");
        for (String known : List.of("projects", "sessions", "session-env", "todos", "file-history")) {
            Files.createDirectories(claude.resolve(known));
        }
        for (String known :
                List.of("history.jsonl", "settings.json", "CLAUDE.md", "store.db-wal", "history.jsonl.lock")) {
            Files.createFile(claude.resolve(known));
        }
        Path codex = store(".codex");
        Files.createFile(codex.resolve("state_5.sqlite"));
        Path copilot = store(".copilot");
        Files.createFile(copilot.resolve("session-store.db"));
        assertThat(look().strangers()).isEmpty();
        Path threads = Files.createDirectories(codex.resolve("threads"));
        Path database = Files.createFile(claude.resolve("store.db"));
        assertThat(look().strangers()).extracting(AgentSurvey.Stranger::path).containsExactly(database, threads);
    }
}
