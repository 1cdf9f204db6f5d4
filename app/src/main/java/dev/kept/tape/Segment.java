package dev.kept.tape;

import java.nio.file.Path;

/**
 * A file with some of a generation's own bytes.
 *
 * @param start of its first byte among the generation's own bytes
 * @param length bytes of the source in it
 * @param sealed whether it is packed, and never changes again
 */
public record Segment(Path file, long start, long length, boolean sealed) {
    /** What the name of a sealed file ends in. */
    public static final String SEALED_SUFFIX = ".zst";

    /** Where the next segment starts. */
    public long end() {
        return start + length;
    }

    /** The name of a plain segment; that of a sealed one ends in {@value #SEALED_SUFFIX}, too. */
    static String name(int generation, long start) {
        return start == 0 ? "%04d.jsonl".formatted(generation) : "%04d.next-%015d.jsonl".formatted(generation, start);
    }
}
