package dev.kept.provider;

import java.io.IOException;

/**
 * Turns the records of one source into events, in order. Holds only what the next records need. Not thread-safe; a pure
 * function of the records it was given.
 */
public interface SessionParser {

    /** Reads the next record. Never throws for what a record holds: what is not understood is a raw event. */
    RecordReading read(SourceRecord source);

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
