package dev.kept.provider;

import dev.kept.json.ByteSearch;
import dev.kept.json.JsonReader;
import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.JsonShrinker;
import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.MalformedJsonException;
import dev.kept.json.PlainReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into the records of its lines. A line that is not ended waits; nothing is read twice.
 *
 * <p>Lines end with {@code \n}; a {@code \r} before it, blank lines, a byte order mark and trailing NUL bytes are passed
 * over. A line over {@link JsonShrinker#MAX_STRING_BYTES} is never held whole: its large strings are taken out as they
 * arrive. Not thread-safe.
 */
public final class JsonLineSplitter {
    private static final int FIRST_CARRY = 8 * 1024;
    private static final byte[] NOTHING = new byte[0];

    private final int generation;
    private byte[] carry = NOTHING;
    private int carried;
    private long lineOffset;
    private long held;
    private long blank;
    private @Nullable JsonShrinker shrinker;

    /** There while bytes are taken. */
    private @Nullable PlainReader plain;

    /**
     * @param generation the tape's generation that the bytes belong to
     * @param offset where the first byte stands in it; the start of a line
     */
    public JsonLineSplitter(int generation, long offset) {
        this.generation = generation;
        this.lineOffset = offset;
    }

    /** The start of the line that is not ended yet: where another splitter could go on. */
    public long lineOffset() {
        return lineOffset;
    }

    /**
     * Bytes of heap that a waiting line holds, and those that it will take when it is read: so the store has made room
     * before the line is at its end.
     */
    public long heldBytes() {
        return carry.length + (shrinker == null ? 0 : shrinker.heldBytes() + shrinker.expectedBytes());
    }

    /** Holds nothing of the waiting line any more: it will be a record that is too large. */
    public void giveUpLine() {
        if (held > 0) {
            JsonShrinker line = shrinker == null ? new JsonShrinker() : shrinker;
            line.giveUp();
            shrinker = line;
            carry = NOTHING;
            carried = 0;
        }
    }

    /** Takes the next bytes and hands over each record they complete. */
    public void accept(byte[] bytes, int from, int to, Consumer<SourceRecord> out) {
        accept(bytes, from, to, PreparedLines.NONE, out);
    }

    /**
     * The same.
     *
     * @param prepared lines of these bytes that need not be read any more
     */
    public void accept(byte[] bytes, int from, int to, PreparedLines prepared, Consumer<SourceRecord> out) {
        int start = from;
        for (int end = lineEnd(bytes, start, to); end < to; end = lineEnd(bytes, start, to)) {
            endLine(bytes, start, end, prepared, out);
            start = end + 1;
        }
        plain = null;
        if (start < to) {
            hold(bytes, start, to);
        } else {
            // A source that rests holds nothing.
            carry = NOTHING;
        }
    }

    /** Where the next line feed stands; {@code to} if there is none. */
    static int lineEnd(byte[] bytes, int from, int to) {
        return ByteSearch.indexOf('\n', bytes, from, to);
    }

    private void endLine(byte[] bytes, int start, int end, PreparedLines prepared, Consumer<SourceRecord> out) {
        if (!LargeRecords.isLarge(held + end - start)) {
            readEnded(bytes, start, end, prepared, out);
            return;
        }
        LargeRecords.take();
        try {
            readEnded(bytes, start, end, prepared, out);
        } finally {
            LargeRecords.give();
        }
    }

    private void readEnded(byte[] bytes, int start, int end, PreparedLines prepared, Consumer<SourceRecord> out) {
        long length;
        if (shrinker != null) {
            shrinker.accept(bytes, start, end);
            held += end - start;
            length = shrunkLine(shrinker, out);
        } else if (held > 0 || end - start > JsonShrinker.MAX_STRING_BYTES) {
            hold(bytes, start, end);
            if (shrinker != null) {
                length = shrunkLine(shrinker, out);
            } else {
                length = held;
                readLine(carry, 0, carried, PreparedLines.NONE, out);
            }
        } else {
            length = (long) end - start;
            readLine(bytes, start, end, prepared, out);
        }
        carried = 0;
        held = 0;
        blank = 0;
        if (carry.length > JsonShrinker.MAX_STRING_BYTES / 4) {
            carry = NOTHING;
        }
        shrinker = null;
        lineOffset += length + 1;
    }

    /** Reads the line that the shrinker holds; returns the line's length. */
    private long shrunkLine(JsonShrinker line, Consumer<SourceRecord> out) {
        JsonShrinker.Shrunk shrunk = line.finish();
        shrinker = null;
        byte[] text = shrunk.bytes();
        long length = held - blank;
        if (text.length == 0) {
            out.accept(new SourceRecord.Malformed(
                    SourceRecord.Malformed.TOO_LARGE,
                    "a record of " + length + " bytes is too large to be read, even without its large strings",
                    generation,
                    lineOffset + blank,
                    length));
        } else {
            int end = trimmedEnd(text, 0, text.length);
            parse(text, 0, end, blank, length - (text.length - end), shrunk.large(), out);
        }
        return held;
    }

    private void hold(byte[] bytes, int lineFrom, int to) {
        held += to - lineFrom;
        int from = lineFrom;
        if (shrinker == null && carried == 0) {
            // However long a hole that a crash left in a file is, it is not held.
            from = trimmedStart(bytes, lineFrom, to);
            blank += from - lineFrom;
        }
        int length = to - from;
        if (shrinker != null) {
            shrinker.accept(bytes, from, to);
            return;
        }
        if (carried + length > JsonShrinker.MAX_STRING_BYTES) {
            shrinker = new JsonShrinker();
            shrinker.accept(carry, 0, carried);
            shrinker.accept(bytes, from, to);
            carry = NOTHING;
            carried = 0;
            return;
        }
        if (carry.length < carried + length) {
            carry = Arrays.copyOf(carry, Math.max(FIRST_CARRY, Math.max(carry.length * 2, carried + length)));
        }
        System.arraycopy(bytes, from, carry, carried, length);
        carried += length;
    }

    private void readLine(byte[] bytes, int from, int to, PreparedLines prepared, Consumer<SourceRecord> out) {
        int end = trimmedEnd(bytes, from, to);
        int start = trimmedStart(bytes, from, end);
        if (start == end) {
            return;
        }
        Optional<LocatedValue> value = prepared.take(start);
        if (value.isPresent()) {
            out.accept(record(value.get(), lineOffset + blank + start - from));
        } else {
            parse(bytes, start, end, blank + start - from, end - start, List.of(), out);
        }
    }

    static int trimmedStart(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to && isBlank(bytes[start])) {
            start++;
        }
        return start;
    }

    static int trimmedEnd(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && isBlank(bytes[end - 1])) {
            end--;
        }
        return end;
    }

    private static boolean isBlank(byte b) {
        return b == 0 || b == ' ' || b == '\t' || b == '\r';
    }

    /**
     * Reads the values of a line.
     *
     * @param inLine where the text begins in the line
     * @param rawLength how many bytes of the line the text stands for
     */
    private void parse(
            byte[] bytes,
            int from,
            int to,
            long inLine,
            long rawLength,
            List<JsonLargeString> large,
            Consumer<SourceRecord> out) {
        long textOffset = lineOffset + inLine;
        List<LocatedValue> values;
        try {
            values = readAll(bytes, from, to, large);
        } catch (MalformedJsonException e) {
            values = e.before();
            long end = values.isEmpty()
                    ? 0
                    : values.getLast().offset() + values.getLast().length();
            // Where no value knows its place each covers the whole text, and so does what is damaged.
            long readable = end < rawLength ? end : 0;
            for (LocatedValue value : values) {
                out.accept(record(value, textOffset));
            }
            out.accept(new SourceRecord.Malformed(
                    e.isTooLarge() ? SourceRecord.Malformed.TOO_LARGE : SourceRecord.Malformed.MALFORMED,
                    String.valueOf(e.getMessage()),
                    generation,
                    textOffset + readable,
                    rawLength - readable));
            return;
        }
        for (LocatedValue value : values) {
            out.accept(record(value, textOffset));
        }
    }

    private List<LocatedValue> readAll(byte[] bytes, int from, int to, List<JsonLargeString> large)
            throws MalformedJsonException {
        try {
            return JsonReader.readAll(bytes, from, to - from, large, plain());
        } catch (StackOverflowError tooDeep) {
            plain = null;
            throw MalformedJsonException.tooDeep();
        }
    }

    private PlainReader plain() {
        PlainReader there = plain == null ? new PlainReader() : plain;
        plain = there;
        return there;
    }

    private SourceRecord record(LocatedValue value, long textOffset) {
        return new SourceRecord.Value(
                value.value(), generation, textOffset + value.offset(), value.length(), textOffset);
    }
}
