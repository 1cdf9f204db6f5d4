package dev.kept.model;

import java.util.Objects;
import java.util.Optional;

/**
 * A reference to a value on the tape that is too large, or of too little use as text, to be held in memory.
 *
 * @param mediaType the type of the value, e.g. {@code image/png}; {@code text/plain} for text
 * @param generation the tape's generation to which the offset belongs, from 1
 * @param offset bytes from the start of the generation to the opening quote
 * @param length bytes of the range, both quotes included
 * @param sha256 lower-case hex digest of the bytes between the quotes as they are on the tape; empty for a separate
 *     file, which is not read together with the record that names it
 * @param file the path of a separate file below the session's folder, if the value is one. Then the range is the whole
 *     file, the length is the one that the provider states (0 if it states none), and the bytes are the value
 */
public record TapeReference(
        String mediaType, int generation, long offset, long length, String sha256, Optional<String> file) {
    public TapeReference {
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(file, "file");
        if (generation < 1 || offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "not a range: generation " + generation + " at " + offset + " +" + length);
        }
    }

    /** Creates a reference to a value in the source of the event. */
    public TapeReference(String mediaType, int generation, long offset, long length, String sha256) {
        this(mediaType, generation, offset, length, sha256, Optional.empty());
    }

    /** Returns a reference to a value that is a file of its own. */
    public static TapeReference toFile(String mediaType, String file, long length) {
        return new TapeReference(mediaType, 1, 0, length, "", Optional.of(file));
    }
}
