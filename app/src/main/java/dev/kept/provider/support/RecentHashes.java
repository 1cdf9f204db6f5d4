package dev.kept.provider.support;

import dev.kept.provider.StateReader;
import dev.kept.provider.StateWriter;
import java.io.IOException;

/**
 * A map from ids to numbers that forgets, as 64-bit hashes: 16 bytes for each of the last ids. Between half of the
 * capacity and all of it is remembered. Not thread-safe.
 *
 * <p>Two tables of half the capacity: when the young one is full it becomes the old one, and what the old one held is
 * forgotten, unless it was asked for in the meantime.
 */
public final class RecentHashes {
    private static final int FIRST_SLOTS = 16;

    private final int half;
    private Table young = new Table(FIRST_SLOTS);
    private Table old = new Table(0);

    /**
     * A map that remembers nothing yet.
     *
     * @param capacity how many are remembered at most
     */
    public RecentHashes(int capacity) {
        this.half = Math.max(1, capacity / 2);
    }

    /** The number that was put under an id; {@code missing} if none is remembered. */
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

    /** Remembers an id; false if it was remembered. */
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

    /** A slot that holds 0 is free. */
    private static long key(String id) {
        long hash = RecentIds.hash(id);
        return hash == 0 ? 1 : hash;
    }

    /** Writes what is remembered. */
    public void save(StateWriter out) {
        old.save(out);
        young.save(out);
    }

    /** Remembers what was written. */
    public void restore(StateReader in) throws IOException {
        old = Table.restored(in, half);
        young = Table.restored(in, half);
    }

    /** Bytes of heap that it takes. */
    public long heldBytes() {
        return 32 + young.heldBytes() + old.heldBytes();
    }

    /** Open addressing, at most half full. */
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
