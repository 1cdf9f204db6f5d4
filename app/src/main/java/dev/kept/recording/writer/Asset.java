package dev.kept.recording.writer;

import dev.kept.model.TapeReference;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A file to stand beside a note: something in the conversation that is no text. Named after its content, so that whoever
 * writes it need not write it where it already is.
 *
 * @param reference where on the tape its content stands
 * @param relativePath where it goes, from the note's folder on, with {@code /}
 */
public record Asset(TapeReference reference, String relativePath) {
    private static final int DIGEST_CHARACTERS = 12;

    private static final Map<String, String> SUFFIXES = Map.ofEntries(
            Map.entry("image/png", "png"),
            Map.entry("image/jpeg", "jpg"),
            Map.entry("image/jpg", "jpg"),
            Map.entry("image/gif", "gif"),
            Map.entry("image/webp", "webp"),
            Map.entry("image/svg+xml", "svg"),
            Map.entry("image/bmp", "bmp"),
            Map.entry("image/avif", "avif"),
            Map.entry("image/heic", "heic"),
            Map.entry("application/pdf", "pdf"),
            Map.entry("audio/wav", "wav"),
            Map.entry("audio/mpeg", "mp3"),
            Map.entry("video/mp4", "mp4"),
            Map.entry("text/plain", "txt"));

    public Asset {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(relativePath, "relativePath");
    }

    /** The asset of a note. A media type that is not known gives {@code .bin}: its name never decides a suffix. */
    static Asset of(TapeReference reference, String noteFileName) {
        int dot = noteFileName.lastIndexOf('.');
        String note = dot > 0 ? noteFileName.substring(0, dot) : noteFileName;
        String digest = reference.sha256();
        String type = reference.mediaType().toLowerCase(Locale.ROOT);
        return new Asset(
                reference,
                note + ".assets/" + digest.substring(0, Math.min(DIGEST_CHARACTERS, digest.length())) + "."
                        + SUFFIXES.getOrDefault(type, "bin"));
    }
}
