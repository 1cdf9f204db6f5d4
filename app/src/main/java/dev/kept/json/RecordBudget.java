package dev.kept.json;

/**
 * The share of the heap that one record may use, and its charge, which is computed before anything is built: for its
 * bytes, its values and the beginnings of its large strings. A record over the budget is not read.
 *
 * <p>The share is the same for every memory ceiling: the events of a record must not depend on a setting, or a note
 * would differ from its export. It fits the space beside the snapshot store, which is the same for every ceiling too.
 * See {@code docs/decisions/0083}.
 */
public final class RecordBudget {
    /** The maximum charge of one record. */
    public static final long MOST_BYTES = 2L * 1024 * 1024;

    /** The charge of a value, name or bracket: an object of the tree, its text, its slot in the collection. */
    private static final long TOKEN_BYTES = 64;

    /** The charge of a byte of text: a character takes two bytes if one character of the text is not Latin-1. */
    private static final long TEXT_BYTE_BYTES = 2;

    /** The charge of a string that was taken out, besides its beginning: digest, position, and reference. */
    private static final long LARGE_STRING_BYTES = 512;

    private RecordBudget() {}

    /**
     * Returns the charge of a record.
     *
     * @param bytes the bytes of its text, without its large strings
     * @param tokens the number of values, names and brackets
     * @param beginnings the bytes of the beginnings of its large strings
     * @param largeStrings the number of large strings
     */
    static long charge(long bytes, long tokens, long beginnings, long largeStrings) {
        return TEXT_BYTE_BYTES * (bytes + beginnings) + TOKEN_BYTES * tokens + LARGE_STRING_BYTES * largeStrings;
    }

    /** Returns the maximum number of values, names and brackets in a record of that many bytes. */
    static int mostTokens(long bytes) {
        return (int) Math.max(0, (MOST_BYTES - TEXT_BYTE_BYTES * bytes) / TOKEN_BYTES);
    }
}
