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
 * A splitter that cuts a stream of bytes into lines and their records. An unfinished line is held until more bytes
 * arrive; nothing is read twice.
 *
 * <p>Lines end with {@code \n}. A {@code \r} before it, blank lines, a byte order mark and trailing NUL bytes are
 * skipped. A line over {@link JsonShrinker#MAX_STRING_BYTES} is never held whole: its large strings are taken out as
 * they arrive.
 *
 * <p>A record that its agent did not finish is torn; whole records behind it on the same line are read ({@link
 * TornLine}). A line whose last string is open is held until the next line, because a record may continue there ({@link
 * UnterminatedString}). Not thread-safe.
 */
public final class JsonLineSplitter {
    private static final int FIRST_CARRY = 8 * 1024;
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] RECORD_START = {'{', '"'};

    private final LineReader reader;
    private byte[] carry = NOTHING;
    private int carried;

    /** Offset of the unfinished line; the lines in {@link #open} are before it. */
    private long lineOffset;

    private long held;
    private long blank;

    /** Number of tears found so far in the unfinished line. */
    private int tears;

    private @Nullable JsonShrinker shrinker;
    private @Nullable UnterminatedString open;

    /** Value of {@link #held} when the line was last searched for whole records. */
    private long finishedAt;

    /**
     * Creates a splitter that knows no agent: an object that may be a record, or else an object inside a torn one, is
     * not taken for a record.
     *
     * @param generation the tape's generation that the bytes belong to
     * @param offset the offset of the first byte in the generation; the start of a line
     */
    public JsonLineSplitter(int generation, long offset) {
        this(generation, offset, _ -> false);
    }

    /**
     * Creates a splitter for the files of an agent.
     *
     * @param generation the tape's generation that the bytes belong to
     * @param offset the offset of the first byte in the generation; the start of a line
     * @param isRecord the agent's {@link Provider#isRecord}
     */
    public JsonLineSplitter(int generation, long offset, Predicate<JsonObject> isRecord) {
        this.reader = new LineReader(generation, isRecord);
        this.lineOffset = offset;
    }

    /** Returns the offset of the first record that is not finished: the place where another splitter could continue. */
    public long lineOffset() {
        return open == null ? lineOffset : open.offset();
    }

    /**
     * Returns the heap that the unfinished line holds and will need when it is read, in bytes, so that the store can
     * make room before the line is complete.
     */
    public long heldBytes() {
        return carry.length
                + (open == null ? 0 : open.heldBytes())
                + (shrinker == null ? 0 : shrinker.heldBytes() + shrinker.expectedBytes());
    }

    /** Drops the bytes of the unfinished line: it will become a record that is too large. */
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

    /** Accepts the next bytes and emits each record that they complete. */
    public void accept(byte[] bytes, int from, int to, Consumer<SourceRecord> out) {
        accept(bytes, from, to, PreparedLines.NONE, out);
    }

    /**
     * Accepts the next bytes and emits each record that they complete.
     *
     * @param prepared lines of these bytes whose JSON was already read
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
            // An idle source holds nothing.
            carry = NOTHING;
        }
        reader.releaseBuffer();
    }

    /**
     * Emits the whole records of the unfinished line, which no later byte can change. For an idle source, and for one
     * that is read from disk to its end. An unfinished record stays held.
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
        reader.releaseBuffer();
    }

    private boolean endsLikeARecord() {
        int end = LineText.trimmedEnd(carry, 0, carried);
        return end > 0 && carry[end - 1] == '}';
    }

    /**
     * Emits the whole records like {@link #finish}, and those of the lines that waited for the end of a string, because
     * no byte will follow.
     */
    public void end(Consumer<SourceRecord> out) {
        finish(out);
        giveUpOpen(out);
        reader.releaseBuffer();
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
            int end = reader.isWhole(carry, 0, carried) ? 0 : lines.endIn(carry, 0, carried);
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

    /** Drops the first bytes of the carry, which were read. */
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

    /** Starts over behind the next {@code length} bytes, with nothing held. */
    private void startAnew(long length) {
        lineOffset += length;
        carried = 0;
        held = 0;
        blank = 0;
        finishedAt = 0;
        shrinker = null;
    }

    /** Reads the line that the shrinker holds, up to the place where it is torn. Returns the number of bytes read. */
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
            // A hole that a crash left in a file is not held, however long it is.
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

    /**
     * Passes bytes, already counted in {@link #held}, to the shrinker. If they show a tear, the rest becomes the next
     * line.
     */
    private void shrink(JsonShrinker line, byte[] bytes, int from, int to, Consumer<SourceRecord> out) {
        int taken = line.accept(bytes, from, to);
        if (line.tornAt() >= 0) {
            tears++;
            long taking = held - (to - taken);
            long torn;
            LargeRecords.acquire();
            try {
                torn = readShrunk(line, out);
            } finally {
                LargeRecords.release();
            }
            startAnew(torn);
            // The byte that shows the tear is the first or the third of the next record.
            hold(RECORD_START, 0, Math.toIntExact(taking - torn), out);
            hold(bytes, taken, to, out);
        }
    }

    /** Reads a complete line. */
    private void readLine(byte[] bytes, int from, int to, PreparedLines prepared, Consumer<SourceRecord> out) {
        long offset = lineOffset + blank;
        int start = open == null ? from : readOpen(open, bytes, from, to, out);
        if (start < 0) {
            return;
        }
        int text = LineText.trimmedStart(bytes, start, to);
        Optional<LocatedValue> value = prepared.remove(text);
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

    /**
     * Continues a record whose string was open. Returns the index from which the line is to be read; -1 if all of it
     * belongs to the record.
     */
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

    /** Reads the lines of an open string one by one. */
    private void giveUpOpen(Consumer<SourceRecord> out) {
        UnterminatedString lines = open;
        open = null;
        if (lines != null) {
            lines.forEach((bytes, from, to, offset) -> reader.read(bytes, from, to, offset, out)
                    .ifPresent(part -> reader.emitTorn(offset + part.from() - from, part.to() - part.from(), out)));
        }
    }
}
