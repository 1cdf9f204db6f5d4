package dev.kept.ingest.source;

import dev.kept.provider.Provider;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/**
 * A folder that a provider's session files are looked for in.
 *
 * @param provider whose
 * @param root the provider's root, canonical
 * @param enabledAt when Kept began to follow it
 */
public record FollowedRoot(Provider provider, Path root, Instant enabledAt) {
    public FollowedRoot {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(root, "root");
        Objects.requireNonNull(enabledAt, "enabledAt");
    }
}
