package dev.kept.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;

/** A configuration is read or refused with words; nothing else comes of any text. */
public final class ConfigFuzz {
    private static final Path FILE = Path.of("/config.yaml");

    private ConfigFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            ConfigReader.read(
                    FILE, new String(data, StandardCharsets.UTF_8), Path.of("/home"), Set.of("claude", "codex"));
        } catch (ConfigException refused) {
            assertThat(refused).hasMessageContaining(FILE.toString());
        }
    }
}
