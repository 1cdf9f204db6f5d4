package dev.kept.provider;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A reader of state that a {@link StateWriter} wrote. Whatever the bytes are, it uses no more memory than their length
 * allows, and throws an {@link IOException} if they are not such a state. Not thread-safe.
 */
public final class StateReader {
    private final ByteBuffer bytes;

    public StateReader(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    /** A function that reads one part of the state. */
    public interface Part<T> {
        T read(StateReader in) throws IOException;
    }

    /** Reads a number. */
    public long number() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = oneByte();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IOException("not a state: a number has no end");
    }

    /** Reads a number and checks that it is from {@code least} to {@code most}. */
    public int number(int least, int most) throws IOException {
        long value = number();
        if (value < least || value > most) {
            throw new IOException("not a state: " + value + " is not from " + least + " to " + most);
        }
        return (int) value;
    }

    /** Reads a number of fixed width, such as a hash. */
    public long bits() throws IOException {
        try {
            return bytes.getLong();
        } catch (BufferUnderflowException e) {
            throw cutOff(e);
        }
    }

    /** Reads a boolean. */
    public boolean flag() throws IOException {
        return number(0, 1) == 1;
    }

    /** Reads a text. */
    public String text() throws IOException {
        boolean utf8 = flag();
        int length = number(0, bytes.remaining());
        if (length == 0) {
            return "";
        }
        byte[] encoded = new byte[length];
        try {
            bytes.get(encoded);
        } catch (BufferUnderflowException e) {
            throw cutOff(e);
        }
        return utf8
                ? new String(encoded, StandardCharsets.UTF_8)
                : ByteBuffer.wrap(encoded).asCharBuffer().toString();
    }

    /** Reads a byte array. */
    public byte[] bytes() throws IOException {
        byte[] value = new byte[number(0, bytes.remaining())];
        bytes.get(value);
        return value;
    }

    /** Reads a list. */
    public <T> List<T> all(Part<T> part) throws IOException {
        // Each part takes at least one byte.
        int size = number(0, bytes.remaining());
        List<T> all = new ArrayList<>(Math.min(size, 1024));
        for (int i = 0; i < size; i++) {
            all.add(part.read(this));
        }
        return all;
    }

    /** Reads a map, entry by entry. */
    public <V> void all(Part<V> value, BiConsumer<String, V> each) throws IOException {
        int size = number(0, bytes.remaining());
        for (int i = 0; i < size; i++) {
            String key = text();
            each.accept(key, value.read(this));
        }
    }

    /** Returns the number of bytes that were not read. */
    public int remaining() {
        return bytes.remaining();
    }

    private byte oneByte() throws IOException {
        try {
            return bytes.get();
        } catch (BufferUnderflowException e) {
            throw cutOff(e);
        }
    }

    private static IOException cutOff(BufferUnderflowException e) {
        return new IOException("not a state: it is cut off", e);
    }
}
