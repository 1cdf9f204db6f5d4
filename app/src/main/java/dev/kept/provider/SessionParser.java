package dev.kept.provider;

import java.io.IOException;
import java.util.Optional;

/**
 * A parser that turns the records of one source into events, in order. Holds only the state that later records need.
 * Not thread-safe; its output depends only on the records it was given.
 */
public interface SessionParser {

    /**
     * Reads the next record. Never throws because of a record's content: a record that is not understood becomes a raw
     * event.
     */
    DecodedRecord read(SourceRecord source);

    /**
     * Returns the events that still wait for a record that will not come, when the whole source was read; empty if
     * nothing waits. They are placed after the last record, and are not returned again if more is read after all.
     */
    default Optional<DecodedRecord> drain() {
        return Optional.empty();
    }

    /** Notes that the conversation of a session was handed over into this source. */
    default void noteHandover(String sessionId) {}

    /** Writes the state that later records need. */
    void save(StateWriter out);

    /**
     * Restores the state that another parser of the same source {@link #save saved}, into a parser that has read
     * nothing.
     *
     * @throws IOException if the bytes are no such state; the parser must not be used then
     */
    void restore(StateReader in) throws IOException;

    /** Returns the heap that the state uses, in bytes, within a few percent. */
    long heldBytes();
}
