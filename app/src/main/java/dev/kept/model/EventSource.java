package dev.kept.model;

/**
 * The position of an event's record: a range of a tape.
 *
 * @param recordType the provider's own name for the record, e.g. {@code assistant/tool_use}; at most {@link
 *     BoundedText#MAX_NAME} characters
 * @param generation the tape's generation, from 1
 * @param offset bytes from the start of the generation to the start of the record
 * @param length bytes of the record, without its line end
 * @param index the index of the event among those of the record, from 0
 */
public record EventSource(String recordType, int generation, long offset, long length, int index) {
    public EventSource {
        recordType = BoundedText.shortened(recordType, BoundedText.MAX_NAME);
    }

    /** Returns the position of this event in the order of its source. */
    public TapePosition position() {
        return new TapePosition(generation, offset, index);
    }
}
