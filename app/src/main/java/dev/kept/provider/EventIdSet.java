package dev.kept.provider;

import java.io.IOException;

/**
 * The event ids that a source has had, as 64-bit hashes: with ten million events, two different ids meet in one of about
 * 400,000 sources. Open addressing, at most two thirds full. Not thread-safe.
 */
public final class EventIdSet {
    private static final int FIRST_CAPACITY = 16;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private long[] slots = new long[0];
    private int size;

    /** Adds an id; false if it was there. */
    public boolean add(String id) {
        if (size * 3L >= slots.length * 2L) {
            grow();
        }
        if (put(slots, hash(id))) {
            size++;
            return true;
        }
        return false;
    }

    /** True if the id is there. */
    public boolean contains(String id) {
        if (slots.length == 0) {
            return false;
        }
        long hash = hash(id);
        int mask = slots.length - 1;
        int at = start(hash, mask);
        while (slots[at] != 0) {
            if (slots[at] == hash) {
                return true;
            }
            at = (at + 1) & mask;
        }
        return false;
    }

    private static int start(long hash, int mask) {
        return (int) (hash ^ (hash >>> 32)) & mask;
    }

    private void grow() {
        long[] larger = new long[Math.max(FIRST_CAPACITY, slots.length * 2)];
        for (long hash : slots) {
            if (hash != 0) {
                put(larger, hash);
            }
        }
        slots = larger;
    }

    private static boolean put(long[] slots, long hash) {
        int mask = slots.length - 1;
        int at = start(hash, mask);
        while (slots[at] != 0) {
            if (slots[at] == hash) {
                return false;
            }
            at = (at + 1) & mask;
        }
        slots[at] = hash;
        return true;
    }

    private static long hash(String id) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * FNV_PRIME;
        }
        // The last characters of an id differ most and FNV mixes them least.
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 29;
        return hash == 0 ? 1 : hash;
    }

    /** Writes the ids. */
    void save(StateWriter out) {
        out.number(size);
        for (long hash : slots) {
            if (hash != 0) {
                out.bits(hash);
            }
        }
    }

    /** Takes ids up that were written; for an empty set. */
    void restore(StateReader in) throws IOException {
        int count = in.number(0, in.remaining());
        int capacity = FIRST_CAPACITY;
        while (count * 3L >= capacity * 2L) {
            capacity *= 2;
        }
        slots = new long[count == 0 ? 0 : capacity];
        for (int i = 0; i < count; i++) {
            put(slots, in.bits());
        }
        size = count;
    }

    /** Bytes of heap that the ids take. */
    public long heldBytes() {
        return 16L + (long) slots.length * Long.BYTES;
    }
}
