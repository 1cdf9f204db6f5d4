package dev.kept.recording.secret.text;

import java.util.List;

/** Tests that distinguish random text from what a person wrote in its place. */
public final class Randomness {
    private static final List<String> WORDS = List.of("EXAMPLE", "example", "Example", "xxxx", "XXXX", "your", "YOUR");

    private Randomness() {}

    /**
     * Reports whether a text may be random; false for placeholders: few different characters ({@code xxxxxxxx}), mostly
     * characters in order ({@code abcdef…}, {@code 123456…}), or a word that says so.
     */
    public static boolean isLikely(CharSequence text, int from, int to) {
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
        if (different < Math.min(7, length / 2) || inOrder > length / 2) {
            return false;
        }
        String body = text.subSequence(from, to).toString();
        return WORDS.stream().noneMatch(body::contains);
    }

    /** Reports whether there are letters of both cases, and digits. */
    public static boolean isMixed(CharSequence text, int from, int to) {
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

    /** Reports whether there are letters and digits. */
    public static boolean isRandom(CharSequence text, int from, int to) {
        boolean letter = false;
        boolean digit = false;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            letter |= Alphabet.LETTERS.has(c);
            digit |= c >= '0' && c <= '9';
        }
        return letter && digit;
    }
}
