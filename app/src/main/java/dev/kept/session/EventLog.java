package dev.kept.session;

import java.util.Arrays;

/**
 * The packed events of one session: appended at the end, dropped at the front a chunk at a time.
 *
 * <p>Written bytes never change, and arrays that a view may hold are replaced, not modified, so that a view stays as it
 * was. Owned by the pipeline thread.
 */
final class EventLog {
    private static final int FIRST_CHUNK_BYTES = 1024;
    private static final int MAX_CHUNK_BYTES = 64 * 1024;
    private static final int FIRST_EVENTS = 16;
    private static final int MAX_ADDRESS = 1 << 30;
    private static final int FIELD_BYTES = 4 * 4 + 3 * 4 + 2 * 8;

    private byte[][] chunks = new byte[0][];
    private int[] chunkStarts = new int[0];
    private int[] addresses = new int[0];
    private int count;
    private int used;
    private int nextAddress;
    private long chunkBytes;
    private long chunkHeapBytes;
    private final HeapLayout layout;

    EventLog(HeapLayout layout) {
        this.layout = layout;
    }

    int count() {
        return count;
    }

    /** Appends the event that the sink holds. */
    void append(ByteSink event) {
        int length = event.length();
        if (chunks.length == 0 || chunks[chunks.length - 1].length - used < length) {
            startChunk(length);
        }
        event.copyTo(chunks[chunks.length - 1], used);
        if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, Math.max(FIRST_EVENTS, count + (count >> 1)));
        }
        addresses[count++] = chunkStarts[chunkStarts.length - 1] + used;
        used += length;
    }

    private void startChunk(int length) {
        if (chunks.length > 0) {
            nextAddress = chunkStarts[chunkStarts.length - 1] + chunks[chunks.length - 1].length;
        }
        if (nextAddress > MAX_ADDRESS) {
            rebase();
        }
        int size = Math.max(length, Math.clamp(chunkBytes / 2, FIRST_CHUNK_BYTES, MAX_CHUNK_BYTES));
        chunks = Arrays.copyOf(chunks, chunks.length + 1);
        chunks[chunks.length - 1] = new byte[size];
        chunkStarts = Arrays.copyOf(chunkStarts, chunkStarts.length + 1);
        chunkStarts[chunkStarts.length - 1] = nextAddress;
        used = 0;
        chunkBytes += size;
        chunkHeapBytes += layout.byteArray(size);
    }

    /** Makes addresses relative to the first chunk again, before they leave the range of an int. */
    private void rebase() {
        int base = chunkStarts[0];
        chunkStarts = Arrays.stream(chunkStarts).map(start -> start - base).toArray();
        int[] moved = new int[addresses.length];
        for (int i = 0; i < count; i++) {
            moved[i] = addresses[i] - base;
        }
        addresses = moved;
        nextAddress -= base;
    }

    /** Drops the events of the first chunk; returns how many. Returns 0 if only the last chunk is left. */
    int dropFirstChunk() {
        if (chunks.length < 2) {
            return 0;
        }
        int dropped = 0;
        while (dropped < count && addresses[dropped] < chunkStarts[1]) {
            dropped++;
        }
        addresses = Arrays.copyOfRange(addresses, dropped, count);
        count = addresses.length;
        chunkBytes -= chunks[0].length;
        chunkHeapBytes -= layout.byteArray(chunks[0].length);
        chunks = Arrays.copyOfRange(chunks, 1, chunks.length);
        chunkStarts = Arrays.copyOfRange(chunkStarts, 1, chunkStarts.length);
        return dropped;
    }

    /** Drops all events; returns how many. */
    int clear() {
        int dropped = count;
        chunks = new byte[0][];
        chunkStarts = new int[0];
        addresses = new int[0];
        count = 0;
        used = 0;
        nextAddress = 0;
        chunkBytes = 0;
        chunkHeapBytes = 0;
        return dropped;
    }

    PackedEvents view() {
        return count == 0 ? PackedEvents.NONE : new PackedEvents(chunks, chunkStarts, addresses, 0, count);
    }

    /** Returns the bytes of heap that the arrays take, this object included. */
    long heapBytes() {
        return layout.object(FIELD_BYTES)
                + layout.referenceArray(chunks.length)
                + layout.intArray(chunkStarts.length)
                + layout.intArray(addresses.length)
                + chunkHeapBytes;
    }
}
