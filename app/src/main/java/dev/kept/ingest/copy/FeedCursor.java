package dev.kept.ingest.copy;

import dev.kept.ingest.source.ResumePoint;
import dev.kept.tape.Tape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The position on a tape up to which it was handed on: one generation after the other. Owned by the ingest thread. */
public final class FeedCursor {
    private final Tape tape;
    private int generation = 1;
    private long offset;

    FeedCursor(Tape tape) {
        this.tape = tape;
    }

    /** Starts from there, not from the beginning. */
    void resume(ResumePoint point) {
        generation = point.generation();
        offset = point.offset();
    }

    /** Returns the generation of the next byte to hand on. */
    public int generation() {
        return generation;
    }

    /** Returns the offset in its generation of the next byte to hand on. */
    public long offset() {
        return offset;
    }

    /** Returns the bytes on tape that were not handed on; while an older generation is handed on, all of the newest. */
    long left() {
        return generation == tape.generation() ? tape.length() - offset : tape.length();
    }

    /** Reports whether bytes of the tape wait to be handed on, or a generation to be begun. */
    public boolean hasMore() {
        return generation < tape.generation() || offset < tape.length();
    }

    /**
     * Reads the next bytes to hand on.
     *
     * @param buffer for reading; only used while the call lasts
     * @return number of bytes; 0 when the generation is complete and the next one was begun
     */
    public int read(ByteBuffer buffer, byte[] into) throws IOException {
        buffer.clear().limit(Math.min(buffer.capacity(), into.length));
        int got = tape.read(generation, offset, buffer);
        if (got > 0) {
            buffer.flip().get(into, 0, got);
            offset += got;
            return got;
        }
        if (generation == tape.generation()) {
            throw new EOFException("ends at " + offset + ", before its length of " + tape.length());
        }
        generation++;
        offset = 0;
        return 0;
    }
}
