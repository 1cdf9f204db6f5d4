package dev.kept.tape;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C that can be continued from its value alone, so that a tape holds four bytes for an incomplete block instead
 * of an object. Pure.
 */
final class Crc32c {
    /** The polynomial, with its highest power in the lowest bit, as everywhere below. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private static final int ONE = 1 << 31;

    /** The factors by which a value is multiplied for 2^i bytes that follow. */
    private static final int[] FOLLOWED_BY = followedBy();

    private Crc32c() {}

    /** Returns the checksum of the remaining bytes, and consumes them. The checksum of no bytes is 0. */
    static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Returns the checksum of a part of an array. */
    static int of(byte[] bytes, int from, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, count);
        return (int) crc.getValue();
    }

    /**
     * Returns the checksum of two consecutive pieces.
     *
     * @param first checksum of the first piece
     * @param second checksum of the second piece
     * @param length length of the second piece
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

    /** Returns the product of two polynomials over one bit, modulo {@link #POLYNOMIAL}. */
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
