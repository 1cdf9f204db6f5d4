package dev.kept.session;

/**
 * The layout of objects on the heap of this virtual machine, from which their size follows.
 *
 * <p>With compact object headers an array of bytes, ints or references starts at 12 bytes, with the older layout and
 * compressed references at 16; objects are rounded up to 8 (checked against JOL and heap differences in tests).
 *
 * @param arrayBase bytes before the first element of an array of bytes, ints or references
 * @param longArrayBase bytes before the first element of an array of longs
 * @param objectHeader bytes before the first field of an object
 */
public record HeapLayout(int arrayBase, int longArrayBase, int objectHeader) {
    private static final int REFERENCE_BYTES = 4;
    private static final int STRING_FIELDS = REFERENCE_BYTES + 4 + 1 + 1;

    /** The layout with {@code -XX:+UseCompactObjectHeaders}, which the launcher sets. */
    public static final HeapLayout COMPACT_HEADERS = new HeapLayout(12, 16, 8);

    /** The older layout with compressed references. */
    public static final HeapLayout CLASSIC = new HeapLayout(16, 16, 12);

    private static long align(long bytes) {
        return (bytes + 7) & ~7L;
    }

    public long byteArray(long length) {
        return align(arrayBase + length);
    }

    public long intArray(long length) {
        return align(arrayBase + 4 * length);
    }

    public long longArray(long length) {
        return align(longArrayBase + 8 * length);
    }

    public long referenceArray(long length) {
        return align(arrayBase + REFERENCE_BYTES * length);
    }

    /** Returns the size of an object whose fields take that many bytes. */
    public long object(long fieldBytes) {
        return align(objectHeader + fieldBytes);
    }

    /** Returns the size of a string with its characters; one that is not Latin-1 takes two bytes a character. */
    public long string(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        boolean latin = true;
        for (int i = 0; i < text.length() && latin; i++) {
            latin = text.charAt(i) < 256;
        }
        return object(STRING_FIELDS) + byteArray(latin ? text.length() : 2L * text.length());
    }
}
