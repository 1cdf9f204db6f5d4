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
 * Bytes that wait outside the heap: a file in {@code state/} that has no name as soon as it is open, so that it ends with
 * the process. Its places have sizes of powers of two and are used again. Nothing here is forced to disk: it is never
 * needed after a crash. Not thread-safe.
 */
public final class SwapFile implements Closeable {
    private static final int LEAST_BYTES = 256;

    /** The runtime copies what it reads and writes through a buffer as large as that: few bytes at a time. */
    private static final int STEP_BYTES = 32 * 1024;

    private final FileChannel channel;
    private final Map<Integer, ArrayDeque<Long>> free = new HashMap<>();
    private long end;

    /** @param directory one that exists */
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

    /** Where bytes wait. */
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
                    throw new EOFException("the parking file ends before " + place);
                }
            }
        }
        return bytes;
    }

    /** The bytes are not needed any more. */
    void free(Place place) {
        free.computeIfAbsent(size(place.length()), _ -> new ArrayDeque<>(4)).addLast(place.offset());
    }

    /** How long the file is. */
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
