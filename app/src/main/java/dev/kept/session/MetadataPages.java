package dev.kept.session;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * The metadata of all sessions, in order of creation, as copy-on-write pages. {@link #list} returns all of it in
 * constant time per page: the returned list and this object share their pages, and a page is copied when something on
 * it changes afterwards. So a heartbeat costs what changed since the last one, however many sessions rest. Owned by the
 * pipeline thread; what it returns is immutable.
 */
final class MetadataPages {
    private static final int SHIFT = 7;
    private static final int PAGE = 1 << SHIFT;
    private static final int FIRST_PAGES = 8;

    private SessionSnapshotStatusMetadata[][] pages = new SessionSnapshotStatusMetadata[FIRST_PAGES][];

    /** Flags of the pages that are shared with a list that was returned. */
    private boolean[] shared = new boolean[FIRST_PAGES];

    private int size;

    /** Returns the number of sessions: the index of the next one. */
    int size() {
        return size;
    }

    /** Adds the metadata of a session. */
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

    /** Replaces the metadata of a session. */
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

    /** Removes the last entry. */
    void removeLast() {
        size--;
    }

    /** Returns the current metadata of all sessions. */
    List<SessionSnapshotStatusMetadata> list() {
        Arrays.fill(shared, true);
        return new Handed(Arrays.copyOf(pages, (size + PAGE - 1) >> SHIFT), size);
    }

    /**
     * Returns the bytes of heap that it takes for itself. A page that was shared and copied exists twice until the list
     * is released.
     */
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
