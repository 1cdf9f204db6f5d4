package dev.kept.agents;

import dev.kept.agents.claude.ClaudeProvider;
import dev.kept.agents.codex.CodexProvider;
import dev.kept.agents.copilot.CopilotProvider;
import dev.kept.agents.gemini.GeminiProvider;
import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.provider.Provider;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The registry of the agents that this build reads. */
public final class Providers {
    /** All providers. */
    public static final List<Provider> ALL =
            List.of(new ClaudeProvider(), new CodexProvider(), new GeminiProvider(), new CopilotProvider());

    /** The names of all providers, as used in configuration and status. */
    public static final Set<String> NAMES = ALL.stream().map(Provider::name).collect(Collectors.toUnmodifiableSet());

    private Providers() {}

    /** Returns the roots to follow, for each enabled provider. */
    public static Map<Provider, List<Path>> roots(KeptConfig config, KeptHome home, Map<String, String> environment) {
        Map<Provider, List<Path>> roots = new LinkedHashMap<>();
        for (Provider provider : ALL) {
            KeptConfig.ProviderSettings settings = config.provider(provider.name());
            if (settings.enabled()) {
                roots.put(provider, settings.roots().orElseGet(() -> provider.roots(home.userHome(), environment)));
            }
        }
        return roots;
    }

    /** Returns the environment variables that the providers read to find the files of agents. */
    public static Set<String> variables(KeptHome home) {
        Set<String> asked = new TreeSet<>();
        Map<String, String> noting = new AbstractMap<>() {
            @Override
            public String getOrDefault(Object name, String none) {
                asked.add(name.toString());
                return none;
            }

            @Override
            public Set<Entry<String, String>> entrySet() {
                return Set.of();
            }
        };
        ALL.forEach(provider -> provider.roots(home.userHome(), noting));
        return Set.copyOf(asked);
    }
}
