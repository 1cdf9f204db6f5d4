package dev.kept.tape;

import java.nio.file.Path;

/**
 * A file with some of a generation's own bytes.
 *
 * @param start position of its first byte among the generation's own bytes
 * @param length number of source bytes in it
 * @param sealed whether it is packed, and never changes again
 */
public record Segment(Path file, long start, long length, boolean sealed) {
    /** The suffix of a sealed file's name. */
    public static final String SEALED_SUFFIX = ".zst";

    /** Returns the start of the next segment. */
    public long end() {
        return start + length;
    }

    /** Returns the name of a plain segment; that of a sealed one has {@value #SEALED_SUFFIX} after it. */
    static String name(int generation, long start) {
        return start == 0 ? "%04d.jsonl".formatted(generation) : "%04d.next-%015d.jsonl".formatted(generation, start);
    }
}
