package dev.kept.provider.support;

import dev.kept.model.BoundedText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map that drops its oldest entries, so that a parser's state does not grow with its file. Keys are bounded too,
 * since ids may be long: see {@link BoundedText#key}. Not thread-safe.
 */
public final class RecentMap<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;

    /** An entry, linked to its neighbours. */
    private static final int ENTRY_BYTES = 32;

    /** A table has up to two and two thirds slots per entry. */
    private static final int SLOT_BYTES = 8;

    private static final int OWN_BYTES = 64;

    private final int capacity;

    /**
     * Creates an empty map.
     *
     * @param capacity the maximum number of entries
     */
    public RecentMap(int capacity) {
        this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > capacity;
    }

    private static Object bounded(@Nullable Object key) {
        return key instanceof String id ? BoundedText.key(id) : String.valueOf(key);
    }

    @Override
    public @Nullable V put(String key, V value) {
        return super.put(BoundedText.key(key), value);
    }

    @Override
    public @Nullable V putIfAbsent(String key, V value) {
        return super.putIfAbsent(BoundedText.key(key), value);
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        return super.get(bounded(key));
    }

    @Override
    public V getOrDefault(@Nullable Object key, V otherwise) {
        return super.getOrDefault(bounded(key), otherwise);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return super.containsKey(bounded(key));
    }

    @Override
    public @Nullable V remove(@Nullable Object key) {
        return super.remove(bounded(key));
    }

    /**
     * Returns the heap that this object uses, in bytes.
     *
     * @param each the size of a key and its value, without the {@value #ENTRY_BYTES} bytes of the entry
     */
    public long heldBytes(int each) {
        return OWN_BYTES + (long) size() * (each + ENTRY_BYTES + SLOT_BYTES);
    }

    /** Puts the value as the newest entry, even if the key is present. */
    public void renew(String key, V value) {
        remove(key);
        put(key, value);
    }
}
