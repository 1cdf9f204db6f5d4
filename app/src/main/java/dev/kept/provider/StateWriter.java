package dev.kept.provider;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A writer of the state of a decoder, so that another decoder can continue from it. {@link StateReader} reads the parts
 * back in the order in which they were written; neither names nor types are written. Not thread-safe.
 */
public final class StateWriter {
    private final DataOutputStream out;

    /**
     * Creates a writer.
     *
     * @param to the target; its {@link IOException}s are thrown as {@link UncheckedIOException}s
     */
    public StateWriter(OutputStream to) {
        this.out = new DataOutputStream(to);
    }

    /** Writes a number. */
    public void number(long value) {
        try {
            // Seven bits per byte, the sign in the lowest bit: most numbers here are small.
            long rest = (value << 1) ^ (value >> 63);
            while ((rest & ~0x7FL) != 0) {
                out.writeByte((int) (rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            out.writeByte((int) rest);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Writes a number of fixed width, such as a hash. */
    public void bits(long value) {
        try {
            out.writeLong(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Writes a boolean. */
    public void flag(boolean value) {
        number(value ? 1 : 0);
    }

    /** Writes a text. One that UTF-8 cannot encode (with a lone surrogate) is written as UTF-16. */
    public void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        boolean whole = new String(utf8, StandardCharsets.UTF_8).equals(value);
        flag(whole);
        if (whole) {
            number(utf8.length);
            write(() -> out.write(utf8));
        } else {
            number(2L * value.length());
            write(() -> out.writeChars(value));
        }
    }

    /** Writes a byte array. */
    public void bytes(byte[] value) {
        number(value.length);
        write(() -> out.write(value));
    }

    /** Writes the number of values, then each value. */
    public <T> void all(Collection<T> values, Consumer<T> each) {
        number(values.size());
        values.forEach(each);
    }

    /** Writes the number of entries, then each key and value in the map's order. */
    public <V> void all(Map<String, V> values, BiConsumer<StateWriter, V> value) {
        number(values.size());
        values.forEach((key, held) -> {
            text(key);
            value.accept(this, held);
        });
    }

    private interface Write {
        void run() throws IOException;
    }

    private static void write(Write write) {
        try {
            write.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
