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
 * Writes what a reader of a source holds, so that another one can go on where it was. {@link StateReader} reads the parts
 * back in the order they were written in; there are no names and no types. Not thread-safe.
 */
public final class StateWriter {
    private final DataOutputStream out;

    /**
     * @param to where the state goes; its {@link IOException}s come as {@link UncheckedIOException}s
     */
    public StateWriter(OutputStream to) {
        this.out = new DataOutputStream(to);
    }

    /** Writes a number. */
    public void number(long value) {
        try {
            // Seven bits a byte, the sign in the lowest: most numbers here are small.
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

    /** Writes a number whose bits are spread, such as a hash. */
    public void bits(long value) {
        try {
            out.writeLong(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Writes a yes or no. */
    public void flag(boolean value) {
        number(value ? 1 : 0);
    }

    /** Writes a text; one that UTF-8 cannot hold (with a lone surrogate) is written as it is, too. */
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

    /** Writes bytes as they are. */
    public void bytes(byte[] value) {
        number(value.length);
        write(() -> out.write(value));
    }

    /** Writes how many there are, then each. */
    public <T> void all(Collection<T> values, Consumer<T> each) {
        number(values.size());
        values.forEach(each);
    }

    /** Writes how many entries there are, then each key and value, in the map's order. */
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
