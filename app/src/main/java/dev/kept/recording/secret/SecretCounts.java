package dev.kept.recording.secret;

import dev.kept.recording.secret.rule.SecretKind;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often a marker was put in the place of a secret since the daemon started. Counts each time: text that is rendered
 * again, because its file could not be written, counts again. Thread-safe.
 */
public final class SecretCounts {
    private final Map<String, Long> counts = new TreeMap<>();

    synchronized void add(SecretKind kind) {
        counts.merge(kind.publicName(), 1L, Long::sum);
    }

    /** The kinds that were met, by their public names. */
    public synchronized Map<String, Long> byKind() {
        return Collections.unmodifiableMap(new TreeMap<>(counts));
    }
}
