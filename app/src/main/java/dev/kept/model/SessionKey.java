package dev.kept.model;

import dev.kept.text.SafeId;
import java.util.Comparator;
import java.util.Objects;

/**
 * The name of one conversation of one agent.
 *
 * @param provider the agent's short name: {@code claude}, {@code codex}, …
 * @param sessionId the id that the agent itself uses to resume the conversation, in the form of {@link SafeId}
 */
public record SessionKey(String provider, String sessionId) implements Comparable<SessionKey> {
    private static final Comparator<SessionKey> ORDER =
            Comparator.comparing(SessionKey::provider).thenComparing(SessionKey::sessionId);

    public SessionKey {
        Objects.requireNonNull(provider, "provider");
        sessionId = SafeId.of(Objects.requireNonNull(sessionId, "sessionId"));
    }

    @Override
    public int compareTo(SessionKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return provider + "/" + sessionId;
    }
}
