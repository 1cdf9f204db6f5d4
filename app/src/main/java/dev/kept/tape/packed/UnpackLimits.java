package dev.kept.tape.packed;

/**
 * The limits on the unpacked size of a packed file: session files contain untrusted input, and a few bytes can unpack
 * to more than any disk holds.
 *
 * @param mostBytes limit on the unpacked size, whatever the file's length
 * @param mostRatio limit on that size as a multiple of the file's length, where that is more than {@link #FLOOR_BYTES}
 */
public record UnpackLimits(long mostBytes, int mostRatio) {
    /** The largest supported window: the memory that the library takes outside the heap. */
    public static final long WINDOW_BYTES = 8L << 20;

    /** The size that any file may unpack to: too little to harm a disk. */
    public static final long FLOOR_BYTES = 64L << 20;

    /** The default limits. */
    public static final UnpackLimits STANDARD = new UnpackLimits(8L << 30, 200);

    /** The base-2 logarithm of {@link #WINDOW_BYTES}. */
    static final int WINDOW_LOG = 23;

    public UnpackLimits {
        if (mostBytes <= 0 || mostRatio <= 0) {
            throw new IllegalArgumentException("limits are positive");
        }
    }

    /** Returns the most bytes that a packed file of that length may unpack to. */
    public long most(long packedBytes) {
        long byRatio = packedBytes > Long.MAX_VALUE / mostRatio ? Long.MAX_VALUE : packedBytes * mostRatio;
        return Math.min(mostBytes, Math.max(FLOOR_BYTES, byRatio));
    }

    /** Returns the limits in a form that can be compared with noted ones. */
    public String noted() {
        return mostBytes + "/" + mostRatio + "/" + WINDOW_BYTES + "/" + FLOOR_BYTES;
    }
}
