package dev.kept.provider;

import java.io.IOException;
import java.util.Optional;

/**
 * Turns the records of one source into events, in order. Holds only what the next records need. Not thread-safe; a pure
 * function of the records it was given.
 */
public interface SessionParser {

    /** Reads the next record. Never throws for what a record holds: what is not understood is a raw event. */
    DecodedRecord read(SourceRecord source);

    /**
     * Tells what waits for a record that will not come: all that there is of the source was read. Empty if nothing
     * waits. What is told here stands behind the last record, and is not told again when more is read after all.
     */
    default Optional<DecodedRecord> rest() {
        return Optional.empty();
    }

    /** Takes the source for one into which the conversation of a session was handed over. */
    default void continues(String sessionId) {}

    /** Writes all that the next records need. */
    void save(StateWriter out);

    /**
     * Goes on where another parser of the same source was {@link #save saved}. For a parser that has read nothing.
     *
     * @throws IOException if that is no such state; the parser is of no use then
     */
    void restore(StateReader in) throws IOException;

    /** Bytes of heap that its state takes, within a few percent. */
    long heldBytes();
}
