package dev.kept.tape;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The folders of all tapes: {@code tapes/<provider>/<sourceId>}. Stateless and thread-safe. */
public final class TapeLibrary {
    private static final int MAX_NAME_CHARS = 64;

    private final Path folder;

    public TapeLibrary(Path folder) {
        this.folder = folder;
    }

    /**
     * Returns the name of a source's tape: the beginning of its file name, so that people find it, and a digest of its
     * path, which makes it unique.
     */
    public static String sourceId(Path path) {
        String name = String.valueOf(path.getFileName());
        int dot = name.indexOf('.');
        String stem = (dot > 0 ? name.substring(0, dot) : name).replaceAll("[^A-Za-z0-9_-]", "_");
        byte[] digest = sha256(path.toString());
        return stem.substring(0, Math.min(stem.length(), MAX_NAME_CHARS)) + "-"
                + HexFormat.of().formatHex(digest, 0, 8);
    }

    /** Returns the unique name of a tape: its path below the library's folder. */
    public static String name(String provider, String sourceId) {
        return provider + "/" + sourceId;
    }

    /** Returns the folder of the tape with that {@link #name}. */
    public Path folder(String name) {
        return folder.resolve(name);
    }

    public Path folder(String provider, String sourceId) {
        return folder.resolve(provider).resolve(sourceId);
    }

    /** Reports whether a folder holds a tape. */
    public static boolean isTape(Path folder) {
        return Files.exists(folder.resolve(TapeManifest.FILE_NAME));
    }

    /**
     * Returns the folders of all tapes of a provider, except those without a manifest, left by a crash before their
     * first byte.
     */
    public List<Path> tapes(String provider) throws IOException {
        List<Path> found = new ArrayList<>();
        Path of = folder.resolve(provider);
        if (Files.isDirectory(of)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(of)) {
                for (Path entry : entries) {
                    if (isTape(entry)) {
                        found.add(entry);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw new IOException(of + ": " + e.getMessage(), e);
            }
        }
        return found;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
