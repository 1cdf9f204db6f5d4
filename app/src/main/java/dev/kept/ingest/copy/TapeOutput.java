package dev.kept.ingest.copy;

import dev.kept.ingest.source.TapeWriteException;
import dev.kept.tape.Tape;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Appends small pieces to a tape through a direct buffer. Owned by the ingest thread. */
final class TapeOutput {
    private final Tape tape;
    private final ByteBuffer buffer;

    /** @param buffer used until {@link #flush}; not for anything else meanwhile */
    TapeOutput(Tape tape, ByteBuffer buffer) {
        this.tape = tape;
        this.buffer = buffer.clear();
    }

    void write(byte[] bytes) throws IOException {
        write(bytes, bytes.length);
    }

    void write(byte[] bytes, int length) throws IOException {
        int from = 0;
        while (from < length) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int count = Math.min(buffer.remaining(), length - from);
            buffer.put(bytes, from, count);
            from += count;
        }
    }

    void write(char ascii) throws IOException {
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.put((byte) ascii);
    }

    /** @throws TapeWriteException if the tape cannot be written */
    void flush() throws IOException {
        try {
            tape.append(buffer.flip());
        } catch (IOException e) {
            throw new TapeWriteException(e);
        }
        buffer.clear();
    }
}
