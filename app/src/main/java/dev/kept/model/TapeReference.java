package dev.kept.model;

import java.util.Objects;

/**
 * Points at a value that is too large, or of too little use as text, to be held in memory: the value stays on the tape.
 *
 * <p>The range covers the JSON string of the value with both of its quotes, so that whoever resolves the reference reads
 * it, undoes the JSON escapes and, for anything but {@code text/plain}, the base64. Of a {@code data:} URL it begins at the
 * comma before the base64 instead of the opening quote.
 *
 * @param mediaType what the value is, e.g. {@code image/png}; {@code text/plain} for text
 * @param generation the tape's generation that the offset counts in, from 1
 * @param offset bytes from the start of the generation to the opening quote
 * @param length bytes of the range, both quotes included
 * @param sha256 lower-case hex digest of the bytes between the quotes as they stand on the tape
 */
public record TapeReference(String mediaType, int generation, long offset, long length, String sha256) {
    public TapeReference {
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(sha256, "sha256");
        if (generation < 1 || offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "not a range: generation " + generation + " at " + offset + " +" + length);
        }
    }
}
