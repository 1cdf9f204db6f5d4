package dev.kept.daemon.source;

import dev.kept.config.PrivateFiles;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Storage outside the heap: a file in {@code state/} that is unlinked as soon as it is open, so that it ends with the
 * process. Its slots have sizes of powers of two and are reused. Nothing is forced to disk: the file is never needed
 * after a crash. Not thread-safe.
 */
public final class SwapFile implements Closeable {
    private static final int LEAST_BYTES = 256;

    /** Bytes per read or write; the runtime copies them through a buffer of the same size. */
    private static final int STEP_BYTES = 32 * 1024;

    private final FileChannel channel;
    private final Map<Integer, ArrayDeque<Long>> free = new HashMap<>();
    private long end;

    /**
     * Opens a file.
     *
     * @param directory an existing directory
     */
    public SwapFile(Path directory) throws IOException {
        Path file = directory.resolve("parked-" + ProcessHandle.current().pid());
        this.channel = PrivateFiles.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
        Files.delete(file);
    }

    /** A range of bytes in the file. */
    record Place(long offset, int length) {}

    Place put(byte[] bytes) throws IOException {
        ArrayDeque<Long> fitting = free.get(size(bytes.length));
        Long used = fitting == null ? null : fitting.pollLast();
        Place place = new Place(used == null ? end : used, bytes.length);
        if (used == null) {
            end += size(bytes.length);
        }
        try {
            write(bytes, place.offset());
        } catch (IOException e) {
            free(place);
            throw e;
        }
        return place;
    }

    private void write(byte[] bytes, long offset) throws IOException {
        for (int from = 0; from < bytes.length; from += STEP_BYTES) {
            ByteBuffer step = ByteBuffer.wrap(bytes, from, Math.min(STEP_BYTES, bytes.length - from));
            while (step.hasRemaining()) {
                channel.write(step, offset + step.position());
            }
        }
    }

    byte[] read(Place place) throws IOException {
        byte[] bytes = new byte[place.length()];
        for (int from = 0; from < bytes.length; from += STEP_BYTES) {
            ByteBuffer step = ByteBuffer.wrap(bytes, from, Math.min(STEP_BYTES, bytes.length - from));
            while (step.hasRemaining()) {
                if (channel.read(step, place.offset() + step.position()) < 0) {
                    throw new EOFException("the swap file ends before " + place);
                }
            }
        }
        return bytes;
    }

    /** Releases bytes that are no longer needed. */
    void free(Place place) {
        free.computeIfAbsent(size(place.length()), _ -> new ArrayDeque<>(4)).addLast(place.offset());
    }

    /** Returns the length of the file. */
    long length() {
        return end;
    }

    private static int size(int length) {
        return Math.max(LEAST_BYTES, Integer.highestOneBit(Math.max(1, length - 1)) << 1);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
