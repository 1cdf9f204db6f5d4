package dev.kept.model;

import java.util.HexFormat;

/**
 * Limits for short texts from session files that outlive their record: ids, names, types, titles. The full text stays
 * on the tape. Text within its limit is returned unchanged.
 */
public final class BoundedText {
    /** The longest id that is held unchanged, in characters. */
    public static final int MAX_ID = 256;

    /** The longest name of a type, a model, a branch or a version, in characters. */
    public static final int MAX_NAME = 128;

    /** The longest title, in characters. */
    public static final int MAX_TITLE = 256;

    /** The longest path of a working directory, in characters. */
    public static final int MAX_PATH = 1024;

    /** The longest text that is compared directly, in characters. */
    public static final int MAX_KEY = 128;

    private static final int ID_PREFIX = 128;
    private static final HexFormat HEX = HexFormat.of();

    private BoundedText() {}

    /** Returns a text cut to a limit; one that was cut ends with {@code …}. */
    public static String shortened(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = limit - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "…";
    }

    /**
     * Returns an id of at most {@link #MAX_ID} characters. A longer one is replaced by its beginning and a digest of
     * the whole: equal ids stay equal, and different ones do not collide by chance.
     */
    public static String id(String id) {
        if (id.length() <= MAX_ID) {
            return id;
        }
        return id.substring(0, ID_PREFIX) + "~" + digest(id);
    }

    /**
     * Returns a key for an id or a value that is only compared: the text itself up to {@link #MAX_KEY} characters,
     * otherwise a digest of it. The key of a key is the key itself.
     */
    public static String key(String text) {
        return text.length() <= MAX_KEY ? text : "~" + digest(text);
    }

    /** Returns the heap that the characters of a text use, in bytes. */
    public static long bytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return 2L * text.length();
            }
        }
        return text.length();
    }

    /** Returns a digest of 128 bits, from two hashes with different initial values and multipliers. */
    private static String digest(String text) {
        long one = 0xcbf29ce484222325L;
        long other = 0x9e3779b97f4a7c15L;
        for (int i = 0; i < text.length(); i++) {
            one = (one ^ text.charAt(i)) * 0x100000001b3L;
            other = Long.rotateLeft(other + text.charAt(i), 27) * 0xff51afd7ed558ccdL;
        }
        return HEX.toHexDigits(one ^ (one >>> 29)) + HEX.toHexDigits(other ^ (other >>> 31));
    }
}
