package dev.kept.provider.decode;

import dev.kept.json.ByteSearch;
import dev.kept.json.JsonShrinker;
import dev.kept.json.RecordScanner;
import dev.kept.json.RecordScanner.Step;
import java.util.Arrays;

/**
 * The lines so far of a record whose string is open at the end of a line. Its agent may have written an unescaped line
 * feed into that string, and then the record continues on the next line. Holds at most {@link
 * JsonShrinker#MAX_STRING_BYTES}. Not thread-safe.
 */
final class UnterminatedString {
    private final long offset;
    private final RecordScanner scanner = new RecordScanner();
    private byte[] text = new byte[0];
    private int length;

    /**
     * Creates the record's lines with the first, complete line.
     *
     * @param offset the offset of its first byte in the generation
     */
    UnterminatedString(byte[] bytes, int from, int to, long offset) {
        this.offset = offset;
        scan(bytes, from, to);
        add(bytes, from, to);
    }

    /** Returns the offset of the first line in the generation. */
    long offset() {
        return offset;
    }

    /** Returns the length of the lines in bytes, line feeds included. */
    int length() {
        return length;
    }

    /** Returns the heap that the lines use, in bytes. */
    int heldBytes() {
        return text.length;
    }

    /** Reports whether there is room for one more line. */
    boolean hasRoomFor(int lineLength) {
        return (long) length + lineLength < JsonShrinker.MAX_STRING_BYTES;
    }

    /** Scans the next line of the record. Returns the end of the record in that line; -1 if it does not end there. */
    int scan(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            Step step = scanner.step(bytes[i]);
            if (step != Step.CONTINUES) {
                return step == Step.ENDS ? i + 1 : -1;
            }
        }
        return -1;
    }

    /** Returns the end of the record in a line that may be unfinished; -1 if it does not end there. Changes nothing. */
    int endIn(byte[] bytes, int from, int to) {
        UnterminatedString copy = new UnterminatedString(text, 0, length - 1, offset);
        return copy.scan(bytes, from, to);
    }

    /** Reports whether the string is still open after the scanned bytes. */
    boolean isOpen() {
        return scanner.isInString();
    }

    /** Adds a scanned line and its line feed. */
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

    /** Returns the lines followed by more bytes. */
    byte[] with(byte[] bytes, int from, int to) {
        byte[] all = Arrays.copyOf(text, length + to - from);
        System.arraycopy(bytes, from, all, length, to - from);
        return all;
    }

    /** A consumer of a line and its position among the lines. */
    interface Line {
        void read(byte[] bytes, int from, int to, long offset);
    }

    /** Passes on the lines one by one. */
    void forEach(Line line) {
        int from = 0;
        while (from < length) {
            int end = ByteSearch.indexOf('\n', text, from, length);
            line.read(text, from, end, offset + from);
            from = end + 1;
        }
    }
}
