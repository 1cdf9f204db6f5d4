package dev.kept.json;

/**
 * The share of the heap that one record may take, and what it is charged before anything is built of it: its bytes, its
 * values and the beginnings of its large strings. A record that is charged more is not read.
 *
 * <p>The share is the same at every ceiling: what a record says must not depend on a setting, or a note would differ from
 * its export. It fits the room beside the snapshot store, which is the same at every ceiling too. See {@code
 * docs/decisions/0083}.
 */
public final class RecordBudget {
    /** What one record may be charged. */
    public static final long MOST_BYTES = 2L * 1024 * 1024;

    /** A value, a name or a bracket: an object of the tree, the text it holds, its place among the others. */
    private static final long TOKEN_BYTES = 64;

    /** A byte of text: a character that takes two where one character of the text is no Latin-1. */
    private static final long TEXT_BYTE_BYTES = 2;

    /** A string that was taken out, besides its beginning: its digest, its place, what refers to it. */
    private static final long LARGE_STRING_BYTES = 512;

    private RecordBudget() {}

    /**
     * What a record is charged.
     *
     * @param bytes of its text, without its large strings
     * @param tokens values, names and brackets
     * @param beginnings bytes of the beginnings of its large strings
     * @param largeStrings how many of them there are
     */
    static long charge(long bytes, long tokens, long beginnings, long largeStrings) {
        return TEXT_BYTE_BYTES * (bytes + beginnings) + TOKEN_BYTES * tokens + LARGE_STRING_BYTES * largeStrings;
    }

    /** So many values, names and brackets may stand in a record of so many bytes. */
    static int mostTokens(long bytes) {
        return (int) Math.max(0, (MOST_BYTES - TEXT_BYTE_BYTES * bytes) / TOKEN_BYTES);
    }
}
