package dev.kept.text;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The form in which ids from agents' files are used: 1 to 128 of {@code A-Z a-z 0-9 . _ -}, the first neither {@code -} nor
 * {@code .}, so that an id is one plain word to every shell, no option, and no path. Pure.
 *
 * <p>An id of another form has a derived one: {@code id-} and 32 hexadecimal digits of the SHA-256 of its UTF-16 code units.
 * That is the same in every run and every version, and of this form itself.
 */
public final class SafeId {
    /** The longest id that is used as it is. */
    public static final int MAX_LENGTH = 128;

    private static final String DERIVED = "id-";
    private static final int DIGEST_BYTES = 16;

    private SafeId() {}

    /** Returns the id itself where it is of the safe form, else the one derived from it. */
    public static String of(String id) {
        return isSafe(id) ? id : DERIVED + HexFormat.of().formatHex(sha256(id), 0, DIGEST_BYTES);
    }

    /** Reports whether an id is used as it is. */
    public static boolean isSafe(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH || id.charAt(0) == '-' || id.charAt(0) == '.') {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    /** An encoding to UTF-8 would make one character of all halves of surrogate pairs. */
    private static byte[] sha256(String id) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < id.length(); i++) {
                digest.update((byte) (id.charAt(i) >> 8));
                digest.update((byte) id.charAt(i));
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
