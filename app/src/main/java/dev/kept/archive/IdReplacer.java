package dev.kept.archive;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A stream that replaces JSON strings that consist of an id; a text that mentions an id stays unchanged. The ids of
 * subagents are also replaced where they are a member of JSON inside a string, as in calls and results of tools.
 */
final class IdReplacer extends FilterOutputStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Map<String, byte[]> wholes = new HashMap<>();
    private final Map<String, byte[]> inner = new HashMap<>();
    private final byte[] ready = new byte[BUFFER_BYTES];
    private final byte[] held;
    private int readyLength;
    /** Number of bytes held since a quote, which may be an id; -1 if no string is open. */
    private int heldLength = -1;

    private byte previous;
    /** True if the last quote written is inside a string. */
    private boolean escaped;

    private boolean innerString;
    private boolean innerMember;
    /** True after an id inside a string, which is a key if a colon follows. */
    private boolean maybeKey;

    /** The last bytes written, except spaces. */
    private int last;

    private int secondLast;
    private int thirdLast;
    private int fourthLast;

    IdReplacer(OutputStream out, Restoration.NewIds ids) {
        super(out);
        int longest = 0;
        for (Map.Entry<String, String> id : ids.after().entrySet()) {
            byte[] after = id.getValue().getBytes(StandardCharsets.UTF_8);
            wholes.put(latin(id.getKey().getBytes(StandardCharsets.UTF_8)), after);
            longest = Math.max(longest, id.getKey().getBytes(StandardCharsets.UTF_8).length);
            if (ids.ofSubagents().contains(id.getKey())) {
                inner.put(latin(id.getKey().getBytes(StandardCharsets.UTF_8)) + "\\", after);
            }
        }
        held = new byte[longest + 1];
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void write(int b) throws IOException {
        accept((byte) b);
        flushReady();
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        for (int i = from; i < from + count; i++) {
            accept(bytes[i]);
        }
        flushReady();
    }

    private void accept(byte b) throws IOException {
        if (maybeKey) {
            maybeKey = false;
            endInner(b == ':');
        }
        if (heldLength < 0) {
            put(b);
            if (b == '"') {
                open();
            }
        } else if (b == '"') {
            endString();
        } else if (heldLength == held.length) {
            release();
            put(b);
        } else {
            held[heldLength++] = b;
        }
    }

    /** Opens a string after its quote was written. */
    private void open() {
        heldLength = 0;
        innerString = escaped;
        boolean behindAnother = (thirdLast == ':' || thirdLast == ',') && fourthLast == '"';
        innerMember = innerString && (thirdLast == '[' || behindAnother);
    }

    /** Ends the held string at its closing quote. */
    private void endString() throws IOException {
        String text = new String(held, 0, heldLength, StandardCharsets.ISO_8859_1);
        if (!innerString && wholes.containsKey(text)) {
            put(wholes.getOrDefault(text, held));
            heldLength = -1;
            put((byte) '"');
        } else if (innerString && inner.containsKey(text)) {
            if (innerMember) {
                endInner(true);
            } else {
                maybeKey = true;
            }
        } else {
            release();
            put((byte) '"');
            open();
        }
    }

    private void endInner(boolean replaced) throws IOException {
        String text = new String(held, 0, heldLength, StandardCharsets.ISO_8859_1);
        if (replaced) {
            put(inner.getOrDefault(text, held));
            put((byte) '\\');
            heldLength = -1;
            put((byte) '"');
        } else {
            release();
            put((byte) '"');
            open();
        }
    }

    private void release() throws IOException {
        int length = heldLength;
        heldLength = -1;
        for (int i = 0; i < length; i++) {
            put(held[i]);
        }
    }

    private void put(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            put(b);
        }
    }

    private void put(byte b) throws IOException {
        if (readyLength == ready.length) {
            flushReady();
        }
        escaped = b == '"' && previous == '\\';
        previous = b;
        ready[readyLength++] = b;
        if (b != ' ') {
            fourthLast = thirdLast;
            thirdLast = secondLast;
            secondLast = last;
            last = b;
        }
    }

    private void flushReady() throws IOException {
        out.write(ready, 0, readyLength);
        readyLength = 0;
    }

    /** Writes the held bytes, which may have been the beginning of an id. */
    void finish() throws IOException {
        if (maybeKey) {
            maybeKey = false;
            endInner(false);
        }
        release();
        flushReady();
    }
}
