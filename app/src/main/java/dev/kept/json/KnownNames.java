package dev.kept.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * Names of members that were read before, so that the name of the ten-thousandth record is the string of the first: no new
 * string, and its hash is known. Holds 512 names of at most 40 ASCII characters, some 60 KB; a name pushes out the one that
 * had its place.
 *
 * <p>Any thread may ask. Nothing is locked: what is in the table never changes, and a name that another thread has just put
 * there and this one does not see is only made once more.
 */
final class KnownNames {
    private static final int LONGEST = 40;
    private static final @Nullable KnownName[] TABLE = new KnownName[512];

    private KnownNames() {}

    /** Final fields: whoever sees the record sees them. */
    private record KnownName(byte[] bytes, String text) {}

    /**
     * The name of these ASCII bytes.
     *
     * @param hash what {@link String#hashCode} will say
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
