package dev.kept.provider.support;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A set of the most recent event ids of a source, as 64-bit hashes: at least the last {@value #REMEMBERED}, at most
 * twice as many. In one of about 350 million sources of that size, two different ids collide. Uses open addressing with
 * a load factor of at most two thirds.
 *
 * <p>A large set is divided into parts that grow one at a time. To grow as a whole, a set of 16 MB would need another
 * 32 MB for a moment, and would run out of memory on a heap of 56 MB. Not thread-safe.
 */
public final class EventIdSet {
    private static final int FIRST_CAPACITY = 16;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** The number of slots from which a set is divided. */
    private static final int LARGEST_WHOLE = 64 * 1024;

    private static final int PARTS = 64;

    /** Shift that gives the part of a hash: its highest bits, which {@link #start} does not use to find a slot. */
    private static final int PART_SHIFT = 58;

    /**
     * The number of most recent ids that are always known. An event that is repeated after more ids than that is
     * emitted twice.
     */
    public static final int REMEMBERED = 160 * 1024;

    private long[][] parts = {new long[0]};
    private int[] sizes = {0};
    private int size;
    private long forgotten;

    /** The {@link #REMEMBERED} ids before the current ones, or null. */
    private @Nullable EventIdSet older;

    /** Creates an empty set. */
    public EventIdSet() {}

    private EventIdSet(long[][] parts, int[] sizes) {
        this.parts = parts;
        this.sizes = sizes;
    }

    /** Adds an id; returns false if it was present. */
    public boolean add(String id) {
        return addRemembered(hash(id));
    }

    private boolean addRemembered(long hash) {
        EventIdSet before = older;
        if ((before != null && before.contains(hash)) || !add(hash)) {
            return false;
        }
        size++;
        if (size == REMEMBERED) {
            forgotten += before == null ? 0 : before.size();
            older = new EventIdSet(parts, sizes);
            parts = new long[][] {new long[0]};
            sizes = new int[] {0};
            size = 0;
        }
        return true;
    }

    private boolean add(long hash) {
        int part = partOf(hash);
        if (sizes[part] * 3L >= parts[part].length * 2L) {
            grow(part);
            part = partOf(hash);
        }
        if (put(parts[part], hash)) {
            sizes[part]++;
            return true;
        }
        return false;
    }

    /** Reports whether the set contains the id. */
    public boolean contains(String id) {
        long hash = hash(id);
        EventIdSet before = older;
        return contains(hash) || (before != null && before.contains(hash));
    }

    private boolean contains(long hash) {
        long[] slots = parts[partOf(hash)];
        if (slots.length == 0) {
            return false;
        }
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

    private int partOf(long hash) {
        return parts.length == 1 ? 0 : (int) (hash >>> PART_SHIFT);
    }

    private static int start(long hash, int mask) {
        return (int) (hash ^ (hash >>> 32)) & mask;
    }

    private void grow(int part) {
        long[] slots = parts[part];
        if (parts.length == 1 && slots.length >= LARGEST_WHOLE) {
            divide(slots.length / PARTS * 2);
            for (long hash : slots) {
                if (hash != 0) {
                    add(hash);
                }
            }
            return;
        }
        long[] larger = new long[Math.max(FIRST_CAPACITY, slots.length * 2)];
        for (long hash : slots) {
            if (hash != 0) {
                put(larger, hash);
            }
        }
        parts[part] = larger;
    }

    private void divide(int capacity) {
        parts = new long[PARTS][capacity];
        sizes = new int[PARTS];
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
        // The last characters of an id differ most, and FNV mixes them least.
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 29;
        return hash == 0 ? 1 : hash;
    }

    /** Writes the ids, older ones first. */
    public void save(StateWriter out) {
        EventIdSet before = older;
        out.number(size() + (before == null ? 0 : before.size()));
        if (before != null) {
            before.writeOwn(out);
        }
        writeOwn(out);
    }

    private void writeOwn(StateWriter out) {
        for (long[] slots : parts) {
            for (long hash : slots) {
                if (hash != 0) {
                    out.bits(hash);
                }
            }
        }
    }

    private int size() {
        int all = 0;
        for (int each : sizes) {
            all += each;
        }
        return all;
    }

    /** Restores the written ids into an empty set. */
    public void restore(StateReader in) throws IOException {
        int count = in.number(0, in.remaining());
        int capacity = FIRST_CAPACITY;
        int first = Math.min(count, REMEMBERED);
        while (first * 3L >= capacity * 2L) {
            capacity *= 2;
        }
        if (capacity > LARGEST_WHOLE) {
            divide(capacity / PARTS);
        } else {
            parts = new long[][] {new long[count == 0 ? 0 : capacity]};
        }
        for (int i = 0; i < count; i++) {
            addRemembered(in.bits());
        }
    }

    /** Returns the number of ids that were added to this object and are no longer known. */
    public long forgotten() {
        return forgotten;
    }

    /** Returns the heap that the ids use, in bytes. */
    public long heldBytes() {
        long bytes = 16L + 16L * (parts.length - 1);
        for (long[] slots : parts) {
            bytes += (long) slots.length * Long.BYTES;
        }
        EventIdSet before = older;
        return before == null ? bytes : bytes + before.heldBytes();
    }
}
