package dev.kept.provider.decode;

import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.PlainReader;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * The JSON of lines that another thread read before the {@link JsonLineSplitter} gets to them, while it would otherwise
 * have waited. A prepared line has exactly the value that the splitter would read, and the splitter reads lines that
 * were not prepared itself. So the number of prepared lines does not affect the result.
 *
 * <p>Lines are identified by their index in the bytes. The bytes may begin with the rest of a line; the value prepared
 * there is never requested.
 *
 * <p>One thread prepares the lines and hands them over with the bytes; afterwards only the other thread uses them.
 */
public final class PreparedLines {
    /** Prepared lines of bytes of which none was prepared. */
    public static final PreparedLines NONE = new PreparedLines(new byte[0], 0);

    /** Limit of values; more would use more than a few hundred KiB of heap. */
    private static final int MOST_TOKENS = 16 * 1024;

    private final PlainReader reader = new PlainReader();
    private final Queue<PreparedLine> lines = new ArrayDeque<>();
    private final byte[] bytes;
    private final int to;
    private int next;
    private int tokensLeft = MOST_TOKENS;

    /**
     * Creates an empty set of prepared lines for the first {@code to} of these bytes, which must not change before all
     * lines were used.
     */
    public PreparedLines(byte[] bytes, int to) {
        this.bytes = bytes;
        this.to = to;
    }

    private record PreparedLine(int start, LocatedValue value) {}

    /**
     * Reads the next line, if it is plain JSON. Returns false if no further line ends in these bytes, or the limit is
     * reached.
     */
    public boolean prepareNext() {
        int end = LineText.end(bytes, next, to);
        if (end == to) {
            return false;
        }
        int last = LineText.trimmedEnd(bytes, next, end);
        int start = LineText.trimmedStart(bytes, next, last);
        Optional<LocatedValue> value = reader.read(bytes, start, last - start, tokensLeft);
        if (value.isPresent()) {
            lines.add(new PreparedLine(start, value.get()));
            tokensLeft -= reader.tokens();
        }
        next = end + 1;
        return tokensLeft > 0;
    }

    /**
     * Removes and returns the value of the line whose text begins at {@code start}. Lines must be requested in order.
     */
    Optional<LocatedValue> remove(int start) {
        PreparedLine first = lines.peek();
        while (first != null && first.start < start) {
            lines.remove();
            first = lines.peek();
        }
        if (first == null || first.start > start) {
            return Optional.empty();
        }
        lines.remove();
        return Optional.of(first.value);
    }
}
