package dev.kept.json;

import dev.kept.json.JsonReader.LocatedValue;
import java.util.List;

/** A record that is not, or not only, JSON. */
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

    /** For a record that may be JSON, but is over its {@link RecordBudget}. */
    static MalformedJsonException tooLarge(String message, List<LocatedValue> before) {
        return new MalformedJsonException(message, 0, before, true);
    }

    /** For a record that is nested deeper than the stack of the thread that reads it. */
    public static MalformedJsonException tooDeep() {
        return new MalformedJsonException("nested too deep to be read", 0, List.of(), true);
    }

    /** True if the record may be JSON, but would take too much of the heap. */
    public boolean isTooLarge() {
        return tooLarge;
    }

    /** Bytes from the start of the record to where reading failed, as near as it is known. */
    public long offset() {
        return offset;
    }

    /** The values that stand before the place of failure. */
    public List<LocatedValue> before() {
        return before;
    }
}
