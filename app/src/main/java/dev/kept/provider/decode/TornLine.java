package dev.kept.provider.decode;

import dev.kept.json.JsonReader;
import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.JsonValue.JsonObject;
import dev.kept.json.MalformedJsonException;
import dev.kept.json.PlainReader;
import dev.kept.json.RecordScanner;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The parts of a line that is not valid JSON: whole records, and the remains of torn ones. Only lines that cannot be
 * read as they are get here, so nothing inside an intact record is ever taken for a record.
 *
 * <p>{@link RecordScanner} finds the place of a tear by the grammar alone. Where the tear is just behind a colon, a
 * comma or a bracket, the record behind it is in a place where an object of the torn record could also be:
 *
 * <pre>
 *   {"type":"assistant","message":{"type":"user",…}   a record behind a tear, or a torn record's message?
 * </pre>
 *
 * <p>It is taken for a record only if nothing but the end of the line or another record follows it, and if it has what
 * only whole records of that agent have ({@link Provider#isRecord}). Inside a member whose content others decide (a
 * tool's input or output) that proves nothing: an object found there is {@link SourceRecord.Found#IN_DOUBT}.
 *
 * <p>Each byte is scanned once and read once more at most; a line has {@value #MOST_TEARS} tears at most.
 */
final class TornLine {
    /** The maximum number of tears of a line that are searched for. */
    static final int MOST_TEARS = 64;

    /** Members whose content does not come from the agent. */
    private static final Set<String> OF_OTHERS = Set.of(
            "toolUseResult",
            "input",
            "args",
            "arguments",
            "output",
            "outputs",
            "result",
            "results",
            "response",
            "functionResponse",
            "structuredContent",
            "structured_content",
            "structured_output",
            "metadata",
            "_meta",
            "toolTelemetry",
            "resultDisplay",
            "display",
            "parameters",
            "$set");

    /** The kind of a part. */
    enum Kind {
        WHOLE,
        /** Whole, but perhaps an object from inside the torn record before it. */
        IN_DOUBT,
        /** The remains of a torn record. */
        TORN,
        /** Not even the beginning of JSON. */
        BROKEN,
        /** A torn record whose last string is still open where the line ends. */
        IN_STRING
    }

    /** A part of the line; its ends are indexes in the array. */
    record Part(Kind kind, int from, int to) {}

    private final byte[] bytes;
    private final int to;
    private final boolean ended;
    private final Predicate<JsonObject> isRecord;
    private final List<Part> parts = new ArrayList<>();
    private int tears;

    private TornLine(byte[] bytes, int to, boolean ended, Predicate<JsonObject> isRecord) {
        this.bytes = bytes;
        this.to = to;
        this.ended = ended;
        this.isRecord = isRecord;
    }

    /**
     * Returns the parts of a line, in order.
     *
     * @param ended true if the line is complete, false if more may follow
     */
    static List<Part> parts(byte[] bytes, int from, int to, boolean ended, Predicate<JsonObject> isRecord) {
        TornLine line = new TornLine(bytes, to, ended, isRecord);
        int at = from;
        while (at < to) {
            at = LineText.trimmedStart(bytes, line.addPart(at), to);
        }
        return line.parts;
    }

    /** Adds the part that begins at {@code from}; returns the start of the next one. */
    private int addPart(int from) {
        if (bytes[from] != '{' || tears > MOST_TEARS) {
            return add(Kind.BROKEN, from, to);
        }
        RecordScanner scanner = new RecordScanner();
        for (int i = from; i < to; i++) {
            switch (scanner.step(bytes[i])) {
                case CONTINUES -> {}
                case ENDS -> {
                    return add(Kind.WHOLE, from, i + 1);
                }
                case BROKEN -> {
                    return add(Kind.BROKEN, from, to);
                }
                case TORN -> {
                    return addTorn(scanner, from, from + Math.toIntExact(scanner.tornAt()));
                }
            }
        }
        if (ended && isRecordAtEnd(scanner, from, to)) {
            return addTorn(scanner, from, to);
        }
        return add(scanner.isInString() ? Kind.IN_STRING : Kind.TORN, from, to);
    }

    private int addTorn(RecordScanner scanner, int from, int end) {
        tears++;
        if (!isRecordAtEnd(scanner, from, end)) {
            return add(Kind.TORN, from, end);
        }
        int start = from + Math.toIntExact(scanner.lastObjectStart());
        add(Kind.TORN, from, start);
        return add(isOfOthers(scanner, from) ? Kind.IN_DOUBT : Kind.WHOLE, start, end);
    }

    private boolean isRecordAtEnd(RecordScanner scanner, int from, int end) {
        if (scanner.lastObjectEnd() != end - from) {
            return false;
        }
        int start = from + Math.toIntExact(scanner.lastObjectStart());
        try {
            List<LocatedValue> values = JsonReader.readAll(bytes, start, end - start, List.of(), new PlainReader());
            return values.size() == 1
                    && values.getFirst().value() instanceof JsonObject object
                    && isRecord.test(object);
        } catch (MalformedJsonException noRecord) {
            return false;
        }
    }

    private boolean isOfOthers(RecordScanner scanner, int from) {
        int contents = 0;
        for (RecordScanner.Name name : scanner.path()) {
            int length = Math.toIntExact(name.to() - name.from());
            String text = new String(bytes, from + Math.toIntExact(name.from()), length, StandardCharsets.UTF_8);
            contents += text.equals("content") ? 1 : 0;
            // The content of a block inside a message's content is a tool's result.
            if (OF_OTHERS.contains(text) || contents > 1) {
                return true;
            }
        }
        return false;
    }

    private int add(Kind kind, int from, int end) {
        parts.add(new Part(kind, from, end));
        return end;
    }
}
