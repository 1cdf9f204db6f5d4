package dev.kept.recording.secret;

import dev.kept.config.PrivateFiles;
import dev.kept.recording.secret.rule.SecretMatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key for the markers of this installation: 32 random bytes. A reader of a recording without the key cannot find
 * out by trial which secret a marker replaced, however few candidates there are. Immutable and thread-safe.
 *
 * <p>On disk: a line of hexadecimal digits in a file that only its owner can read. If the file is missing a new key is
 * created, and earlier markers can no longer be resolved; nothing else depends on it.
 */
public final class MarkerKey {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;
    private static final int SHOWN_BYTES = 4;

    private final SecretKeySpec key;

    private MarkerKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /** Returns the key with these bytes. */
    static MarkerKey of(byte[] bytes) {
        return new MarkerKey(bytes);
    }

    /**
     * Returns the key in that file, which is created if it is missing.
     *
     * @throws IOException if it cannot be read or created, or is no key; then nothing may be written without it
     */
    public static MarkerKey open(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        PrivateFiles.restrict(file);
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        try {
            byte[] bytes = HexFormat.of().parseHex(text);
            if (bytes.length == BYTES) {
                return new MarkerKey(bytes);
            }
        } catch (IllegalArgumentException notHex) {
            // Treated like one of the wrong length.
        }
        throw new IOException(
                file + " is no key for the markers of secrets. Move it away: a new one is made, and markers"
                        + " that were written before can no longer be resolved");
    }

    private static void create(Path file) throws IOException {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        // Written beside it, then renamed: a crash leaves no half a key.
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try (FileChannel channel = PrivateFiles.open(
                temporary,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))) {
            ByteBuffer line =
                    ByteBuffer.wrap((HexFormat.of().formatHex(bytes) + "\n").getBytes(StandardCharsets.ISO_8859_1));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        Files.move(temporary, file);
    }

    /**
     * Returns the marker that replaces a secret: {@code [secret:github:1f2e3d4c]}. The same secret has the same marker.
     */
    public String marker(SecretMatch match) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] digest = mac.doFinal(match.secret().getBytes(StandardCharsets.UTF_8));
            return "[secret:" + match.kind().publicName() + ":" + HexFormat.of().formatHex(digest, 0, SHOWN_BYTES)
                    + "]";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
