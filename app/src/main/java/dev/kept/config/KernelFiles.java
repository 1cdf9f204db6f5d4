package dev.kept.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Files that the kernel generates at the moment they are read: those of {@code /proc}, {@code /sys} and control groups.
 *
 * <p>Their size is 0 whatever they hold, and some return everything at the first read and nothing at any other. So they
 * are read into a buffer that is large from the beginning, until a read reports the end. {@link Files#readString}
 * begins with a single byte, and gets no more of such a file.
 */
public final class KernelFiles {
    private static final int FIRST_BYTES = 64 * 1024;

    private KernelFiles() {}

    /** Reads the text of such a file; names in it may be in any encoding, and each byte is one character. */
    public static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = new byte[FIRST_BYTES];
            int length = 0;
            for (int got = in.read(bytes); got >= 0; got = in.read(bytes, length, bytes.length - length)) {
                length += got;
                if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * length);
                }
            }
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
    }

    /** Reads the lines of such a file. */
    public static List<String> lines(Path file) throws IOException {
        return read(file).lines().toList();
    }

    /**
     * Reads a file that holds one whole number.
     *
     * @throws IOException also if it holds anything else
     */
    public static long number(Path file) throws IOException {
        String text = read(file).strip();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException other) {
            throw new IOException(file + ": not a whole number: " + text, other);
        }
    }
}
