package dev.kept.provider.claude;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was put longest ago, so that a parser's state does not grow with its file. */
final class RecentMap<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;

    private final int capacity;

    RecentMap(int capacity) {
        this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > capacity;
    }

    /** Puts the value as the newest, also if the key is there. */
    void renew(String key, V value) {
        remove(key);
        put(key, value);
    }
}
