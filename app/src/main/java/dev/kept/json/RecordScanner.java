package dev.kept.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The structure of one record, followed byte by byte without building anything of it, in order to find where a record that
 * was torn ends and the next one begins.
 *
 * <p>A client that is killed while it writes leaves a record that ends at any byte, and its next record follows on the same
 * line. Nothing says where the first one ends, but the grammar of JSON does: where the tear is, an object begins that cannot
 * begin there.
 *
 * <pre>
 *   torn outside a string   {"a":1{"type":"user",…}          no value may follow a value: it ends before that brace
 *   torn in a string        {"a":"some te{"type":"user",…}   the string is closed by the first quote of the next record, so
 *                                                            its last character is a brace, and a bare word follows
 *   torn behind a colon     {"a":{"type":"user",…}           the next record looks like a member of the torn one, which then
 *                                                            does not end: see {@link #lastObjectStart}
 * </pre>
 *
 * <p>Text inside a string is never the beginning of a record: its quotes are escaped, so that a record which somebody quotes
 * or pastes is <code>{\"type\"…</code> here, with a backslash where a record has a quote.
 *
 * <p>Each byte is looked at once. Words and escapes are not checked: whoever finds a record reads it with {@link JsonReader}.
 * Not thread-safe.
 */
public final class RecordScanner {
    private enum Expected {
        VALUE,
        VALUE_OR_END,
        NAME,
        NAME_OR_END,
        COLON,
        COMMA_OR_END,
        END_OF_STRING,
        END_OF_WORD
    }

    /** Outcome of a byte. */
    public enum Step {
        /** The record goes on. */
        GOES_ON,
        /** The record ends with this byte. */
        ENDS,
        /** The record is torn: it ended at {@link #tornAt}, and another one began there. */
        TORN,
        /** The record is no JSON, and no other one begins here. */
        BROKEN
    }

    private static final int USUAL_DEPTH = 8;

    private boolean[] objects = new boolean[USUAL_DEPTH];
    private long[] starts = new long[USUAL_DEPTH];
    private Name[] names = new Name[USUAL_DEPTH];
    private int depth;
    private Expected expected = Expected.VALUE;
    private boolean escaped;
    private boolean name;
    private byte previous;
    private long offset;
    private long stringStart;
    private long bracedStringEnd = -1;
    private long tornAt = -1;
    private long lastObjectStart = -1;
    private long lastObjectEnd = -1;

    /** Place of a member's name in the record, without its quotes. */
    public record Name(long from, long to) {}

    private static final Name NONE = new Name(0, 0);

    /** Accepts the next byte of the record. After anything but {@link Step#GOES_ON} the scanner is of no further use. */
    public Step step(byte b) {
        Step step = expected == Expected.END_OF_STRING ? inString(b) : outsideStrings(b);
        previous = b;
        offset++;
        return step;
    }

    /** Returns the number of bytes that were accepted. */
    public long offset() {
        return offset;
    }

    /** Reports whether a string is open, and not just before the second half of an escape. */
    public boolean isInString() {
        return expected == Expected.END_OF_STRING && !escaped;
    }

    /** Returns the length of the torn record; the next one begins there, and the byte that showed it is at most two later. */
    public long tornAt() {
        return tornAt;
    }

    /** Returns where the object inside the record begins that ended last; -1 if none did. */
    public long lastObjectStart() {
        return lastObjectStart;
    }

    /** Returns where the object inside the record ends that ended last. */
    public long lastObjectEnd() {
        return lastObjectEnd;
    }

    /** Returns the names of the members that lead to the place that was reached, the outermost first. */
    public List<Name> path() {
        List<Name> path = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            if (objects[i]) {
                path.add(names[i]);
            }
        }
        return path;
    }

    private Step inString(byte b) {
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            return endString();
        }
        return Step.GOES_ON;
    }

    private Step endString() {
        if (previous == '{') {
            bracedStringEnd = offset + 1;
        }
        if (name) {
            names[depth - 1] = new Name(stringStart + 1, offset);
            expected = Expected.COLON;
        } else {
            expected = Expected.COMMA_OR_END;
        }
        return Step.GOES_ON;
    }

    private Step outsideStrings(byte b) {
        boolean blank = b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0;
        boolean mark = b == '{' || b == '}' || b == '[' || b == ']' || b == ',' || b == ':' || b == '"';
        if (expected == Expected.END_OF_WORD && (blank || mark)) {
            expected = Expected.COMMA_OR_END;
        }
        if (blank) {
            return Step.GOES_ON;
        }
        return switch (expected) {
            case VALUE, VALUE_OR_END -> value(b);
            case NAME, NAME_OR_END -> name(b);
            case COLON -> {
                if (b != ':') {
                    yield brokenOff(b);
                }
                expected = Expected.VALUE;
                yield Step.GOES_ON;
            }
            case COMMA_OR_END -> commaOrEnd(b);
            case END_OF_STRING, END_OF_WORD -> Step.GOES_ON;
        };
    }

    private Step value(byte b) {
        switch (b) {
            case '{' -> {
                return open(true);
            }
            case '[' -> {
                return open(false);
            }
            case '"' -> beginString(false);
            case ']' -> {
                return expected == Expected.VALUE_OR_END ? close() : brokenOff(b);
            }
            case '}', ',', ':' -> {
                return brokenOff(b);
            }
            default -> expected = Expected.END_OF_WORD;
        }
        return Step.GOES_ON;
    }

    private Step name(byte b) {
        if (b == '"') {
            beginString(true);
            return Step.GOES_ON;
        }
        return b == '}' && expected == Expected.NAME_OR_END ? close() : brokenOff(b);
    }

    private Step commaOrEnd(byte b) {
        boolean object = depth > 0 && objects[depth - 1];
        if (b == ',' && depth > 0) {
            expected = object ? Expected.NAME : Expected.VALUE;
            return Step.GOES_ON;
        }
        boolean ends = depth > 0 && (object ? b == '}' : b == ']');
        return ends ? close() : brokenOff(b);
    }

    private void beginString(boolean isName) {
        name = isName;
        stringStart = offset;
        expected = Expected.END_OF_STRING;
    }

    private Step open(boolean object) {
        if (depth == JsonReader.MAX_DEPTH) {
            return Step.BROKEN;
        }
        if (depth == objects.length) {
            objects = Arrays.copyOf(objects, 2 * depth);
            starts = Arrays.copyOf(starts, 2 * depth);
            names = Arrays.copyOf(names, 2 * depth);
        }
        objects[depth] = object;
        starts[depth] = offset;
        names[depth] = NONE;
        depth++;
        expected = object ? Expected.NAME_OR_END : Expected.VALUE_OR_END;
        return Step.GOES_ON;
    }

    private Step close() {
        depth--;
        if (depth == 0) {
            return Step.ENDS;
        }
        if (objects[depth]) {
            lastObjectStart = starts[depth];
            lastObjectEnd = offset + 1;
        }
        expected = Expected.COMMA_OR_END;
        return Step.GOES_ON;
    }

    /** Ends at a byte that the grammar does not allow: another record begins with it, or it is the second byte of a name. */
    private Step brokenOff(byte b) {
        if (b == '{' && offset > 0) {
            tornAt = offset;
            return Step.TORN;
        }
        if (bracedStringEnd == offset) {
            tornAt = offset - 2;
            return Step.TORN;
        }
        return Step.BROKEN;
    }
}
