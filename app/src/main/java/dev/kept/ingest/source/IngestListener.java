package dev.kept.ingest.source;

import dev.kept.provider.SessionFact;
import java.nio.file.Path;
import java.util.List;

/** Hears what ingest finds. Called on the ingest thread, in the order in which things happened; must not block for long. */
public interface IngestListener {

    /**
     * A source is followed from now on; its tape's bytes come next, from the beginning.
     *
     * @param noted what files beside the source tell of its session
     */
    void found(SourceInfo source, List<SessionFact> noted);

    /** A person named the source's session anew in a file beside it. */
    default void named(SourceInfo source, SessionFact name) {}

    /** A source that was found turned out to be one into which the conversation of a session was handed over. */
    default void continues(SourceInfo source) {}

    /** A file without records is followed from now on: nothing more will be heard of it but its tape grows. */
    void opaque(SourceInfo source);

    /**
     * Bytes of the source's tape, durable, in order and without a gap.
     *
     * @param offset where they stand in the generation; 0 begins a generation
     * @param chunk to be released by the listener
     */
    void bytes(SourceInfo source, int generation, long offset, Chunk chunk);

    /** The source was found rewritten: the bytes that come next are those of a new generation, from its beginning. */
    void rewritten(SourceInfo source, int generation, String why);

    /** Whether the source's file is there, and when it was last modified (ms since 1970; 0 if it is not there). */
    void presence(SourceInfo source, boolean present, long modifiedAtMs);

    /** What is known about a provider's files; sent when it changed. */
    void counted(FileCounts counts);

    /** Something that a person may want to know about a file. The same problem may come again. */
    void problem(String code, Path path, String message);

    /** The same of a problem whose remedy depends on more than its code. */
    default void problem(String code, Path path, String message, String remedy) {
        problem(code, path, message);
    }

    /** Nothing is left to do until a file changes. */
    void idle();

    /**
     * How many of a provider's files are there and followed.
     *
     * @param provider the agent's short name
     * @param present files below its session folders
     * @param followed session files among them
     * @param unknown files that are neither session files nor known to stand beside them
     * @param unknownNamed some of these, the first by name
     * @param bytesOnTape of all its tapes
     * @param bytesToRead of its sources, not on tape yet, as last seen
     * @param bytesToParse on tape, not handed on yet
     * @param rewrites how many times a source was found rewritten since the start
     */
    record FileCounts(
            String provider,
            int present,
            int followed,
            int unknown,
            List<Path> unknownNamed,
            long bytesOnTape,
            long bytesToRead,
            long bytesToParse,
            long rewrites) {
        public FileCounts {
            unknownNamed = List.copyOf(unknownNamed);
        }
    }
}
