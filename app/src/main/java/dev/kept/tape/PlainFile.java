package dev.kept.tape;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads from any position of a plain segment of a tape, which may grow meanwhile. Optionally checks whole blocks
 * against their checksums; it then holds one of them. Not thread-safe.
 */
final class PlainFile implements Closeable {
    /**
     * The number of attempts to read a block. A block and its checksum are in two files, and may be read at different
     * states while a group is removed and others are appended.
     */
    private static final int ATTEMPTS = 3;

    private final FileChannel channel;
    private final @Nullable BlockCheck check;
    private byte[] held = new byte[0];
    private long heldBlock = -1;

    private PlainFile(FileChannel channel, @Nullable BlockCheck check) {
        this.channel = channel;
        this.check = check;
    }

    static PlainFile open(Path file, boolean checked) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new PlainFile(channel, checked ? BlockCheck.of(file) : null);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Reads bytes from a position; at most one block if they are checked.
     *
     * @return number of bytes, at least 1; -1 at the end
     * @throws DamagedTapeException if they are checked, and not as they were written
     */
    int read(long position, ByteBuffer into) throws IOException {
        BlockCheck by = check;
        if (by == null) {
            return channel.read(into, position);
        }
        long block = position / SumFile.BLOCK_BYTES;
        if (block != heldBlock) {
            hold(block, by);
        }
        int from = (int) (position % SumFile.BLOCK_BYTES);
        int count = Math.min(held.length - from, into.remaining());
        if (count <= 0) {
            return -1;
        }
        into.put(held, from, count);
        return count;
    }

    private void hold(long block, BlockCheck by) throws IOException {
        heldBlock = -1;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            held = bytesOf(block);
            if (held.length < SumFile.BLOCK_BYTES) {
                // The file may grow: the next call reads this block again.
                return;
            }
            if (by.isAsWritten(block, held, 0)) {
                heldBlock = block;
                return;
            }
        }
        throw by.damaged(block);
    }

    private byte[] bytesOf(long block) throws IOException {
        byte[] bytes = held.length == SumFile.BLOCK_BYTES ? held : new byte[SumFile.BLOCK_BYTES];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        long at = block * SumFile.BLOCK_BYTES;
        while (into.hasRemaining() && channel.read(into, at + into.position()) > 0) {
            // Until the block is whole or the file ends.
        }
        return into.hasRemaining() ? Arrays.copyOf(bytes, into.position()) : bytes;
    }

    long heldBytes() {
        return held.length;
    }

    @Override
    public void close() throws IOException {
        BlockCheck by = check;
        if (by != null) {
            by.close();
        }
        channel.close();
    }
}
