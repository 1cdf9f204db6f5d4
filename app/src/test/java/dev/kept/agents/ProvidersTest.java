package dev.kept.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.config.KeptHome;
import dev.kept.provider.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProvidersTest {
    @Test
    void everyAgentOfTheRegistryIsWherePeopleLookForIt() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        String events = Files.readString(Path.of("../docs/events.md"));
        for (Provider provider : Providers.ALL) {
            assertThat(readme).as("README.md").contains("| `" + provider.name() + "` |");
            assertThat(events).as("docs/events.md").containsPattern("(?m)^## .*" + provider.displayName());
        }
    }

    @Test
    void theVariablesThatSayWhereAgentsWriteAreKnown() {
        assertThat(Providers.variables(new KeptHome(Path.of("/home/ada/.kept"), Path.of("/home/ada"))))
                .contains("CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME", "COPILOT_HOME");
    }
}
