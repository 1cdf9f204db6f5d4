package dev.kept.provider.decode;

import dev.kept.json.ByteSearch;
import dev.kept.json.JsonShrinker;
import dev.kept.json.RecordScanner;
import dev.kept.json.RecordScanner.Step;
import java.util.Arrays;

/**
 * The lines so far of a record whose string is open at the end of a line: its agent may have written a line feed into that
 * string as such, and then the record goes on in the next line. Holds {@link JsonShrinker#MAX_STRING_BYTES} at most. Not
 * thread-safe.
 */
final class UnterminatedString {
    private final long offset;
    private final RecordScanner scanner = new RecordScanner();
    private byte[] text = new byte[0];
    private int length;

    /**
     * Begins with a line that is at its end.
     *
     * @param offset where its first byte stands in the generation
     */
    UnterminatedString(byte[] bytes, int from, int to, long offset) {
        this.offset = offset;
        scan(bytes, from, to);
        add(bytes, from, to);
    }

    /** Returns where the first of the lines begins in the generation. */
    long offset() {
        return offset;
    }

    /** Returns how many bytes the lines have, each with its line feed. */
    int length() {
        return length;
    }

    /** Returns how many bytes of heap they take. */
    int heldBytes() {
        return text.length;
    }

    /** Reports whether there is room for one more line. */
    boolean hasRoomFor(int lineLength) {
        return (long) length + lineLength < JsonShrinker.MAX_STRING_BYTES;
    }

    /** Follows the record through its next line. Returns the end of the record in that line; -1 if it does not end there. */
    int scan(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            Step step = scanner.step(bytes[i]);
            if (step != Step.GOES_ON) {
                return step == Step.ENDS ? i + 1 : -1;
            }
        }
        return -1;
    }

    /** Returns the end of the record in a line that may not be at its end; -1 if it does not end there. */
    int look(byte[] bytes, int from, int to) {
        UnterminatedString copy = new UnterminatedString(text, 0, length - 1, offset);
        return copy.scan(bytes, from, to);
    }

    /** Reports whether the string is still open behind what was scanned. */
    boolean isOpen() {
        return scanner.isInString();
    }

    /** Adds a line that was scanned, and its line feed. */
    void add(byte[] bytes, int from, int to) {
        int more = to - from + 1;
        if (length + more > text.length) {
            text = Arrays.copyOf(text, Math.max(length + more, length * 2));
        }
        System.arraycopy(bytes, from, text, length, to - from);
        length += more;
        text[length - 1] = '\n';
        scanner.step((byte) '\n');
    }

    /** Returns the lines with what follows them. */
    byte[] with(byte[] bytes, int from, int to) {
        byte[] all = Arrays.copyOf(text, length + to - from);
        System.arraycopy(bytes, from, all, length, to - from);
        return all;
    }

    /** A line's place among the lines. */
    interface Line {
        void read(byte[] bytes, int from, int to, long offset);
    }

    /** Hands over the lines one by one. */
    void forEach(Line line) {
        int from = 0;
        while (from < length) {
            int end = ByteSearch.indexOf('\n', text, from, length);
            line.read(text, from, end, offset + from);
            from = end + 1;
        }
    }
}
