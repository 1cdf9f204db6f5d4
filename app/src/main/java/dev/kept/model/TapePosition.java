package dev.kept.model;

/**
 * A place in the order of one source: events of later generations come later, then those at higher offsets, then those
 * further inside one record.
 *
 * @param generation the tape's generation, from 1; 0 only in {@link #START}
 * @param offset bytes from the start of the generation
 * @param index the event inside the record, from 0
 */
public record TapePosition(int generation, long offset, int index) implements Comparable<TapePosition> {
    /** Before every event. */
    public static final TapePosition START = new TapePosition(0, 0, 0);

    /** The first place after this one, whatever stands there. */
    public TapePosition next() {
        return new TapePosition(generation, offset, index + 1);
    }

    public boolean isBefore(TapePosition other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(TapePosition other) {
        int byGeneration = Integer.compare(generation, other.generation);
        if (byGeneration != 0) {
            return byGeneration;
        }
        int byOffset = Long.compare(offset, other.offset);
        return byOffset != 0 ? byOffset : Integer.compare(index, other.index);
    }
}
