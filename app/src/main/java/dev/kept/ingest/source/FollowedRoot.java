package dev.kept.ingest.source;

import dev.kept.provider.Provider;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/**
 * A folder that is scanned for a provider's session files.
 *
 * @param provider the provider
 * @param root the provider's root, canonical
 * @param enabledAt time at which Kept began to follow it
 */
public record FollowedRoot(Provider provider, Path root, Instant enabledAt) {
    public FollowedRoot {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(root, "root");
        Objects.requireNonNull(enabledAt, "enabledAt");
    }
}
