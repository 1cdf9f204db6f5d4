package dev.kept.recording.secret;

import java.util.List;
import java.util.zip.CRC32;

/** Tells what a machine drew by lot from what a person wrote in its place. */
final class Randomness {
    private static final List<String> WORDS = List.of("EXAMPLE", "example", "Example", "xxxx", "XXXX", "your", "YOUR");
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int CHECKSUM = 6;

    private Randomness() {}

    /**
     * False for placeholders: few different characters ({@code xxxxxxxx}), mostly characters in their order ({@code
     * abcdef…}, {@code 123456…}), or a word that says so.
     */
    static boolean isLikely(CharSequence text, int from, int to) {
        int length = to - from;
        long low = 0;
        long high = 0;
        int inOrder = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < 64) {
                low |= 1L << c;
            } else if (c < 128) {
                high |= 1L << (c - 64);
            }
            inOrder += i > from && Math.abs(c - text.charAt(i - 1)) <= 1 ? 1 : 0;
        }
        int different = Long.bitCount(low) + Long.bitCount(high);
        if (different < Math.min(7, length / 2) || inOrder > length / 3) {
            return false;
        }
        String body = text.subSequence(from, to).toString();
        return WORDS.stream().noneMatch(body::contains);
    }

    /** True if there are letters of both cases, and digits. */
    static boolean isMixed(CharSequence text, int from, int to) {
        boolean upper = false;
        boolean lower = false;
        boolean digit = false;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            upper |= c >= 'A' && c <= 'Z';
            lower |= c >= 'a' && c <= 'z';
            digit |= c >= '0' && c <= '9';
        }
        return upper && lower && digit;
    }

    /** True if the last six characters are the CRC-32 of those before them, in base 62: GitHub's and npm's tokens. */
    static boolean hasBase62Crc(CharSequence text, int from, int to) {
        CRC32 crc = new CRC32();
        for (int i = from; i < to - CHECKSUM; i++) {
            crc.update(text.charAt(i));
        }
        long value = 0;
        for (int i = to - CHECKSUM; i < to; i++) {
            value = value * BASE62.length() + BASE62.indexOf(text.charAt(i));
        }
        return value == crc.getValue();
    }
}
