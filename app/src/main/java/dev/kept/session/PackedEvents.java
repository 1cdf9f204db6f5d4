package dev.kept.session;

import dev.kept.model.ConversationEvent;
import java.util.AbstractList;
import java.util.RandomAccess;

/**
 * An immutable view of a session's events at one moment. It shares the packed bytes with the store and every other
 * view, and decodes an event each time it is requested. Thread-safe.
 */
public final class PackedEvents extends AbstractList<ConversationEvent> implements RandomAccess {
    static final PackedEvents NONE = new PackedEvents(new byte[0][], new int[0], new int[0], 0, 0);

    private final byte[][] chunks;
    private final int[] chunkStarts;
    private final int[] addresses;
    private final int first;
    private final int count;

    /**
     * @param chunks bytes of events, back to back; none spans two
     * @param chunkStarts the address of each chunk's first byte, ascending
     * @param addresses of each event
     * @param first the index in {@code addresses} of the first event of this view
     * @param count how many events
     */
    PackedEvents(byte[][] chunks, int[] chunkStarts, int[] addresses, int first, int count) {
        this.chunks = chunks;
        this.chunkStarts = chunkStarts;
        this.addresses = addresses;
        this.first = first;
        this.count = count;
    }

    @Override
    public ConversationEvent get(int index) {
        java.util.Objects.checkIndex(index, count);
        int address = addresses[first + index];
        int chunk = java.util.Arrays.binarySearch(chunkStarts, address);
        if (chunk < 0) {
            chunk = -chunk - 2;
        }
        return EventCodec.read(new ByteCursor(chunks[chunk], address - chunkStarts[chunk]));
    }

    @Override
    public int size() {
        return count;
    }
}
