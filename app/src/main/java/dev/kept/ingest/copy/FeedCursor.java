package dev.kept.ingest.copy;

import dev.kept.ingest.source.ResumePoint;
import dev.kept.tape.Tape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** How far a tape was handed on to be read: one generation after the other. Owned by the ingest thread. */
public final class FeedCursor {
    private final Tape tape;
    private int generation = 1;
    private long offset;

    FeedCursor(Tape tape) {
        this.tape = tape;
    }

    /** Hands on from there, not from the beginning. */
    void resume(ResumePoint point) {
        generation = point.generation();
        offset = point.offset();
    }

    /** The generation of the byte that is handed on next. */
    public int generation() {
        return generation;
    }

    /** Where in its generation the byte stands that is handed on next. */
    public long offset() {
        return offset;
    }

    /** Bytes on tape that were not handed on; while that is another generation than the newest, all of the newest. */
    long left() {
        return generation == tape.generation() ? tape.length() - offset : tape.length();
    }

    /** Whether bytes of the tape wait to be handed on, or a generation to be begun. */
    public boolean hasMore() {
        return generation < tape.generation() || offset < tape.length();
    }

    /**
     * Reads the next bytes to hand on.
     *
     * @param buffer for reading; only used while the call lasts
     * @return how many; 0 when the generation is through and the next one was begun
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
