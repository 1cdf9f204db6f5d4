package dev.kept.provider.decode;

import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.JsonShrinker;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceRecord;
import dev.kept.provider.SourceRecord.Found;
import dev.kept.provider.decode.TornLine.Part;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into the records of its lines. A line that is not ended waits; nothing is read twice.
 *
 * <p>Lines end with {@code \n}; a {@code \r} before it, blank lines, a byte order mark and trailing NUL bytes are passed
 * over. A line over {@link JsonShrinker#MAX_STRING_BYTES} is never held whole: its large strings are taken out as they
 * arrive.
 *
 * <p>A record that its agent did not finish is torn: whole records behind it on the same line are read ({@link TornLine}). A
 * line whose last string is open waits for the next line: a record may go on there ({@link UnterminatedString}). Not thread-safe.
 */
public final class JsonLineSplitter {
    private static final int FIRST_CARRY = 8 * 1024;
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] RECORD_START = {'{', '"'};

    private final LineReader reader;
    private byte[] carry = NOTHING;
    private int carried;

    /** Where the line that is not ended begins; {@link #open} is before it. */
    private long lineOffset;

    private long held;
    private long blank;

    /** Tears that were found in the line as it arrived. */
    private int tears;

    private @Nullable JsonShrinker shrinker;
    private @Nullable UnterminatedString open;

    /** How much of the line was held when it was looked at for whole records. */
    private long finishedAt;

    /**
     * Knows no agent: what may be a record, or else an object inside a torn one, is taken for no record.
     *
     * @param generation the tape's generation that the bytes belong to
     * @param offset where the first byte stands in it; the start of a line
     */
    public JsonLineSplitter(int generation, long offset) {
        this(generation, offset, _ -> false);
    }

    /**
     * Cuts what an agent wrote.
     *
     * @param generation the tape's generation that the bytes belong to
     * @param offset where the first byte stands in it; the start of a line
     * @param isRecord the agent's {@link Provider#isRecord}
     */
    public JsonLineSplitter(int generation, long offset, Predicate<JsonObject> isRecord) {
        this.reader = new LineReader(generation, isRecord);
        this.lineOffset = offset;
    }

    /** The start of the record that is not ended yet: where another splitter could go on. */
    public long lineOffset() {
        return open == null ? lineOffset : open.offset();
    }

    /**
     * Bytes of heap that a waiting line holds, and those that it will take when it is read: so the store has made room
     * before the line is at its end.
     */
    public long heldBytes() {
        return carry.length
                + (open == null ? 0 : open.heldBytes())
                + (shrinker == null ? 0 : shrinker.heldBytes() + shrinker.expectedBytes());
    }

    /** Holds nothing of the waiting line any more: it will be a record that is too large. */
    public void giveUpLine() {
        if (open != null) {
            held += lineOffset - open.offset();
            lineOffset = open.offset();
            open = null;
        }
        if (held > 0) {
            JsonShrinker line = shrinker == null ? new JsonShrinker(false) : shrinker;
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
        for (int end = LineText.end(bytes, start, to); end < to; end = LineText.end(bytes, start, to)) {
            endLine(bytes, start, end, prepared, out);
            start = end + 1;
        }
        if (start < to) {
            hold(bytes, start, to, out);
        } else {
            // A source that rests holds nothing.
            carry = NOTHING;
        }
        reader.rest();
    }

    /**
     * Hands over the whole records among the bytes that wait for the end of their line: nothing that can follow would make
     * other records of them. For a source that rests, and for one that is read from disk to its end. A record that is not
     * whole waits on.
     */
    public void finish(Consumer<SourceRecord> out) {
        if (held == finishedAt || (shrinker == null && !endsLikeARecord())) {
            return;
        }
        if (LargeRecords.isLarge(held)) {
            LargeRecords.inTurn(() -> finishWaiting(out));
        } else {
            finishWaiting(out);
        }
        finishedAt = held;
        reader.rest();
    }

    private boolean endsLikeARecord() {
        int end = LineText.trimmedEnd(carry, 0, carried);
        return end > 0 && carry[end - 1] == '}';
    }

    /** Does the same where no byte will follow: lines that waited for the end of a string wait no more. */
    public void end(Consumer<SourceRecord> out) {
        finish(out);
        giveUpOpen(out);
        reader.rest();
    }

    private void finishWaiting(Consumer<SourceRecord> out) {
        if (shrinker != null) {
            if (shrinker.isWhole()) {
                startAnew(readShrunk(shrinker, out));
            }
            return;
        }
        UnterminatedString lines = open;
        if (lines != null) {
            int end = reader.isWhole(carry, 0, carried) ? 0 : lines.look(carry, 0, carried);
            boolean repaired = end > 0
                    && lines.hasRoomFor(carried)
                    && reader.readRepaired(lines.with(carry, 0, end), 0, lines.length() + end, lines.offset(), out);
            if (repaired) {
                open = null;
                dropFront(end);
            } else if (end == 0) {
                giveUpOpen(out);
            } else {
                return;
            }
        }
        dropFront(reader.readWhole(carry, carried, lineOffset + blank, out));
    }

    /** Leaves out the first bytes of the carry, which are read. */
    private void dropFront(int length) {
        if (length > 0) {
            lineOffset += blank + length;
            held -= blank + length;
            blank = 0;
            carried -= length;
            System.arraycopy(carry, length, carry, 0, carried);
        }
        if (carried == 0) {
            carry = NOTHING;
        }
    }

    private void endLine(byte[] bytes, int start, int end, PreparedLines prepared, Consumer<SourceRecord> out) {
        if (LargeRecords.isLarge(held + end - start)) {
            LargeRecords.inTurn(() -> readEnded(bytes, start, end, prepared, out));
        } else {
            readEnded(bytes, start, end, prepared, out);
        }
    }

    private void readEnded(byte[] bytes, int start, int end, PreparedLines prepared, Consumer<SourceRecord> out) {
        if (held == 0 && end - start <= JsonShrinker.MAX_STRING_BYTES) {
            readLine(bytes, start, end, prepared, out);
        } else {
            hold(bytes, start, end, out);
            if (shrinker != null) {
                readShrunk(shrinker, out);
            } else {
                readLine(carry, 0, carried, PreparedLines.NONE, out);
            }
        }
        startAnew(held == 0 ? end + 1L - start : held + 1);
        tears = 0;
        if (carry.length > JsonShrinker.MAX_STRING_BYTES / 4) {
            carry = NOTHING;
        }
    }

    /** Goes on with a line of which nothing is held, so many bytes later. */
    private void startAnew(long length) {
        lineOffset += length;
        carried = 0;
        held = 0;
        blank = 0;
        finishedAt = 0;
        shrinker = null;
    }

    /** Reads the line that the shrinker holds, up to where it is torn. Returns how many bytes that are. */
    private long readShrunk(JsonShrinker line, Consumer<SourceRecord> out) {
        boolean torn = line.tornAt() >= 0;
        long length = torn ? line.tornAt() : held - blank;
        reader.readShrunk(line.finish(), lineOffset + blank, length, torn, out);
        return blank + length;
    }

    private void hold(byte[] bytes, int lineFrom, int to, Consumer<SourceRecord> out) {
        held += to - lineFrom;
        int from = lineFrom;
        if (shrinker == null && carried == 0 && open == null) {
            // However long a hole that a crash left in a file is, it is not held.
            from = LineText.trimmedStart(bytes, lineFrom, to);
            blank += from - lineFrom;
        }
        int length = to - from;
        if (shrinker == null && carried + length > JsonShrinker.MAX_STRING_BYTES) {
            giveUpOpen(out);
            byte[] first = carry;
            int firstTo = carried;
            carry = NOTHING;
            carried = 0;
            shrinker = new JsonShrinker(tears < TornLine.MOST_TEARS);
            held -= length;
            shrink(shrinker, first, 0, firstTo, out);
            hold(bytes, from, to, out);
            return;
        }
        if (shrinker != null) {
            shrink(shrinker, bytes, from, to, out);
            return;
        }
        if (carry.length < carried + length) {
            carry = Arrays.copyOf(carry, Math.max(FIRST_CARRY, Math.max(carry.length * 2, carried + length)));
        }
        System.arraycopy(bytes, from, carry, carried, length);
        carried += length;
    }

    /** Has the shrinker take bytes that count as held. Where they show a tear they are, from there on, the line behind it. */
    private void shrink(JsonShrinker line, byte[] bytes, int from, int to, Consumer<SourceRecord> out) {
        int taken = line.accept(bytes, from, to);
        if (line.tornAt() >= 0) {
            tears++;
            long taking = held - (to - taken);
            long torn;
            LargeRecords.take();
            try {
                torn = readShrunk(line, out);
            } finally {
                LargeRecords.give();
            }
            startAnew(torn);
            // The byte that shows the tear is the first of the next record, or the third.
            hold(RECORD_START, 0, Math.toIntExact(taking - torn), out);
            hold(bytes, taken, to, out);
        }
    }

    /** Reads a line that is at its end. */
    private void readLine(byte[] bytes, int from, int to, PreparedLines prepared, Consumer<SourceRecord> out) {
        long offset = lineOffset + blank;
        int start = open == null ? from : readOpen(open, bytes, from, to, out);
        if (start < 0) {
            return;
        }
        int text = LineText.trimmedStart(bytes, start, to);
        Optional<LocatedValue> value = prepared.take(text);
        if (value.isPresent()) {
            reader.accept(value.get(), offset + text - from, Found.AS_WRITTEN, out);
            return;
        }
        Optional<Part> last = reader.read(bytes, start, to, offset + start - from, out);
        if (last.isPresent()) {
            int openFrom = last.get().from();
            UnterminatedString begun = new UnterminatedString(bytes, openFrom, to, offset + openFrom - from);
            open = begun;
            if (!begun.isOpen() || begun.length() > JsonShrinker.MAX_STRING_BYTES) {
                giveUpOpen(out);
            }
        }
    }

    /** Reads on with a record whose string was open. Returns where the line is to be read from; -1 if it is all in there. */
    private int readOpen(UnterminatedString lines, byte[] bytes, int from, int to, Consumer<SourceRecord> out) {
        if (lines.hasRoomFor(to - from) && !reader.isWhole(bytes, from, to)) {
            int end = lines.scan(bytes, from, to);
            if (end > 0
                    && reader.readRepaired(
                            lines.with(bytes, from, end), 0, lines.length() + end - from, lines.offset(), out)) {
                open = null;
                return end;
            }
            if (end < 0 && lines.isOpen()) {
                lines.add(bytes, from, to);
                return -1;
            }
        }
        giveUpOpen(out);
        return from;
    }

    /** Hands over the lines of an open string each by itself. */
    private void giveUpOpen(Consumer<SourceRecord> out) {
        UnterminatedString lines = open;
        open = null;
        if (lines != null) {
            lines.forEach((bytes, from, to, offset) -> reader.read(bytes, from, to, offset, out)
                    .ifPresent(part -> reader.torn(offset + part.from() - from, part.to() - part.from(), out)));
        }
    }
}
