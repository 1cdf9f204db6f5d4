package dev.kept.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Reads packed values from an array, starting at a given index. Not thread-safe; the array is only read. */
final class ByteCursor {
    private final byte[] bytes;
    private int at;

    ByteCursor(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    int oneByte() {
        return bytes[at++] & 0xFF;
    }

    long number() {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    long signed() {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    String text() {
        long head = number();
        int length = (int) (head >>> 1);
        String text = (head & 1) == 0
                ? new String(bytes, at, length, StandardCharsets.UTF_8)
                : ByteBuffer.wrap(bytes, at, length).asCharBuffer().toString();
        at += length;
        return text;
    }

    Optional<String> textIf(boolean present) {
        return present ? Optional.of(text()) : Optional.empty();
    }

    Optional<Instant> instantIf(boolean present) {
        return present ? Optional.of(Instant.ofEpochSecond(signed(), number())) : Optional.empty();
    }
}
