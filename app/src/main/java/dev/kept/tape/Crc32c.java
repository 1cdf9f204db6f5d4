package dev.kept.tape;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C, which can be gone on with from its value alone: so a tape holds four bytes for a block that is begun, not an object.
 * Pure.
 */
final class Crc32c {
    /** The polynomial, its highest power in the lowest bit, as in all that follows. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private static final int ONE = 1 << 31;

    /** What a value is multiplied with for 2^i bytes that follow. */
    private static final int[] FOLLOWED_BY = followedBy();

    private Crc32c() {}

    /** Of what remains in a buffer; nothing remains afterwards. That of nothing is 0. */
    static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Of a part of an array. */
    static int of(byte[] bytes, int from, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, count);
        return (int) crc.getValue();
    }

    /**
     * Of two pieces one after the other.
     *
     * @param second of the second piece
     * @param length of the second piece
     */
    static int join(int first, int second, int length) {
        int moved = first;
        for (int i = 0; moved != 0 && (length >>> i) != 0; i++) {
            if (((length >>> i) & 1) != 0) {
                moved = product(moved, FOLLOWED_BY[i]);
            }
        }
        return moved ^ second;
    }

    private static int[] followedBy() {
        int[] powers = new int[Integer.SIZE - 1];
        int power = ONE >>> Byte.SIZE;
        for (int i = 0; i < powers.length; i++) {
            powers[i] = power;
            power = product(power, power);
        }
        return powers;
    }

    /** The product of two polynomials over one bit, less multiples of {@link #POLYNOMIAL}. */
    private static int product(int a, int b) {
        int sum = 0;
        int shifted = b;
        for (int left = a; left != 0; left <<= 1) {
            sum ^= left < 0 ? shifted : 0;
            shifted = (shifted >>> 1) ^ ((shifted & 1) == 0 ? 0 : POLYNOMIAL);
        }
        return sum;
    }
}
