package dev.kept.recording.journal;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.JsonWriter;
import dev.kept.json.MalformedJsonException;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import tools.jackson.core.JsonGenerator;

/**
 * A chunk that is in a recording, with the end of the file as it was after it, so that an earlier state of the file is
 * recognized. On disk a line of JSON.
 *
 * @param base the file's size before, in bytes
 * @param length the length of the chunk in bytes
 * @param tail the end of the file after the chunk, at most {@value #TAIL_BYTES} bytes
 * @param sums checksums of the chunk's first 1, 2, … bytes, each length an eighth more than the one before
 * @param after the recording's progress after it
 */
public record WrittenChunk(long base, int length, byte[] tail, List<Long> sums, RecordingProgress after) {
    /** Limit for the stored end of a file. */
    public static final int TAIL_BYTES = 192;

    private static final int STEPS_TO_DOUBLE = 8;

    /** Approximate length of a line; one is made at each append. */
    static final int TEXT_CHARACTERS = 1024;

    public WrittenChunk {
        sums = List.copyOf(sums);
    }

    /** Returns the chunk that was appended to a file. */
    public static WrittenChunk of(long base, byte[] payload, byte[] tail, RecordingProgress after) {
        List<Long> sums = new ArrayList<>();
        CRC32 sum = new CRC32();
        int at = 0;
        for (int next = 1; next < payload.length; next = longer(next)) {
            sum.update(payload, at, next - at);
            sums.add(sum.getValue());
            at = next;
        }
        return new WrittenChunk(base, payload.length, tail, sums, after);
    }

    private static int longer(int beginning) {
        return beginning + Math.max(1, beginning / STEPS_TO_DOUBLE);
    }

    /** Returns the size of the file after the chunk. */
    public long size() {
        return base + length;
    }

    /**
     * Reports whether bytes are a beginning of the chunk, as far as its checksums show: the last ninth is not checked.
     */
    public boolean mayBeginWith(byte[] bytes) {
        if (bytes.length == 0 || bytes.length >= length) {
            return false;
        }
        CRC32 sum = new CRC32();
        int at = 0;
        int next = 1;
        for (int i = 0; i < sums.size() && next <= bytes.length; i++) {
            sum.update(bytes, at, next - at);
            if (sum.getValue() != sums.get(i)) {
                return false;
            }
            at = next;
            next = longer(next);
        }
        return true;
    }

    String toJson() {
        StringWriter text = new StringWriter(TEXT_CHARACTERS);
        try (JsonGenerator out = JsonWriter.compact(text)) {
            out.writeStartObject();
            out.writeNumberProperty("base", base);
            out.writeNumberProperty("length", length);
            out.writeStringProperty("tail", Base64.getEncoder().encodeToString(tail));
            out.writeArrayPropertyStart("sums");
            sums.forEach(out::writeNumber);
            out.writeEndArray();
            JournalCodec.progress(after, out);
            out.writeEndObject();
        }
        return text.toString();
    }

    /** Reads a line; empty if it is not a whole one, as after a crash. */
    static Optional<WrittenChunk> read(String line) {
        try {
            if (!(JsonReader.parse(line) instanceof JsonObject object)) {
                return Optional.empty();
            }
            List<Long> sums = new ArrayList<>();
            object.array("sums").forEach(sum -> sums.add(Long.parseLong(sum.toJson())));
            return Optional.of(new WrittenChunk(
                    object.longOr("base", 0),
                    Math.toIntExact(object.longOr("length", 0)),
                    Base64.getDecoder().decode(object.stringOr("tail", "")),
                    sums,
                    JournalCodec.progress(object)));
        } catch (MalformedJsonException | IllegalArgumentException | ArithmeticException | DateTimeException noLine) {
            return Optional.empty();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WrittenChunk that
                && base == that.base
                && length == that.length
                && Arrays.equals(tail, that.tail)
                && sums.equals(that.sums)
                && after.equals(that.after);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(base) + after.hashCode();
    }
}
