package dev.kept.ingest.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The free space that must remain on the disk of the tapes. Checked at most once a second. Owned by the ingest thread.
 */
public final class DiskSpace {
    private static final long ASK_NANOS = 1_000_000_000;

    private final Path tapes;
    private final long minFreeBytes;
    private final IngestListener listener;
    private boolean asked;
    private boolean there = true;
    private long askedAt;

    public DiskSpace(Path tapes, long minFreeBytes, IngestListener listener) {
        this.tapes = tapes;
        this.minFreeBytes = minFreeBytes;
        this.listener = listener;
    }

    /** Returns false while nothing more may be written; reports that to the listener each time the disk was checked. */
    public boolean checkAvailable() {
        if (minFreeBytes <= 0) {
            return true;
        }
        long now = System.nanoTime();
        if (!asked || now - askedAt >= ASK_NANOS) {
            asked = true;
            askedAt = now;
            there = measure();
        }
        return there;
    }

    /** Reports whether the required space stays free when so many bytes more are written. Checks the disk each time. */
    public boolean hasRoomFor(long bytes) {
        try {
            return bytes <= 0 || free() - bytes >= minFreeBytes;
        } catch (IOException unknown) {
            // A write will fail.
            return true;
        }
    }

    private long free() throws IOException {
        return Files.getFileStore(
                        Files.exists(tapes) ? tapes : tapes.toAbsolutePath().getRoot())
                .getUsableSpace();
    }

    private boolean measure() {
        try {
            long free = free();
            if (free < minFreeBytes) {
                listener.problem(
                        "disk.full",
                        tapes,
                        "Nothing more is kept: " + (free >> 20) + " MiB are free, and minFreeBytes asks for "
                                + (minFreeBytes >> 20) + " MiB. What agents write waits in their own files.");
                return false;
            }
            return true;
        } catch (IOException unknown) {
            // A write will fail.
            return true;
        }
    }
}
