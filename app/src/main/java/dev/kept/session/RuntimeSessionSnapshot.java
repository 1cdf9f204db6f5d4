package dev.kept.session;

import java.util.Objects;

/**
 * A session at one moment, immutable.
 *
 * @param metadata what status needs of it
 * @param firstEvent how many earlier events are only on tape
 * @param events the rest, decoded as they are read
 */
public record RuntimeSessionSnapshot(SessionSnapshotStatusMetadata metadata, long firstEvent, PackedEvents events) {
    public RuntimeSessionSnapshot {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(events, "events");
    }
}
