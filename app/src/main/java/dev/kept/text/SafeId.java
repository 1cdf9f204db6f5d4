package dev.kept.text;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The form in which Kept uses ids from agents' files: 1 to 128 of {@code A-Z a-z 0-9 . _ -}, the first neither {@code
 * -} nor {@code .}. Such an id is one plain word to every shell, and neither an option nor a path. Pure.
 *
 * <p>An id of another form is replaced by a derived one: {@code id-} and 32 hexadecimal digits of the SHA-256 of its
 * UTF-16 code units. The derived id is the same in every run and version, and has the safe form itself.
 */
public final class SafeId {
    /** The longest id that is used unchanged. */
    public static final int MAX_LENGTH = 128;

    private static final String DERIVED = "id-";
    private static final int DIGEST_BYTES = 16;

    private SafeId() {}

    /** Returns the id itself if it has the safe form, else the id derived from it. */
    public static String of(String id) {
        return isSafe(id) ? id : DERIVED + HexFormat.of().formatHex(sha256(id), 0, DIGEST_BYTES);
    }

    /** Reports whether an id is used unchanged. */
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

    /**
     * Returns the SHA-256 of the code units. An encoding to UTF-8 would turn all lone surrogates into one character.
     */
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
