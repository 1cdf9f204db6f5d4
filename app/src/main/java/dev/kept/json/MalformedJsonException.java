package dev.kept.json;

import dev.kept.json.JsonReader.LocatedValue;
import java.util.List;

/** Thrown when a record is not JSON, or contains more than JSON. */
public final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final transient List<LocatedValue> before;
    private final boolean tooLarge;

    MalformedJsonException(String message, long offset) {
        this(message, offset, List.of());
    }

    MalformedJsonException(String message, long offset, List<LocatedValue> before) {
        this(message, offset, before, false);
    }

    private MalformedJsonException(String message, long offset, List<LocatedValue> before, boolean tooLarge) {
        super(message);
        this.offset = offset;
        this.before = List.copyOf(before);
        this.tooLarge = tooLarge;
    }

    /** Returns an exception for a record that may be JSON, but exceeds its {@link RecordBudget}. */
    static MalformedJsonException tooLarge(String message, List<LocatedValue> before) {
        return new MalformedJsonException(message, 0, before, true);
    }

    /** Returns an exception for a record that is nested too deep for the stack of the reading thread. */
    public static MalformedJsonException tooDeep() {
        return new MalformedJsonException("nested too deep to be read", 0, List.of(), true);
    }

    /** Reports whether the record may be JSON, but would use too much heap. */
    public boolean isTooLarge() {
        return tooLarge;
    }

    /** Returns the offset in the record at which reading failed, in bytes, as precisely as it is known. */
    public long offset() {
        return offset;
    }

    /** Returns the values before the failure. */
    public List<LocatedValue> before() {
        return before;
    }
}
