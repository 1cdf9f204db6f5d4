package dev.kept.recording.render;

import dev.kept.recording.journal.Mark;
import dev.kept.recording.writer.Asset;
import dev.kept.recording.writer.Rendered;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Text that waits to be written, in pieces of at most {@link #MAX_BYTES}. Small texts are joined, large ones are cut,
 * at a line end if there is one in the second half. Owned by the pipeline thread.
 */
public final class PendingText {
    /** Limit for the bytes of one piece. */
    static final int MAX_BYTES = 64 * 1024;

    /**
     * A text, and the mark after it.
     *
     * @param bytes its length in UTF-8
     */
    public record Piece(String text, List<Asset> assets, Mark after, int bytes) {
        public Piece {
            assets = List.copyOf(assets);
        }

        public static Piece of(Rendered rendered, Mark after) {
            return new Piece(rendered.text(), rendered.assets(), after, utf8Length(rendered.text()));
        }

        /** Returns its memory in bytes, texts for files beside the note included. */
        private long heldBytes() {
            return bytes + assets.stream().mapToLong(Asset::heldChars).sum();
        }

        private Piece plus(Piece later) {
            List<Asset> both = new ArrayList<>(assets);
            both.addAll(later.assets);
            return new Piece(text + later.text, both, later.after, bytes + later.bytes);
        }
    }

    private final Deque<Piece> waiting = new ArrayDeque<>();
    private long bytes;

    /** Returns the memory of all pieces, in bytes. */
    public long bytes() {
        return bytes;
    }

    public void clear() {
        waiting.clear();
        bytes = 0;
    }

    public Optional<Piece> poll() {
        Optional<Piece> first = Optional.ofNullable(waiting.poll());
        first.ifPresent(piece -> bytes -= piece.heldBytes());
        return first;
    }

    /** Adds text that was rendered between two marks. */
    public void add(Rendered rendered, Mark from, Mark to) {
        String text = rendered.text();
        List<Asset> assets = rendered.assets();
        Mark at = from;
        for (int start = 0; start < text.length(); ) {
            int end = end(text, start);
            String part = text.substring(start, end);
            int length = utf8Length(part);
            at = end == text.length() ? to : at.plus(length);
            put(new Piece(part, assets, at, length));
            assets = List.of();
            start = end;
        }
    }

    private void put(Piece piece) {
        Piece last = waiting.peekLast();
        if (last != null && last.bytes() + piece.bytes() <= MAX_BYTES) {
            waiting.removeLast();
            waiting.addLast(last.plus(piece));
        } else {
            waiting.addLast(piece);
        }
        bytes += piece.heldBytes();
    }

    /** Returns the end of the piece that begins at an index. */
    private static int end(String text, int start) {
        int length = 0;
        int lineEnd = -1;
        int at = start;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            length += utf8Length(c);
            if (length > MAX_BYTES) {
                return lineEnd > 0 ? lineEnd : at;
            }
            at += Character.charCount(c);
            if (c == '\n' && length > MAX_BYTES / 2) {
                lineEnd = at;
            }
        }
        return at;
    }

    private static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Returns a text without its first bytes, which must end at a character boundary. */
    static String without(String text, long bytes) {
        int at = 0;
        for (long left = bytes; left > 0 && at < text.length(); ) {
            int c = text.codePointAt(at);
            left -= utf8Length(c);
            at += Character.charCount(c);
        }
        return text.substring(at);
    }
}
