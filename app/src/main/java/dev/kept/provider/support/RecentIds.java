package dev.kept.provider.support;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import java.util.Arrays;

/** The last ids that were seen, as 64-bit hashes: eight bytes each, for every followed source keeps some. Not thread-safe. */
public final class RecentIds {
    private static final int FIRST = 8;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final int capacity;
    private long[] ring = new long[0];
    private int size;
    private int oldest;

    /**
     * @param capacity how many are remembered
     */
    public RecentIds(int capacity) {
        this.capacity = capacity;
    }

    /** Remembers an id, in the place of the oldest when there are too many. */
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

    /** True if the id is among the last. */
    public boolean contains(String id) {
        long hash = hash(id);
        for (int i = 0; i < size; i++) {
            if (ring[i] == hash) {
                return true;
            }
        }
        return false;
    }

    /** Bytes of heap that it takes. */
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

    /** Takes ids up that were written. */
    public void restore(StateReader in) throws IOException {
        size = in.number(0, capacity);
        ring = new long[size];
        for (int i = 0; i < size; i++) {
            ring[i] = in.bits();
        }
    }

    /** A hash of an id that spreads over all its bits. */
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
