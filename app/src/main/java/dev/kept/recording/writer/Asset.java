package dev.kept.recording.writer;

import dev.kept.model.TapeReference;
import dev.kept.recording.secret.SecretRedactor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A file beside a note: something in the conversation that is not text, or too much of it. Named after its content, so
 * that an existing one need not be written again.
 *
 * @param relativePath its path from the note's folder, with {@code /}
 */
public record Asset(Content content, String relativePath) {
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

    /** The content of the file. */
    public sealed interface Content {}

    /**
     * A value on tape.
     *
     * @param secrets the redactor for text
     * @param tape the folder of the tape; empty for that of the session's main branch
     */
    public record Taped(TapeReference reference, SecretRedactor secrets, Optional<Path> tape) implements Content {
        public Taped {
            Objects.requireNonNull(reference, "reference");
            Objects.requireNonNull(secrets, "secrets");
            Objects.requireNonNull(tape, "tape");
        }
    }

    /** A text that is in memory, without secrets; encodable in UTF-8. */
    public record Inline(String text) implements Content {
        public Inline {
            Objects.requireNonNull(text, "text");
        }
    }

    public Asset {
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(relativePath, "relativePath");
    }

    /** Returns this asset for an event that was read from another tape than the main branch's. */
    public Asset on(Path tape) {
        return content instanceof Taped(var reference, var secrets, var _)
                        && reference.file().isEmpty()
                ? new Asset(new Taped(reference, secrets, Optional.of(tape)), relativePath)
                : this;
    }

    /**
     * Returns the asset for a value on tape. The suffix for an unknown media type is {@code .bin}, never a part of its
     * name.
     */
    static Asset of(TapeReference reference, SecretRedactor secrets, String noteFileName) {
        String type = reference.mediaType().toLowerCase(Locale.ROOT);
        return new Asset(
                new Taped(reference, secrets, Optional.empty()),
                path(noteFileName, reference.sha256(), SUFFIXES.getOrDefault(type, "bin")));
    }

    /**
     * Returns the asset for a text in a file of the agent, which has a tape of its own. It is named after that file,
     * since its content is not known.
     */
    static Asset ofFile(TapeReference reference, SecretRedactor secrets, String noteFileName) {
        String file = reference.file().orElseThrow();
        String name = file.substring(file.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return new Asset(
                new Taped(reference, secrets, Optional.empty()),
                folder(noteFileName) + "output-" + (dot > 0 ? name.substring(0, dot) : name) + ".txt");
    }

    /** Returns the asset for a text. */
    static Asset of(String text, String noteFileName) {
        String harmless = TextEscapes.harmless(text);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(harmless.getBytes(StandardCharsets.UTF_8));
            return new Asset(
                    new Inline(harmless), path(noteFileName, HexFormat.of().formatHex(digest), "txt"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String folder(String noteFileName) {
        int dot = noteFileName.lastIndexOf('.');
        return (dot > 0 ? noteFileName.substring(0, dot) : noteFileName) + ".assets/";
    }

    private static String path(String noteFileName, String digest, String suffix) {
        return folder(noteFileName) + digest.substring(0, Math.min(DIGEST_CHARACTERS, digest.length())) + "." + suffix;
    }

    /** Returns the number of characters of its content that are in memory. */
    public long heldChars() {
        return switch (content) {
            case Taped _ -> 0;
            case Inline(var text) -> text.length();
        };
    }
}
