package dev.kept.recording.secret;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often a marker was put in the place of a secret since the daemon started. Counts each time: text that is rendered
 * again, because its file could not be written, counts again. Thread-safe.
 */
public final class SecretCounts {
    private final AtomicLongArray counts = new AtomicLongArray(SecretKind.values().length);

    void add(SecretKind kind) {
        counts.incrementAndGet(kind.ordinal());
    }

    /** The kinds that were met, by their public names. */
    public Map<String, Long> byKind() {
        Map<String, Long> met = new TreeMap<>();
        for (SecretKind kind : SecretKind.values()) {
            long count = counts.get(kind.ordinal());
            if (count > 0) {
                met.put(kind.publicName(), count);
            }
        }
        return Collections.unmodifiableMap(met);
    }
}
