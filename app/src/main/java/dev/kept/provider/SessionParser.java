package dev.kept.provider;

/**
 * Turns the records of one source into events, in order. Holds only what the next records need. Not thread-safe; a pure
 * function of the records it was given.
 */
public interface SessionParser {

    /** Reads the next record. Never throws for what a record holds: what is not understood is a raw event. */
    RecordReading read(SourceRecord source);

    /** Bytes of heap that its state takes, within a few percent. */
    long heldBytes();
}
