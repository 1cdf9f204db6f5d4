package dev.kept.session;

import java.time.Instant;
import java.util.Optional;

/** The heap that a session's metadata takes, and the store's map entries for it. */
final class MetadataFootprint {
    private static final int METADATA_FIELDS = 9 * 4 + 3 * 4 + 4 + 8 + 1 + 2 * 8 + 8;
    private static final int USAGE_FIELDS = 4 * 8;
    private static final int KEY_FIELDS = 2 * 4;
    private static final int OPTIONAL_FIELDS = 4;
    private static final int INSTANT_FIELDS = 8 + 4;
    private static final int MAP_ENTRY_FIELDS = 4 * 4;
    private static final int LINKED_FIELDS = 2 * 4;
    private static final int FIRST_SLOTS = 16;

    private MetadataFootprint() {}

    /**
     * Returns the size of the metadata's texts: snippets and titles are short, paths have the length the system allows.
     */
    static int texts(SessionSnapshotStatusMetadata metadata, HeapLayout layout) {
        return Math.toIntExact(layout.string(metadata.key().sessionId())
                + layout.string(metadata.snippet())
                + layout.string(metadata.title())
                + layout.string(metadata.workingDirectory())
                + layout.string(metadata.gitBranch())
                + layout.string(metadata.clientVersion())
                + layout.string(metadata.model())
                + layout.string(metadata.forkedFrom()));
    }

    static long withoutTexts(SessionSnapshotStatusMetadata metadata, HeapLayout layout) {
        return layout.object(METADATA_FIELDS)
                + layout.object(KEY_FIELDS)
                + times(metadata, layout)
                + (metadata.usage().isNone() ? 0 : layout.object(USAGE_FIELDS));
    }

    /** Returns the size of an entry of a {@link java.util.HashMap}. */
    static long mapEntry(HeapLayout layout) {
        return layout.object(MAP_ENTRY_FIELDS);
    }

    /** Returns the size of an entry of a {@link java.util.LinkedHashMap}. */
    static long linkedEntry(HeapLayout layout) {
        return layout.object(MAP_ENTRY_FIELDS + LINKED_FIELDS);
    }

    /**
     * Returns the size of the table of a map that never had more than so many entries: tables grow and do not shrink.
     */
    static long table(int mostEntries, HeapLayout layout) {
        if (mostEntries == 0) {
            return 0;
        }
        long slots = FIRST_SLOTS;
        while (4L * mostEntries > 3 * slots) {
            slots *= 2;
        }
        return layout.referenceArray(slots);
    }

    /** Returns the size of the times. Equal times share an object: see {@link HeldSession}. */
    private static long times(SessionSnapshotStatusMetadata metadata, HeapLayout layout) {
        Optional<Instant> first = metadata.firstEventAt();
        Optional<Instant> last = metadata.lastEventAt();
        Optional<Instant> message = metadata.lastMessageAt();
        return time(first, layout)
                + (last.equals(first) ? 0 : time(last, layout))
                + (message.equals(first) || message.equals(last) ? 0 : time(message, layout));
    }

    private static long time(Optional<Instant> at, HeapLayout layout) {
        return at.isEmpty() ? 0 : layout.object(OPTIONAL_FIELDS) + layout.object(INSTANT_FIELDS);
    }
}
