package dev.kept.recording.writer;

import dev.kept.config.KeptConfig;
import dev.kept.config.RecordingSettings;
import dev.kept.recording.secret.SecretRedactor;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The configured styles of recordings, by provider and destination. Thread-safe. */
public final class RecordingStyles {
    private final KeptConfig config;
    private final SecretRedactor secrets;
    private final Map<String, List<PathMatcher>> keepsSecrets = new ConcurrentHashMap<>();

    /**
     * Creates the styles of a configuration.
     *
     * @param secrets replaces secrets where they are not kept
     */
    public RecordingStyles(KeptConfig config, SecretRedactor secrets) {
        this.config = config;
        this.secrets = secrets;
    }

    /** Returns the settings for the recordings of a provider's sessions. */
    public RecordingSettings settings(String provider) {
        return config.recordings(provider);
    }

    /**
     * Returns the style of a recording of a provider's session.
     *
     * @param destination canonical
     */
    public RecordingStyle of(String provider, Path destination) {
        RecordingSettings settings = settings(provider);
        List<PathMatcher> keeps = keepsSecrets.computeIfAbsent(
                provider,
                _ -> settings.keepSecretsIn().stream()
                        .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                        .toList());
        boolean verbatim = keeps.stream().anyMatch(glob -> glob.matches(destination));
        return new RecordingStyle(
                MarkdownOptions.of(settings),
                SubagentDetail.of(settings.subagents()),
                verbatim ? SecretRedactor.VERBATIM : secrets);
    }

    /** Returns a title as it may appear in a file name. */
    public String nameable(String title) {
        return secrets.redactTitle(title);
    }
}
