package dev.kept.json;

/** UTF-8 encoding and validation according to table 3-7 of the Unicode standard. Pure. */
final class Utf8 {
    /** The maximum number of bytes of a character. */
    static final int LONGEST = 4;

    private Utf8() {}

    /**
     * Returns the number of bytes of the non-ASCII character at {@code at}.
     *
     * @throws NotPlainException if it is not well-formed: incomplete, not in its shortest form, a surrogate, or beyond
     *     Unicode
     */
    static int length(byte[] bytes, int at, int to) throws NotPlainException {
        int first = bytes[at] & 0xFF;
        int length;
        if (first < 0xC2 || first > 0xF4) {
            throw new NotPlainException();
        } else if (first < 0xE0) {
            length = 2;
        } else if (first < 0xF0) {
            length = 3;
        } else {
            length = 4;
        }
        NotPlainException.when(at + length > to);
        int second = bytes[at + 1] & 0xFF;
        int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        NotPlainException.when(second < least || second > most);
        for (int i = 2; i < length; i++) {
            NotPlainException.when((bytes[at + i] & 0xC0) != 0x80);
        }
        return length;
    }

    /** Writes a character that is not a surrogate; returns the end of its bytes. */
    static int write(int character, byte[] out, int at) {
        int n = at;
        if (character < 0x80) {
            out[n++] = (byte) character;
            return n;
        }
        if (character < 0x800) {
            out[n++] = (byte) (0xC0 | (character >> 6));
        } else {
            if (character < 0x10000) {
                out[n++] = (byte) (0xE0 | (character >> 12));
            } else {
                out[n++] = (byte) (0xF0 | (character >> 18));
                out[n++] = (byte) (0x80 | ((character >> 12) & 0x3F));
            }
            out[n++] = (byte) (0x80 | ((character >> 6) & 0x3F));
        }
        out[n++] = (byte) (0x80 | (character & 0x3F));
        return n;
    }
}
