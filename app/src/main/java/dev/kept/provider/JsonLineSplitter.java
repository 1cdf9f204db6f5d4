package dev.kept.provider;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.JsonShrinker;
import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.MalformedJsonException;
import java.util.Arrays;
import java.util.List;
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

    private final int generation;
    private byte[] carry = new byte[0];
    private int carried;
    private long lineOffset;
    private long held;
    private @Nullable JsonShrinker shrinker;

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

    /** Bytes of heap that a waiting line holds. */
    public long heldBytes() {
        return carry.length;
    }

    /** Takes the next bytes and hands over each record they complete. */
    public void accept(byte[] bytes, int from, int to, Consumer<SourceRecord> out) {
        int start = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                endLine(bytes, start, i, out);
                start = i + 1;
            }
        }
        if (start < to) {
            hold(bytes, start, to);
        }
    }

    private void endLine(byte[] bytes, int start, int end, Consumer<SourceRecord> out) {
        long length;
        if (shrinker != null) {
            shrinker.accept(bytes, start, end);
            length = shrunkLine(shrinker, out, end - start);
        } else if (carried > 0 || end - start > JsonShrinker.MAX_STRING_BYTES) {
            hold(bytes, start, end);
            if (shrinker != null) {
                length = shrunkLine(shrinker, out, 0);
            } else {
                length = carried;
                readLine(carry, 0, carried, out);
            }
        } else {
            length = (long) end - start;
            readLine(bytes, start, end, out);
        }
        carried = 0;
        held = 0;
        if (carry.length > JsonShrinker.MAX_STRING_BYTES / 4) {
            carry = new byte[0];
        }
        shrinker = null;
        lineOffset += length + 1;
    }

    private long shrunkLine(JsonShrinker line, Consumer<SourceRecord> out, long last) {
        JsonShrinker.Shrunk shrunk = line.finish();
        long length = held + last;
        if (shrunk.bytes().length == 0) {
            out.accept(new SourceRecord.Malformed(
                    "a record of " + length + " bytes without its large strings is over " + JsonShrinker.MAX_REST_BYTES
                            + " bytes",
                    generation,
                    lineOffset,
                    length));
        } else {
            parse(shrunk.bytes(), 0, shrunk.bytes().length, length, shrunk.large(), out);
        }
        return length;
    }

    private void hold(byte[] bytes, int from, int to) {
        int length = to - from;
        held += length;
        if (shrinker != null) {
            shrinker.accept(bytes, from, to);
            return;
        }
        if (carried + length > JsonShrinker.MAX_STRING_BYTES) {
            shrinker = new JsonShrinker();
            shrinker.accept(carry, 0, carried);
            shrinker.accept(bytes, from, to);
            carry = new byte[0];
            carried = 0;
            return;
        }
        if (carry.length < carried + length) {
            carry = Arrays.copyOf(carry, Math.max(FIRST_CARRY, Math.max(carry.length * 2, carried + length)));
        }
        System.arraycopy(bytes, from, carry, carried, length);
        carried += length;
    }

    private void readLine(byte[] bytes, int from, int to, Consumer<SourceRecord> out) {
        int start = from;
        int end = to;
        while (end > start && (bytes[end - 1] == '\r' || bytes[end - 1] == 0 || bytes[end - 1] == ' ')) {
            end--;
        }
        if (lineOffset == 0 && end - start >= 3 && startsWithByteOrderMark(bytes, start)) {
            start += 3;
        }
        while (start < end && (bytes[start] == ' ' || bytes[start] == '\t' || bytes[start] == 0)) {
            start++;
        }
        if (start < end) {
            parseAt(bytes, start, end - start, start - from, end - start, List.of(), out);
        }
    }

    private static boolean startsWithByteOrderMark(byte[] bytes, int at) {
        return bytes[at] == (byte) 0xEF && bytes[at + 1] == (byte) 0xBB && bytes[at + 2] == (byte) 0xBF;
    }

    private void parse(
            byte[] bytes,
            int from,
            int length,
            long rawLength,
            List<JsonLargeString> large,
            Consumer<SourceRecord> out) {
        parseAt(bytes, from, length, 0, rawLength, large, out);
    }

    private void parseAt(
            byte[] bytes,
            int from,
            int length,
            long inLine,
            long rawLength,
            List<JsonLargeString> large,
            Consumer<SourceRecord> out) {
        long textOffset = lineOffset + inLine;
        List<LocatedValue> values;
        try {
            values = JsonReader.readAll(bytes, from, length, large);
        } catch (MalformedJsonException e) {
            for (LocatedValue value : e.before()) {
                out.accept(record(value, textOffset));
            }
            long readable = e.before().isEmpty()
                    ? 0
                    : e.before().getLast().offset() + e.before().getLast().length();
            out.accept(new SourceRecord.Malformed(
                    String.valueOf(e.getMessage()), generation, textOffset + readable, rawLength - readable));
            return;
        }
        for (LocatedValue value : values) {
            out.accept(record(value, textOffset));
        }
    }

    private SourceRecord record(LocatedValue value, long textOffset) {
        return new SourceRecord.Value(
                value.value(), generation, textOffset + value.offset(), value.length(), textOffset);
    }
}
