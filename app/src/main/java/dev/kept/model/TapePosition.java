package dev.kept.model;

/** A position in the order of one source: by generation, then by offset, then by index inside the record. */
public record TapePosition(int generation, long offset, int index) implements Comparable<TapePosition> {
    /** The position before every event. */
    public static final TapePosition START = new TapePosition(0, 0, 0);

    /** Returns the first position after this one, whether or not it has an event. */
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
