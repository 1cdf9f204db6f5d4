package dev.kept.ingest.seal;

/**
 * The progress of sealing.
 *
 * @param running whether a round through the tapes is active
 * @param segments number of segments sealed since the start of the daemon
 * @param bytes source bytes in them
 * @param packedBytes their size on disk now
 * @param underWay source bytes of the current segment that are packed and checked
 * @param failed number of segments that could not be sealed
 */
public record SealProgress(boolean running, long segments, long bytes, long packedBytes, long underWay, long failed) {
    /** The progress before anything was sealed. */
    public static final SealProgress NONE = new SealProgress(false, 0, 0, 0, 0, 0);
}
