package dev.kept.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of this build. */
public final class KeptVersion {
    private KeptVersion() {}

    /** Returns the version, e.g. {@code 0.1.0}; read from the jar each time, because each process needs it once. */
    public static String current() {
        try (InputStream in = KeptVersion.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
