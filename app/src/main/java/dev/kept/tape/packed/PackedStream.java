package dev.kept.tape.packed;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.kept.tape.packed.PackedFileException.Reason;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Unpacks a file that its agent packed ({@code .zst}), within {@link UnpackLimits}. Until it is closed, holds a window
 * of at most {@link UnpackLimits#WINDOW_BYTES} outside the heap, and buffers of 192 KiB in it. Not thread-safe.
 */
public final class PackedStream implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final long PACKED_BYTES_A_READ = 1L << 20;

    private final long mostBytes;
    private final FrameGate gate;
    private final InputStream content;
    private long bytes;

    private PackedStream(long mostBytes, FrameGate gate, InputStream content) {
        this.mostBytes = mostBytes;
        this.gate = gate;
        this.content = content;
    }

    /** Opens a file without following a link. */
    @SuppressWarnings("StreamResourceLeak") // Closed by close, or here where that will not be called.
    public static PackedStream open(Path file, UnpackLimits limits) throws IOException {
        InputStream packed = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        try {
            long mostBytes = limits.most(Files.size(file));
            FrameGate gate = new FrameGate(new BufferedInputStream(packed, BUFFER_BYTES), mostBytes);
            return new PackedStream(
                    mostBytes, gate, new ZstdInputStreamNoFinalizer(gate).setLongMax(UnpackLimits.WINDOW_LOG));
        } catch (LinkageError e) {
            packed.close();
            throw new IOException("the library that unpacks it does not run here: " + e.getMessage(), e);
        } catch (IOException e) {
            packed.close();
            throw e;
        }
    }

    /**
     * Reads the next bytes of the content.
     *
     * @return number of bytes; 0 if much was read without output: the next call continues; -1 at the end
     * @throws PackedFileException if it is not, or cannot be, unpacked any further
     */
    public int read(byte[] into) throws IOException {
        gate.pauseAfter(PACKED_BYTES_A_READ);
        int got;
        try {
            got = content.read(into, 0, into.length);
        } catch (FrameGate.Paused goesOn) {
            return 0;
        } catch (ZstdIOException e) {
            throw new PackedFileException(Reason.BROKEN, "it cannot be unpacked to its end: " + e.getMessage());
        }
        bytes += Math.max(0, got);
        if (bytes > mostBytes) {
            throw FrameGate.tooLarge(mostBytes);
        }
        return got;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
