package dev.kept.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A search for a byte that compares eight bytes at once, since the daemon's compiler does not vectorise a simple loop.
 * Pure.
 */
public final class ByteSearch {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOWEST_BITS = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;

    private ByteSearch() {}

    /**
     * Returns the index of the first such byte; {@code to} if there is none.
     *
     * @param wanted an ASCII character
     */
    public static int indexOf(char wanted, byte[] bytes, int from, int to) {
        long eightWanted = wanted * LOWEST_BITS;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long same = (long) EIGHT.get(bytes, i) ^ eightWanted;
            if (((same - LOWEST_BITS) & ~same & HIGHEST_BITS) != 0) {
                break;
            }
        }
        while (i < to && bytes[i] != wanted) {
            i++;
        }
        return i;
    }
}
