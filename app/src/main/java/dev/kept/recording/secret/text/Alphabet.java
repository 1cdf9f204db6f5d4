package dev.kept.recording.secret.text;

/** A set of ASCII characters of which tokens consist. Immutable. */
public final class Alphabet {
    private static final int ASCII = 128;

    public static final Alphabet DIGITS = of("0-9");
    public static final Alphabet HEX = of("0-9a-f");
    public static final Alphabet ANY_HEX = of("0-9A-Fa-f");
    public static final Alphabet BASE32 = of("A-Z2-7");
    static final Alphabet LETTERS = of("A-Za-z");
    public static final Alphabet ALNUM = of("0-9A-Za-z");
    public static final Alphabet BASE64 = of("0-9A-Za-z+/");
    /** Base64 with its padding. */
    public static final Alphabet BASE64_LOGIN = of("0-9A-Za-z+/=");
    /** Base64 for URLs; also the characters of most tokens with separators. */
    public static final Alphabet BASE64_URL = of("0-9A-Za-z_-");

    private final boolean[] members = new boolean[ASCII];

    private Alphabet() {}

    /** Returns the alphabet of single characters, and ranges such as {@code a-z}; a literal {@code -} comes last. */
    public static Alphabet of(String ranges) {
        Alphabet alphabet = new Alphabet();
        for (int i = 0; i < ranges.length(); i++) {
            boolean range = i + 2 < ranges.length() && ranges.charAt(i + 1) == '-';
            char last = range ? ranges.charAt(i + 2) : ranges.charAt(i);
            for (char c = ranges.charAt(i); c <= last; c++) {
                alphabet.members[c] = true;
            }
            i += range ? 2 : 0;
        }
        return alphabet;
    }

    public boolean has(char c) {
        return c < ASCII && members[c];
    }

    /**
     * Returns the start of the run of this alphabet that ends before an index; inspects {@code most} + 1 characters at
     * most.
     */
    public int runBack(CharSequence text, int to, int most) {
        int limit = Math.max(0, to - most - 1);
        int start = to;
        while (start > limit && has(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /**
     * Returns the end of the run of this alphabet that begins at an index; inspects {@code most} + 1 characters at
     * most.
     */
    public int run(CharSequence text, int from, int most) {
        int limit = (int) Math.min(text.length(), (long) from + most + 1);
        int end = from;
        while (end < limit && has(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
