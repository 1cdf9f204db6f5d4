package dev.kept.recording.secret.text;

/** Tests that distinguish random characters from words, names and numbers, by how often their class changes. */
public final class RandomAppearance {
    private static final int SHORTEST = 8;
    private static final String SEPARATORS = "_-./: ";
    private static final String VOWELS = "aeiouyAEIOU";

    private RandomAppearance() {}

    /** Reports whether the characters were likely drawn at random. */
    public static boolean has(String text) {
        int length = text.length();
        if (length < SHORTEST || isWordy(text) || !Randomness.isLikely(text, 0, length)) {
            return false;
        }
        int changes = 0;
        int counted = 0;
        int digits = 0;
        int big = 0;
        int symbols = 0;
        int before = -1;
        int consonants = 0;
        int longest = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (SEPARATORS.indexOf(c) < 0) {
                int kind = kindOf(c);
                changes += before >= 0 && kind != before ? 1 : 0;
                digits += kind == 2 ? 1 : 0;
                big += kind == 1 ? 1 : 0;
                symbols += kind == 3 ? 1 : 0;
                counted++;
                before = kind;
            }
            consonants = Alphabet.LETTERS.has(c) && VOWELS.indexOf(c) < 0 ? consonants + 1 : 0;
            longest = Math.max(longest, consonants);
        }
        if (digits + symbols == 0) {
            boolean both = big > 0 && big < counted;
            return both ? counted >= 10 && changes * 100 >= 36 * (counted - 1) : counted >= 12 && longest >= 5;
        }
        return digits < counted && changes >= Math.max(3, (counted - 1) / 5);
    }

    private static int kindOf(char c) {
        if (c >= 'a' && c <= 'z') {
            return 0;
        }
        if (c >= 'A' && c <= 'Z') {
            return 1;
        }
        return c >= '0' && c <= '9' ? 2 : 3;
    }

    /** Reports whether most of the text consists of pronounceable words, with few digits between. */
    public static boolean isWordy(String text) {
        int length = text.length();
        int said = 0;
        int digits = 0;
        int separators = 0;
        int start = 0;
        for (int i = 0; i <= length; i++) {
            char c = i < length ? text.charAt(i) : ' ';
            boolean letter = Alphabet.LETTERS.has(c);
            boolean hump = letter && i > start && c < 'a' && text.charAt(i - 1) >= 'a';
            digits += c >= '0' && c <= '9' ? 1 : 0;
            separators += i < length && SEPARATORS.indexOf(c) >= 0 ? 1 : 0;
            if (!letter || hump) {
                said += isWord(text, start, i) ? i - start : 0;
                start = hump ? i : i + 1;
            }
        }
        int rest = length - separators;
        return digits <= Math.max(4, length / 8) && said * 100 >= 72 * (rest - Math.min(digits, 4)) && said > 0;
    }

    /**
     * Reports whether a part is three or more letters of one case, maybe with a capital before, with vowels among them.
     */
    private static boolean isWord(String text, int from, int to) {
        if (to - from < 3) {
            return false;
        }
        int vowels = 0;
        int consonants = 0;
        boolean small = text.charAt(to - 1) >= 'a';
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (i > from && c >= 'a' != small) {
                return false;
            }
            boolean vowel = VOWELS.indexOf(c) >= 0;
            vowels += vowel ? 1 : 0;
            consonants = vowel ? 0 : consonants + 1;
            if (consonants > 3) {
                return false;
            }
        }
        return vowels * 4 >= to - from;
    }
}
