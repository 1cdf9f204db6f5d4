package dev.kept.ingest;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.kept.tape.Tape;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Reads a source that its agent packed ({@code .zst}) as if it were the plain file: from its beginning, compared with the
 * tape as far as that goes, copied from there on.
 *
 * <p>A packed file cannot be read from the middle, so it is read whole, a slice at a time, once for each time that it
 * changed. It holds a window of the stream (2 MiB for what agents write) and two blocks until it is closed; ingest has one
 * at a time. Owned by the ingest thread.
 */
final class PackedReading implements Closeable {
    static final String SUFFIX = ".zst";
    private static final int BLOCK_BYTES = 64 * 1024;

    private final InputStream source;
    private final String startedAt;
    private final byte[] block = new byte[BLOCK_BYTES];
    private long at;

    /** @param startedAt the file's {@link FileFacts#changedAt} before its first byte is read */
    PackedReading(Path path, String startedAt) throws IOException {
        InputStream packed = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
        try {
            this.source = new ZstdInputStreamNoFinalizer(packed);
        } catch (LinkageError e) {
            packed.close();
            throw new IOException("the library that unpacks it does not run here: " + e.getMessage(), e);
        } catch (IOException e) {
            packed.close();
            throw e;
        }
        this.startedAt = startedAt;
    }

    /** True for a file that is read this way. */
    static boolean isPacked(Path path) {
        return path.toString().endsWith(SUFFIX);
    }

    String startedAt() {
        return startedAt;
    }

    /**
     * Reads about {@code budget} more bytes, counted unpacked.
     *
     * @return true once all of the file is on tape
     */
    boolean goOn(Tape tape, ByteBuffer buffer, ByteBuffer other, long budget, Instant now) throws IOException {
        long stop = at + budget;
        while (at < stop) {
            int got = source.readNBytes(block, 0, BLOCK_BYTES);
            if (got == 0) {
                if (at < tape.length()) {
                    tape.beginGeneration(at, "the file became shorter", now);
                }
                return true;
            }
            int known = known(tape, got, other, now);
            append(tape, buffer.clear().put(block, known, got - known).flip());
            at += got;
        }
        return false;
    }

    /** How many bytes of the block are on tape; where they differ, a generation begins. */
    private int known(Tape tape, int got, ByteBuffer other, Instant now) throws IOException {
        int both = Math.clamp(tape.length() - at, 0, got);
        if (both == 0) {
            return 0;
        }
        other.clear().limit(both);
        while (other.hasRemaining() && tape.read(tape.generation(), at + other.position(), other) > 0) {
            // Until the block is whole.
        }
        int mismatch = other.flip().mismatch(ByteBuffer.wrap(block, 0, both));
        if (mismatch < 0) {
            return both;
        }
        tape.beginGeneration(at + mismatch, "its bytes changed in place", now);
        return mismatch;
    }

    private static void append(Tape tape, ByteBuffer bytes) throws TapeTrouble {
        try {
            tape.append(bytes);
        } catch (IOException e) {
            throw new TapeTrouble(e);
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
