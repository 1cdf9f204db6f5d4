package dev.kept.ingest.source;

import dev.kept.provider.SessionFact;
import java.nio.file.Path;
import java.util.List;

/**
 * A listener for the results of ingest. Called on the ingest thread, in the order in which things happened; must not
 * block for long.
 */
public interface IngestListener {

    /**
     * Announces a source that is followed from now on; its tape's bytes come next, from the beginning.
     *
     * @param noted facts about its session in files beside the source
     */
    void found(SourceInfo source, List<SessionFact> noted);

    /** Reports that a person renamed the source's session in a file beside it. */
    default void named(SourceInfo source, SessionFact name) {}

    /** Reports that the conversation of a session was handed over into a source that was announced earlier. */
    default void continues(SourceInfo source) {}

    /**
     * Announces a file without records that is followed from now on: its tape grows, and no bytes of it are delivered.
     */
    void opaque(SourceInfo source);

    /**
     * Delivers bytes of the source's tape, durable, in order and without a gap.
     *
     * @param offset their offset in the generation; 0 begins a generation
     * @param chunk to be released by the listener
     */
    void bytes(SourceInfo source, int generation, long offset, Chunk chunk);

    /**
     * Reports that the source was found rewritten: the next bytes are those of a new generation, from its beginning.
     */
    void rewritten(SourceInfo source, int generation, String why);

    /**
     * Reports whether the source's file exists, and when it was last modified (ms since 1970; 0 if it does not exist).
     */
    void presence(SourceInfo source, boolean present, long modifiedAtMs);

    /** Reports the counts of a provider's files, when they changed. */
    void counted(FileCounts counts);

    /** Reports a problem with a file that a person may want to know. The same problem may be reported again. */
    void problem(String code, Path path, String message);

    /** Reports a problem whose remedy depends on more than its code. */
    default void problem(String code, Path path, String message, String remedy) {
        problem(code, path, message);
    }

    /** Reports that nothing is left to do until a file changes. */
    void idle();

    /**
     * The number of a provider's files that exist and are followed.
     *
     * @param provider the agent's short name
     * @param present files below its session folders
     * @param followed session files among them
     * @param unknown files that are neither session files nor known companions of them
     * @param unknownNamed some of these, the first by name
     * @param bytesOnTape of all its tapes
     * @param bytesToRead of its sources, not on tape yet, as last seen
     * @param bytesToParse on tape, not handed on yet
     * @param rewrites number of sources found rewritten since the start
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
