package dev.kept.tape;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Checks blocks of a plain segment against the checksums noted for them ({@link SumFile}). Holds nothing but a file
 * descriptor. Not thread-safe.
 */
final class BlockCheck implements Closeable {
    private final Path plain;
    private final @Nullable FileChannel sums;

    private BlockCheck(Path plain, @Nullable FileChannel sums) {
        this.plain = plain;
        this.sums = sums;
    }

    /**
     * Opens the checksums of a plain segment's file; without checksums, or with checksums of another format, every
     * block passes.
     */
    static BlockCheck of(Path plain) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(SumFile.of(plain), StandardOpenOption.READ);
        } catch (NoSuchFileException none) {
            // Every segment of less than a block has none.
            return new BlockCheck(plain, null);
        }
        boolean ours = false;
        try {
            ours = SumFile.isOurs(channel);
        } finally {
            if (!ours) {
                channel.close();
            }
        }
        return new BlockCheck(plain, ours ? channel : null);
    }

    /**
     * Reports whether a whole block is as it was written; true if no checksum was noted.
     *
     * @param block its number in the segment, from 0
     * @param from index of its first byte in {@code bytes}
     */
    boolean isAsWritten(long block, byte[] bytes, int from) throws IOException {
        OptionalInt noted = sum(block);
        return noted.isEmpty() || noted.getAsInt() == Crc32c.of(bytes, from, SumFile.BLOCK_BYTES);
    }

    /** Returns the noted checksum of a block; empty if there is none, or if its entry is damaged. */
    OptionalInt sum(long block) throws IOException {
        FileChannel open = sums;
        if (open == null) {
            return OptionalInt.empty();
        }
        ByteBuffer entry = SumFile.little(SumFile.ENTRY_BYTES);
        long at = SumFile.HEADER_BYTES + block * SumFile.ENTRY_BYTES;
        while (entry.hasRemaining() && open.read(entry, at + entry.position()) > 0) {
            // Repeats until the entry is whole.
        }
        if (entry.hasRemaining()) {
            return OptionalInt.empty();
        }
        int sum = entry.flip().getInt();
        return entry.getInt() == SumFile.check(block, sum) ? OptionalInt.of(sum) : OptionalInt.empty();
    }

    /** Returns the exception for a block that fails the check. */
    DamagedTapeException damaged(long block) {
        long from = block * SumFile.BLOCK_BYTES;
        return new DamagedTapeException(
                plain, from, from + SumFile.BLOCK_BYTES, "they differ from those that were written");
    }

    @Override
    public void close() throws IOException {
        FileChannel open = sums;
        if (open != null) {
            open.close();
        }
    }
}
