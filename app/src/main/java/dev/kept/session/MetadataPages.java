package dev.kept.session;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * The metadata of all sessions, in the order in which they came. {@link #list} hands all of it out without looking at any:
 * what is handed out and what is kept share their pages, and a page is copied when something on it changes afterwards. So a
 * heartbeat costs what changed since the last one, however many sessions rest. Owned by the pipeline thread; what it hands
 * out is immutable.
 */
final class MetadataPages {
    private static final int SHIFT = 7;
    private static final int PAGE = 1 << SHIFT;
    private static final int FIRST_PAGES = 8;

    private SessionSnapshotStatusMetadata[][] pages = new SessionSnapshotStatusMetadata[FIRST_PAGES][];

    /** Which pages were handed out as they are. */
    private boolean[] shared = new boolean[FIRST_PAGES];

    private int size;

    /** How many there are: the place of the next one. */
    int size() {
        return size;
    }

    /** Adds a session's. */
    void add(SessionSnapshotStatusMetadata metadata) {
        int place = size;
        int page = place >> SHIFT;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, 2 * pages.length);
            shared = Arrays.copyOf(shared, 2 * shared.length);
        }
        if (place % PAGE == 0) {
            pages[page] = new SessionSnapshotStatusMetadata[PAGE];
        }
        size++;
        set(place, metadata);
    }

    /** What a session's is now. */
    void set(int place, SessionSnapshotStatusMetadata metadata) {
        int page = place >> SHIFT;
        SessionSnapshotStatusMetadata[] of = pages[page];
        if (shared[page]) {
            shared[page] = false;
            of = of.clone();
            pages[page] = of;
        }
        of[place % PAGE] = metadata;
    }

    /** Takes the last one away. */
    void removeLast() {
        size--;
    }

    /** All of them as they are now. */
    List<SessionSnapshotStatusMetadata> list() {
        Arrays.fill(shared, true);
        return new Handed(Arrays.copyOf(pages, (size + PAGE - 1) >> SHIFT), size);
    }

    /** Bytes of heap that it takes for itself; a page that was handed out and copied is there twice until that is let go. */
    long heapBytes(HeapLayout layout) {
        return layout.object(2 * 4 + 4)
                + layout.referenceArray(pages.length)
                + layout.byteArray(shared.length)
                + ((size + PAGE - 1) >> SHIFT) * layout.referenceArray(PAGE);
    }

    private static final class Handed extends AbstractList<SessionSnapshotStatusMetadata> implements RandomAccess {
        private final SessionSnapshotStatusMetadata[][] pages;
        private final int size;

        Handed(SessionSnapshotStatusMetadata[][] pages, int size) {
            this.pages = pages;
            this.size = size;
        }

        @Override
        public SessionSnapshotStatusMetadata get(int place) {
            if (place >= size) {
                throw new IndexOutOfBoundsException("no session " + place + " of " + size);
            }
            return pages[place >> SHIFT][place % PAGE];
        }

        @Override
        public int size() {
            return size;
        }
    }
}
