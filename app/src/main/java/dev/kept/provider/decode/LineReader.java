package dev.kept.provider.decode;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.JsonShrinker.Shrunk;
import dev.kept.json.JsonValue.JsonLargeString;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import dev.kept.json.PlainReader;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.SourceRecord.Found;
import dev.kept.provider.SourceRecord.Malformed;
import dev.kept.provider.decode.TornLine.Kind;
import dev.kept.provider.decode.TornLine.Part;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the records in the bytes of one line. Keeps nothing of a line but a buffer for its texts. Not
 * thread-safe.
 *
 * <p>Offsets are positions in the generation; {@code from} and {@code to} are indexes in the array.
 */
final class LineReader {
    private final int generation;
    private final Predicate<JsonObject> isRecord;

    /** Present while bytes are read. */
    private @Nullable PlainReader plain;

    LineReader(int generation, Predicate<JsonObject> isRecord) {
        this.generation = generation;
        this.isRecord = isRecord;
    }

    /** Releases the buffer. */
    void releaseBuffer() {
        plain = null;
    }

    /**
     * Reads a complete line.
     *
     * @param offset the offset of its first byte
     * @return the record at the end of the line whose last string is open; it is not emitted
     */
    Optional<Part> read(byte[] bytes, int from, int to, long offset, Consumer<SourceRecord> out) {
        int end = LineText.trimmedEnd(bytes, from, to);
        int start = LineText.trimmedStart(bytes, from, end);
        if (start == end) {
            return Optional.empty();
        }
        long textOffset = offset + start - from;
        try {
            accept(readAll(bytes, start, end, List.of()), textOffset, Found.AS_WRITTEN, out);
            return Optional.empty();
        } catch (MalformedJsonException e) {
            int text = withoutMark(bytes, start, end);
            if (e.isTooLarge() || text == end || bytes[text] != '{') {
                emitMalformed(e, textOffset, end - start, Malformed.MALFORMED, out);
                return Optional.empty();
            }
            List<Part> parts = TornLine.parts(bytes, text, end, true, isRecord);
            Part last = parts.getLast();
            boolean open = last.kind() == Kind.IN_STRING;
            accept(bytes, from, offset, open ? parts.subList(0, parts.size() - 1) : parts, out);
            return open ? Optional.of(last) : Optional.empty();
        }
    }

    /**
     * Reads the whole records of an unfinished line.
     *
     * @return the end of the last one
     */
    int readWhole(byte[] bytes, int to, long offset, Consumer<SourceRecord> out) {
        int end = LineText.trimmedEnd(bytes, 0, to);
        int start = withoutMark(bytes, LineText.trimmedStart(bytes, 0, end), end);
        List<Part> parts = TornLine.parts(bytes, start, end, false, isRecord);
        int through = parts.size();
        while (through > 0 && parts.get(through - 1).kind() != Kind.WHOLE) {
            through--;
        }
        if (through == 0) {
            return 0;
        }
        accept(bytes, 0, offset, parts.subList(0, through), out);
        int last = parts.get(through - 1).to();
        return last == end ? to : last;
    }

    /** Reports whether a line consists of one or more intact records. */
    boolean isWhole(byte[] bytes, int from, int to) {
        int end = LineText.trimmedEnd(bytes, from, to);
        int start = LineText.trimmedStart(bytes, from, end);
        if (start == end || bytes[start] != '{') {
            return false;
        }
        try {
            return readAll(bytes, start, end, List.of()).stream()
                    .allMatch(value -> value.value() instanceof JsonObject object
                            && !object.members().isEmpty());
        } catch (MalformedJsonException e) {
            return false;
        }
    }

    /**
     * Reads a record with unescaped line feeds, carriage returns or tabs in its strings; returns false if it is not
     * one.
     */
    boolean readRepaired(byte[] bytes, int from, int to, long offset, Consumer<SourceRecord> out) {
        try {
            accept(JsonReader.readRepaired(bytes, from, to - from), offset, Found.REPAIRED, out);
            return true;
        } catch (MalformedJsonException e) {
            return false;
        }
    }

    /**
     * Reads a record whose large strings were taken out.
     *
     * @param length the length of the record including those strings
     * @param torn whether the record is known to be torn
     */
    void readShrunk(Shrunk shrunk, long offset, long length, boolean torn, Consumer<SourceRecord> out) {
        byte[] text = shrunk.bytes();
        if (text.length == 0) {
            String reason = "a record of " + length + " bytes is too large to be read, even without its large strings";
            out.accept(new Malformed(Malformed.TOO_LARGE, reason, generation, offset, length));
            return;
        }
        int end = torn ? text.length : LineText.trimmedEnd(text, 0, text.length);
        try {
            accept(readAll(text, 0, end, shrunk.large()), offset, Found.AS_WRITTEN, out);
        } catch (MalformedJsonException e) {
            emitMalformed(e, offset, length - (text.length - end), torn ? Malformed.TORN : Malformed.MALFORMED, out);
        }
    }

    /** Emits the remains of a torn record. */
    void emitTorn(long offset, long length, Consumer<SourceRecord> out) {
        out.accept(new Malformed(
                Malformed.TORN,
                "torn record: it ends after " + length + " bytes, in the middle",
                generation,
                offset,
                length));
    }

    /** Emits a value that was read elsewhere. */
    void accept(LocatedValue value, long textOffset, Found found, Consumer<SourceRecord> out) {
        out.accept(new SourceRecord.Value(
                value.value(), generation, textOffset + value.offset(), value.length(), textOffset, found));
    }

    private void accept(List<LocatedValue> values, long textOffset, Found found, Consumer<SourceRecord> out) {
        for (LocatedValue value : values) {
            accept(value, textOffset, found, out);
        }
    }

    private void accept(byte[] bytes, int from, long offset, List<Part> parts, Consumer<SourceRecord> out) {
        for (Part part : parts) {
            long at = offset + part.from() - from;
            switch (part.kind()) {
                case WHOLE -> readWholePart(bytes, part, at, Found.AS_WRITTEN, out);
                case IN_DOUBT -> readWholePart(bytes, part, at, Found.IN_DOUBT, out);
                case BROKEN -> readWholePart(bytes, part, at, Found.AS_WRITTEN, out);
                case TORN, IN_STRING -> emitTorn(at, part.to() - part.from(), out);
            }
        }
    }

    private void readWholePart(byte[] bytes, Part part, long at, Found found, Consumer<SourceRecord> out) {
        try {
            accept(readAll(bytes, part.from(), part.to(), List.of()), at, found, out);
        } catch (MalformedJsonException e) {
            boolean mayBeRepaired = !e.isTooLarge() && part.kind() == Kind.WHOLE;
            if (!mayBeRepaired || !readRepaired(bytes, part.from(), part.to(), at, out)) {
                emitMalformed(e, at, part.to() - part.from(), Malformed.MALFORMED, out);
            }
        }
    }

    /** Emits the values that could be read, and a malformed record for the rest. */
    private void emitMalformed(
            MalformedJsonException e, long textOffset, long length, String type, Consumer<SourceRecord> out) {
        List<LocatedValue> values = e.before();
        long end = values.isEmpty()
                ? 0
                : values.getLast().offset() + values.getLast().length();
        // Where no value knows its position, each value and the damaged part cover the whole text.
        long readable = end < length ? end : 0;
        accept(values, textOffset, Found.AS_WRITTEN, out);
        if (type.equals(Malformed.TORN) && !e.isTooLarge()) {
            emitTorn(textOffset + readable, length - readable, out);
        } else {
            out.accept(new Malformed(
                    e.isTooLarge() ? Malformed.TOO_LARGE : type,
                    String.valueOf(e.getMessage()),
                    generation,
                    textOffset + readable,
                    length - readable));
        }
    }

    private static int withoutMark(byte[] bytes, int from, int to) {
        boolean marked = to - from >= 3
                && bytes[from] == (byte) 0xEF
                && bytes[from + 1] == (byte) 0xBB
                && bytes[from + 2] == (byte) 0xBF;
        return marked ? from + 3 : from;
    }

    private List<LocatedValue> readAll(byte[] bytes, int from, int to, List<JsonLargeString> large)
            throws MalformedJsonException {
        try {
            PlainReader there = plain == null ? new PlainReader() : plain;
            plain = there;
            return JsonReader.readAll(bytes, from, to - from, large, there);
        } catch (StackOverflowError tooDeep) {
            plain = null;
            throw MalformedJsonException.tooDeep();
        }
    }
}
