package dev.kept.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kept.agents.Providers;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootVariableTest {
    @TempDir
    private Path home;

    private List<Path> several(String value) {
        return RootVariable.directories(home, value);
    }

    @Test
    void severalDirectoriesAreSeparatedByCommasAndEachIsThereOnce() {
        assertThat(several("/a/,/b")).containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(several(" /a//b/ ,, ~/c ,c, ./c/ ,~,")).containsExactly(Path.of("/a/b"), home.resolve("c"), home);
        assertThat(several("/a/../b,/b/")).containsExactly(Path.of("/b"));
        assertThat(several("")).isEmpty();
        assertThat(several(" , ,\t")).isEmpty();
        assertThat(several("/a\u0000b,/c")).containsExactly(Path.of("/c"));
    }

    @Test
    void aDirectoryWithACommaInItsNameIsOneDirectory() throws IOException {
        Path odd = Files.createDirectory(home.resolve("a,b"));
        assertThat(several(odd + "/")).containsExactly(odd);
    }

    @Test
    void aValueThatIsNoPathLeavesEveryAgentWhereItUsuallyIs() {
        KeptHome kept = new KeptHome(home.resolve(".kept"), home);
        Map<Provider, List<Path>> usual = Providers.roots(KeptConfig.defaults(), kept, Map.of());
        for (String value : List.of("", " ", "a\u0000b", "\uD800")) {
            Map<String, String> environment = new HashMap<>();
            Providers.variables(kept).forEach(name -> environment.put(name, value));
            assertThat(environment).hasSizeGreaterThanOrEqualTo(4);
            assertThat(Providers.roots(KeptConfig.defaults(), kept, environment))
                    .isEqualTo(usual);
        }
        assertThat(Providers.roots(KeptConfig.defaults(), kept, Map.of("CLAUDE_CONFIG_DIR", " ,, ")))
                .isEqualTo(usual);
    }

    @Test
    void blanksSlashesAndTheHomeDirectoryMeanTheSameForEveryAgent() {
        KeptHome kept = new KeptHome(home.resolve(".kept"), home);
        Map<String, String> plain = new HashMap<>();
        Map<String, String> typed = new HashMap<>();
        for (String name : Providers.variables(kept)) {
            plain.put(name, home.resolve("x").toString());
            typed.put(name, " ~/x// ");
        }
        assertThat(Providers.roots(KeptConfig.defaults(), kept, typed))
                .isEqualTo(Providers.roots(KeptConfig.defaults(), kept, plain));
    }
}
