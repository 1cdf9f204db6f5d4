package dev.kept.provider.support;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The event ids that a source had lately, as 64-bit hashes: at least the last {@value #REMEMBERED}, at most twice as many.
 * Two different ids meet in one of about 350 million sources of so many. Open addressing, at most two thirds full.
 *
 * <p>A large set is in parts, of which one grows at a time: to grow as a whole, a set of 16 MB needs 32 more for a moment, and
 * dies of it where the heap has no more than 56. Not thread-safe.
 */
public final class EventIdSet {
    private static final int FIRST_CAPACITY = 16;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** A set with so many slots is divided. */
    private static final int LARGEST_WHOLE = 64 * 1024;

    private static final int PARTS = 64;

    /** Which part a hash belongs to: its highest bits, which {@link #start} uses for no part's slots. */
    private static final int PART_SHIFT = 58;

    /** So many ids that came last are known; what a source tells again later than that is told twice. */
    public static final int REMEMBERED = 160 * 1024;

    private long[][] parts = {new long[0]};
    private int[] sizes = {0};
    private int size;
    private long forgotten;

    /** The ids before those; {@link #REMEMBERED} of them, or none. */
    private @Nullable EventIdSet older;

    /** An empty set. */
    public EventIdSet() {}

    private EventIdSet(long[][] parts, int[] sizes) {
        this.parts = parts;
        this.sizes = sizes;
    }

    /** Adds an id; false if it was there. */
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

    /** True if the id is there. */
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
        // The last characters of an id differ most and FNV mixes them least.
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 29;
        return hash == 0 ? 1 : hash;
    }

    /** Writes the ids, those before first. */
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

    /** Takes ids up that were written; for an empty set. */
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

    /** How many ids are not known any more, of those that this object was told. */
    public long forgotten() {
        return forgotten;
    }

    /** Bytes of heap that the ids take. */
    public long heldBytes() {
        long bytes = 16L + 16L * (parts.length - 1);
        for (long[] slots : parts) {
            bytes += (long) slots.length * Long.BYTES;
        }
        EventIdSet before = older;
        return before == null ? bytes : bytes + before.heldBytes();
    }
}
