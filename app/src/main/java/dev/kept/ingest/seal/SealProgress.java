package dev.kept.ingest.seal;

/**
 * How far sealing is.
 *
 * @param running whether a look at the tapes is under way
 * @param segments how many were sealed since the start of the daemon
 * @param bytes of the source in them
 * @param packedBytes what they take on disk now
 * @param underWay bytes of the source in the segment at hand, as far as it is packed and checked
 * @param failed how many could not be sealed
 */
public record SealProgress(boolean running, long segments, long bytes, long packedBytes, long underWay, long failed) {
    /** Nothing was sealed yet. */
    public static final SealProgress NONE = new SealProgress(false, 0, 0, 0, 0, 0);
}
