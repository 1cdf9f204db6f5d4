package dev.kept.daemon;

import dev.kept.config.KeptConfig;
import dev.kept.config.KeptHome;
import dev.kept.provider.Provider;
import dev.kept.provider.claude.ClaudeProvider;
import dev.kept.provider.codex.CodexProvider;
import dev.kept.provider.copilot.CopilotProvider;
import dev.kept.provider.gemini.GeminiProvider;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The agents that this build knows: the one registry of them. */
public final class Providers {
    /** All of them. */
    public static final List<Provider> ALL =
            List.of(new ClaudeProvider(), new CodexProvider(), new GeminiProvider(), new CopilotProvider());

    /** Their names, as configuration and status use them. */
    public static final Set<String> NAMES = ALL.stream().map(Provider::name).collect(Collectors.toUnmodifiableSet());

    private Providers() {}

    /** The roots to follow of each provider that is enabled. */
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
}
