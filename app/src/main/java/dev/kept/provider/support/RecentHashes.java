package dev.kept.provider.support;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;

/**
 * A bounded map from ids to numbers that holds 64-bit hashes of the most recent ids, 16 bytes each. It remembers
 * between half of its capacity and all of it. Not thread-safe.
 *
 * <p>There are two tables of half the capacity. When the young one is full it becomes the old one, and the entries of
 * the previous old one are forgotten, except those that were looked up in the meantime.
 */
public final class RecentHashes {
    private static final int FIRST_SLOTS = 16;

    private final int half;
    private Table young = new Table(FIRST_SLOTS);
    private Table old = new Table(0);

    /**
     * Creates an empty map.
     *
     * @param capacity the maximum number of entries
     */
    public RecentHashes(int capacity) {
        this.half = Math.max(1, capacity / 2);
    }

    /**
     * Returns the number that was put for an id; {@code missing} if none is remembered. Renews an entry of the old
     * table.
     */
    public long get(String id, long missing) {
        long key = key(id);
        int at = young.find(key);
        if (at >= 0) {
            return young.values[at];
        }
        at = old.find(key);
        if (at < 0) {
            return missing;
        }
        long value = old.values[at];
        put(key, value);
        return value;
    }

    public boolean contains(String id) {
        return get(id, 0) != 0 || get(id, 1) != 1;
    }

    /** Adds an id; returns false if it was remembered. */
    public boolean add(String id) {
        if (contains(id)) {
            return false;
        }
        put(id, 1);
        return true;
    }

    public void put(String id, long value) {
        put(key(id), value);
    }

    private void put(long key, long value) {
        if (young.size == half && young.find(key) < 0) {
            old = young;
            young = new Table(FIRST_SLOTS);
        }
        young.put(key, value);
    }

    /** Returns the hash of an id, never 0, which marks a free slot. */
    private static long key(String id) {
        long hash = RecentIds.hash(id);
        return hash == 0 ? 1 : hash;
    }

    /** Writes the entries. */
    public void save(StateWriter out) {
        old.save(out);
        young.save(out);
    }

    /** Restores the written entries. */
    public void restore(StateReader in) throws IOException {
        old = Table.restored(in, half);
        young = Table.restored(in, half);
    }

    /** Returns the heap that this object uses, in bytes. */
    public long heldBytes() {
        return 32 + young.heldBytes() + old.heldBytes();
    }

    /** A hash table with open addressing and a load factor of at most one half. */
    private static final class Table {
        private long[] keys;
        private long[] values;
        private int size;

        Table(int slots) {
            keys = new long[slots];
            values = new long[slots];
        }

        int find(long key) {
            int mask = keys.length - 1;
            for (int at = slot(key, mask); mask >= 0 && keys[at] != 0; at = (at + 1) & mask) {
                if (keys[at] == key) {
                    return at;
                }
            }
            return -1;
        }

        void put(long key, long value) {
            int known = find(key);
            if (known >= 0) {
                values[known] = value;
                return;
            }
            if ((size + 1) * 2 > keys.length) {
                grow();
            }
            insert(key, value);
        }

        private void insert(long key, long value) {
            int mask = keys.length - 1;
            int at = slot(key, mask);
            while (keys[at] != 0) {
                at = (at + 1) & mask;
            }
            keys[at] = key;
            values[at] = value;
            size++;
        }

        private void grow() {
            long[] oldKeys = keys;
            long[] oldValues = values;
            keys = new long[oldKeys.length * 2];
            values = new long[keys.length];
            size = 0;
            for (int i = 0; i < oldKeys.length; i++) {
                if (oldKeys[i] != 0) {
                    insert(oldKeys[i], oldValues[i]);
                }
            }
        }

        void save(StateWriter out) {
            out.number(size);
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] != 0) {
                    out.bits(keys[i]);
                    out.bits(values[i]);
                }
            }
        }

        static Table restored(StateReader in, int most) throws IOException {
            Table table = new Table(FIRST_SLOTS);
            for (int left = in.number(0, most); left > 0; left--) {
                long key = in.bits();
                table.put(key == 0 ? 1 : key, in.bits());
            }
            return table;
        }

        private static int slot(long key, int mask) {
            return (int) (key ^ (key >>> 32)) & mask;
        }

        long heldBytes() {
            return 24 + 2L * (16 + 8L * keys.length);
        }
    }
}
