package dev.kept.json;

import java.io.IOException;
import java.io.InputStream;

/**
 * A reader of a stream line by line: a stream that ends with each line, so that no line is ever held whole. Not
 * thread-safe.
 */
public final class LineStream extends InputStream {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream source;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private boolean lineEnded = true;
    private boolean blank;

    /** Creates a line stream; closing it closes the source. */
    public LineStream(InputStream source) {
        this.source = source;
    }

    /** Skips the rest of the line and moves to the next one; returns false if there is none. */
    public boolean next() throws IOException {
        while (!lineEnded) {
            skipInBuffer();
        }
        if (!fill()) {
            return false;
        }
        lineEnded = false;
        blank = true;
        return true;
    }

    /** Reports whether only blanks were read of the line. */
    public boolean isBlank() {
        return blank;
    }

    private void skipInBuffer() throws IOException {
        if (!fill()) {
            lineEnded = true;
            return;
        }
        while (at < end) {
            if (buffer[at++] == '\n') {
                lineEnded = true;
                return;
            }
        }
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, source.read(buffer));
        }
        return at < end;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (lineEnded || !fill()) {
            lineEnded = true;
            return -1;
        }
        int count = 0;
        while (count < length && at < end && !lineEnded) {
            byte next = buffer[at++];
            lineEnded = next == '\n';
            if (!lineEnded) {
                blank &= next <= ' ' && next >= 0;
                into[from + count++] = next;
            }
        }
        return count == 0 && lineEnded ? -1 : count;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
