package dev.kept.session;

import java.util.Objects;

/**
 * A session at one moment, immutable.
 *
 * @param metadata the session's metadata for status
 * @param firstEvent number of earlier events that are only on tape
 * @param events the other events, decoded as they are read
 */
public record RuntimeSessionSnapshot(SessionSnapshotStatusMetadata metadata, long firstEvent, PackedEvents events) {
    public RuntimeSessionSnapshot {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(events, "events");
    }
}
