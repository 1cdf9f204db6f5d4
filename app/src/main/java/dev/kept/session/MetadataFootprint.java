package dev.kept.session;

import java.time.Instant;
import java.util.Optional;

/** What a session's metadata takes of the heap, its entries in the store's maps included. */
final class MetadataFootprint {
    private static final int METADATA_FIELDS = 8 * 4 + 3 * 4 + 4 + 8 + 1 + 2 * 8 + 8;
    private static final int USAGE_FIELDS = 4 * 8;
    private static final int KEY_FIELDS = 2 * 4;
    private static final int OPTIONAL_FIELDS = 4;
    private static final int INSTANT_FIELDS = 8 + 4;
    private static final int MAP_ENTRY_FIELDS = 4 * 4;
    private static final int LINKED_FIELDS = 2 * 4;

    private MetadataFootprint() {}

    static long of(SessionSnapshotStatusMetadata metadata, HeapLayout layout) {
        return layout.object(METADATA_FIELDS)
                + layout.object(KEY_FIELDS)
                + layout.string(metadata.key().sessionId())
                + layout.string(metadata.snippet())
                + layout.string(metadata.title())
                + layout.string(metadata.workingDirectory())
                + layout.string(metadata.gitBranch())
                + layout.string(metadata.clientVersion())
                + layout.string(metadata.model())
                + layout.string(metadata.forkedFrom())
                + time(metadata.firstEventAt(), layout)
                + time(metadata.lastEventAt(), layout)
                + (sameTime(metadata) ? 0 : time(metadata.lastMessageAt(), layout))
                + (metadata.usage().isNone() ? 0 : layout.object(USAGE_FIELDS))
                + layout.object(MAP_ENTRY_FIELDS + LINKED_FIELDS)
                + layout.referenceArray(2);
    }

    private static boolean sameTime(SessionSnapshotStatusMetadata metadata) {
        return metadata.lastMessageAt().isEmpty() || metadata.lastEventAt().equals(metadata.lastMessageAt());
    }

    private static long time(Optional<Instant> at, HeapLayout layout) {
        return at.isEmpty() ? 0 : layout.object(OPTIONAL_FIELDS) + layout.object(INSTANT_FIELDS);
    }
}
