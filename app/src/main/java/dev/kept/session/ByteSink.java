package dev.kept.session;

import dev.kept.json.ByteSearch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing, reusable buffer that packed values are written to. Not thread-safe. */
final class ByteSink {
    private static final int KEPT_BYTES = 64 * 1024;

    private byte[] bytes = new byte[4 * 1024];
    private int length;

    /** Empties the buffer; releases the room that an unusually large event took. */
    void clear() {
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[KEPT_BYTES];
        }
        length = 0;
    }

    /** Returns the bytes of heap that the buffer takes. */
    long heapBytes(HeapLayout layout) {
        return layout.object(4 + 4) + layout.byteArray(bytes.length);
    }

    int length() {
        return length;
    }

    void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, length);
    }

    private void room(int more) {
        if (bytes.length < length + more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    void oneByte(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    void number(long value) {
        room(10);
        long left = value;
        while ((left & ~0x7FL) != 0) {
            bytes[length++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[length++] = (byte) left;
    }

    void signed(long value) {
        number((value << 1) ^ (value >> 63));
    }

    void text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        // The encoder writes a question mark for half a pair: where there is none, nothing was lost.
        boolean wellFormed =
                ByteSearch.indexOf('?', encoded, 0, encoded.length) == encoded.length || isWellFormed(text);
        if (!wellFormed) {
            encoded = chars(text);
        }
        number((long) encoded.length << 1 | (wellFormed ? 0 : 1));
        room(encoded.length);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
    }

    /** Two bytes a character: every encoder of the JDK replaces what it calls malformed. */
    private static byte[] chars(String text) {
        ByteBuffer chars = ByteBuffer.allocate(2 * text.length());
        chars.asCharBuffer().put(text);
        return chars.array();
    }

    /** Half a surrogate pair, which JSON escapes can write, has no UTF-8. */
    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
