package dev.kept.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * A cache of member names, so that the same name in many records is one string object, whose hash is computed once.
 * Holds 512 names of at most 40 ASCII characters, some 60 KB; a new name replaces the one in its slot.
 *
 * <p>Thread-safe without locks: entries are immutable, and if a thread does not see a name that another one has just
 * added, the string is only created once more.
 */
final class KnownNames {
    private static final int LONGEST = 40;
    private static final @Nullable KnownName[] TABLE = new KnownName[512];

    private KnownNames() {}

    /** An entry. Its final fields make it safe to publish without a lock. */
    private record KnownName(byte[] bytes, String text) {}

    /**
     * Returns the name that these ASCII bytes spell.
     *
     * @param hash the {@link String#hashCode} of the name
     */
    static String of(byte[] bytes, int from, int length, int hash) {
        if (length > LONGEST) {
            return new String(bytes, from, length, ISO_8859_1);
        }
        int place = (hash ^ hash >>> 15) & TABLE.length - 1;
        KnownName known = TABLE[place];
        if (known != null && isSame(known.bytes, bytes, from, length)) {
            return known.text;
        }
        String text = new String(bytes, from, length, ISO_8859_1);
        TABLE[place] = new KnownName(text.getBytes(ISO_8859_1), text);
        return text;
    }

    private static boolean isSame(byte[] known, byte[] bytes, int from, int length) {
        if (known.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known[i] != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }
}
