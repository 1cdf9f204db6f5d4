package dev.kept.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A scanner that follows the structure of one record byte by byte, without building a tree, to find where a torn record
 * ends and the next one begins.
 *
 * <p>A client that is killed while it writes leaves a record that ends at any byte, and its next record follows on the
 * same line. The grammar of JSON shows the end of the first one: at the tear, an object begins that cannot begin there.
 *
 * <pre>
 *   torn outside a string   {"a":1{"type":"user",…}          no value may follow a value: it ends before that brace
 *   torn in a string        {"a":"some te{"type":"user",…}   the first quote of the next record closes the string, so its
 *                                                            last character is a brace, and a bare word follows
 *   torn behind a colon     {"a":{"type":"user",…}           the next record looks like a member of the torn one, which
 *                                                            then does not end: see {@link #lastObjectStart}
 * </pre>
 *
 * <p>Text inside a string is never the beginning of a record: its quotes are escaped, so a quoted or pasted record is
 * <code>{\"type\"…</code> here, with a backslash where a record has a quote.
 *
 * <p>Each byte is scanned once. Words and escapes are not checked; the caller reads a record with {@link JsonReader}.
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

    /** The result of scanning a byte. */
    public enum Step {
        /** The record continues. */
        CONTINUES,
        /** The record ends with this byte. */
        ENDS,
        /** The record is torn: it ended at {@link #tornAt}, and another one began there. */
        TORN,
        /** The bytes are not JSON, and no other record begins here. */
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

    /** The range of a member's name in the record, without quotes. */
    public record Name(long from, long to) {}

    private static final Name NONE = new Name(0, 0);

    /**
     * Scans the next byte of the record. After any result but {@link Step#CONTINUES} the scanner must not be used any
     * more.
     */
    public Step step(byte b) {
        Step step = expected == Expected.END_OF_STRING ? inString(b) : outsideStrings(b);
        previous = b;
        offset++;
        return step;
    }

    /** Returns the number of scanned bytes. */
    public long offset() {
        return offset;
    }

    /** Reports whether a string is open and the next byte does not complete an escape. */
    public boolean isInString() {
        return expected == Expected.END_OF_STRING && !escaped;
    }

    /**
     * Returns the length of the torn record, which is the start of the next one. The byte that shows the tear is at
     * most two later.
     */
    public long tornAt() {
        return tornAt;
    }

    /** Returns the start of the last object inside the record that ended; -1 if none did. */
    public long lastObjectStart() {
        return lastObjectStart;
    }

    /** Returns the end of the last object inside the record that ended. */
    public long lastObjectEnd() {
        return lastObjectEnd;
    }

    /** Returns the names of the members on the path to the current position, outermost first. */
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
        return Step.CONTINUES;
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
        return Step.CONTINUES;
    }

    private Step outsideStrings(byte b) {
        boolean blank = b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == 0;
        boolean mark = b == '{' || b == '}' || b == '[' || b == ']' || b == ',' || b == ':' || b == '"';
        if (expected == Expected.END_OF_WORD && (blank || mark)) {
            expected = Expected.COMMA_OR_END;
        }
        if (blank) {
            return Step.CONTINUES;
        }
        return switch (expected) {
            case VALUE, VALUE_OR_END -> value(b);
            case NAME, NAME_OR_END -> name(b);
            case COLON -> {
                if (b != ':') {
                    yield brokenOff(b);
                }
                expected = Expected.VALUE;
                yield Step.CONTINUES;
            }
            case COMMA_OR_END -> commaOrEnd(b);
            case END_OF_STRING, END_OF_WORD -> Step.CONTINUES;
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
        return Step.CONTINUES;
    }

    private Step name(byte b) {
        if (b == '"') {
            beginString(true);
            return Step.CONTINUES;
        }
        return b == '}' && expected == Expected.NAME_OR_END ? close() : brokenOff(b);
    }

    private Step commaOrEnd(byte b) {
        boolean object = depth > 0 && objects[depth - 1];
        if (b == ',' && depth > 0) {
            expected = object ? Expected.NAME : Expected.VALUE;
            return Step.CONTINUES;
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
        return Step.CONTINUES;
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
        return Step.CONTINUES;
    }

    /** Handles a byte that the grammar does not allow: it begins another record, or is the second byte of a name. */
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
