package dev.kept.json;

import dev.kept.json.JsonReader.LocatedValue;
import java.util.List;

/** A record that is not, or not only, JSON. */
public final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final transient List<LocatedValue> before;

    MalformedJsonException(String message, long offset) {
        this(message, offset, List.of());
    }

    MalformedJsonException(String message, long offset, List<LocatedValue> before) {
        super(message);
        this.offset = offset;
        this.before = List.copyOf(before);
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
