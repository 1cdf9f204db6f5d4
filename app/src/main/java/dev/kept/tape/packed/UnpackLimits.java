package dev.kept.tape.packed;

/**
 * The bounds of what a packed file may unpack to: session files hold what strangers wrote, and a few bytes can unpack to more
 * than any disk holds.
 *
 * @param mostBytes what a file may unpack to, however long it is
 * @param mostRatio how many times its own length a file may unpack to, where that is more than {@link #FLOOR_BYTES}
 */
public record UnpackLimits(long mostBytes, int mostRatio) {
    /** The largest window that is unpacked with: so much memory the library takes beside the heap. */
    public static final long WINDOW_BYTES = 8L << 20;

    /** What any file may unpack to: too little to harm a disk. */
    public static final long FLOOR_BYTES = 64L << 20;

    /** Those of a configuration that says nothing. */
    public static final UnpackLimits STANDARD = new UnpackLimits(8L << 30, 200);

    /** The base-2 logarithm of {@link #WINDOW_BYTES}. */
    static final int WINDOW_LOG = 23;

    public UnpackLimits {
        if (mostBytes <= 0 || mostRatio <= 0) {
            throw new IllegalArgumentException("limits are positive");
        }
    }

    /** The most bytes that a packed file of that length may unpack to. */
    public long most(long packedBytes) {
        long byRatio = packedBytes > Long.MAX_VALUE / mostRatio ? Long.MAX_VALUE : packedBytes * mostRatio;
        return Math.min(mostBytes, Math.max(FLOOR_BYTES, byRatio));
    }

    /** The limits in a form that is compared with that of another time. */
    public String noted() {
        return mostBytes + "/" + mostRatio + "/" + WINDOW_BYTES + "/" + FLOOR_BYTES;
    }
}
