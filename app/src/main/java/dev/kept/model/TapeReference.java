package dev.kept.model;

import java.util.Objects;
import java.util.Optional;

/**
 * Points at a value that is too large, or of too little use as text, to be held in memory: the value stays on the tape.
 *
 * <p>In the source of the event the range covers the JSON string of the value with both of its quotes, so that whoever resolves the reference reads
 * it, undoes the JSON escapes and, for anything but {@code text/plain}, the base64.
 *
 * @param mediaType what the value is, e.g. {@code image/png}; {@code text/plain} for text
 * @param generation the tape's generation that the offset counts in, from 1
 * @param offset bytes from the start of the generation to the opening quote
 * @param length bytes of the range, both quotes included
 * @param sha256 lower-case hex digest of the bytes between the quotes as they stand on the tape; empty where a file of its
 *     own is not read with the record that names it
 * @param file where the value is a file of its own: its path below the session's folder. Then the range is all of the file,
 *     the length what the provider says (0 if it does not), and the bytes are the value
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

    /** A value in the source of the event. */
    public TapeReference(String mediaType, int generation, long offset, long length, String sha256) {
        this(mediaType, generation, offset, length, sha256, Optional.empty());
    }

    /** A value that is a file of its own. */
    public static TapeReference toFile(String mediaType, String file, long length) {
        return new TapeReference(mediaType, 1, 0, length, "", Optional.of(file));
    }
}
