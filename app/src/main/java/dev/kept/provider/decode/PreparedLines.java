package dev.kept.provider.decode;

import dev.kept.json.JsonReader.LocatedValue;
import dev.kept.json.PlainReader;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * JSON of lines that was read before the {@link JsonLineSplitter} comes to them, on another thread: whoever has to wait for
 * the splitter can use the time. It says nothing that the splitter would not read itself, and a line that is not among them
 * the splitter reads as ever; so how many lines were prepared changes nothing but who did the work.
 *
 * <p>Lines are told apart by where they stand in the bytes. The beginning of the bytes may be the rest of a line: what is
 * prepared there is not asked for.
 *
 * <p>One thread prepares and then hands it over with the bytes; afterwards the other one takes from it.
 */
public final class PreparedLines {
    /** For bytes of which nothing was prepared. */
    public static final PreparedLines NONE = new PreparedLines(new byte[0], 0);

    /** More values would take more than a few hundred KiB of heap. */
    private static final int MOST_TOKENS = 16 * 1024;

    private final PlainReader reader = new PlainReader();
    private final Queue<PreparedLine> lines = new ArrayDeque<>();
    private final byte[] bytes;
    private final int to;
    private int next;
    private int tokensLeft = MOST_TOKENS;

    /** Of the first {@code to} of these bytes, which do not change before all is taken. */
    public PreparedLines(byte[] bytes, int to) {
        this.bytes = bytes;
        this.to = to;
    }

    private record PreparedLine(int start, LocatedValue value) {}

    /** Reads the next line, if it is one of plain JSON; false if no further line ends in these bytes, or enough was read. */
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

    /** What was read of the line whose text begins there. Asked for in the order of the lines. */
    Optional<LocatedValue> take(int start) {
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
