package dev.kept.recording.secret;

import dev.kept.recording.secret.rule.SecretKind;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Numbers of secrets replaced since the daemon started, by kind. Text that is rendered again, because its file could
 * not be written, counts again. Thread-safe.
 */
public final class SecretCounts {
    private final Map<String, Long> counts = new TreeMap<>();

    synchronized void add(SecretKind kind) {
        counts.merge(kind.publicName(), 1L, Long::sum);
    }

    /** Returns the kinds found so far, by their public names. */
    public synchronized Map<String, Long> byKind() {
        return Collections.unmodifiableMap(new TreeMap<>(counts));
    }
}
