package dev.kept.provider.support;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.Arrays;

/**
 * A set of the most recent ids, as 64-bit hashes of eight bytes each, because each followed source keeps some. Not
 * thread-safe.
 */
public final class RecentIds {
    private static final int FIRST = 8;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final int capacity;
    private long[] ring = new long[0];
    private int size;
    private int oldest;

    /**
     * Creates an empty set.
     *
     * @param capacity the maximum number of ids
     */
    public RecentIds(int capacity) {
        this.capacity = capacity;
    }

    /** Adds an id; replaces the oldest one if the set is full. */
    public void add(String id) {
        if (size < capacity) {
            if (size == ring.length) {
                ring = Arrays.copyOf(ring, Math.min(capacity, Math.max(FIRST, size * 2)));
            }
            ring[size++] = hash(id);
        } else {
            ring[oldest] = hash(id);
            oldest = (oldest + 1) % capacity;
        }
    }

    /** Reports whether the id is among the most recent ones. */
    public boolean contains(String id) {
        long hash = hash(id);
        for (int i = 0; i < size; i++) {
            if (ring[i] == hash) {
                return true;
            }
        }
        return false;
    }

    /** Returns the heap that this object uses, in bytes. */
    public long heldBytes() {
        return 32 + 16 + 8L * ring.length;
    }

    /** Writes the ids, oldest first. */
    public void save(StateWriter out) {
        out.number(size);
        for (int i = 0; i < size; i++) {
            out.bits(ring[(oldest + i) % size]);
        }
    }

    /** Restores the written ids. */
    public void restore(StateReader in) throws IOException {
        size = in.number(0, capacity);
        ring = new long[size];
        for (int i = 0; i < size; i++) {
            ring[i] = in.bits();
        }
    }

    /** Returns a hash of an id that is spread over all bits. */
    public static long hash(String id) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * FNV_PRIME;
        }
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 29);
    }
}
