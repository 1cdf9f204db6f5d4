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
 * Tells whether blocks of a plain segment are those that were written there, as far as their sums were noted ({@link
 * SumFile}). Holds nothing but a file descriptor. Not thread-safe.
 */
final class BlockCheck implements Closeable {
    private final Path plain;
    private final @Nullable FileChannel sums;

    private BlockCheck(Path plain, @Nullable FileChannel sums) {
        this.plain = plain;
        this.sums = sums;
    }

    /** For a plain segment's file; one without sums, or with some of another format, passes whatever it holds. */
    static BlockCheck of(Path plain) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(SumFile.of(plain), StandardOpenOption.READ);
        } catch (NoSuchFileException none) {
            // As with every segment of less than a block.
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
     * Whether a whole block is as it was written; true if nobody noted its sum.
     *
     * @param block its number in the segment, from 0
     * @param from where it stands in {@code bytes}
     */
    boolean isAsWritten(long block, byte[] bytes, int from) throws IOException {
        OptionalInt noted = sum(block);
        return noted.isEmpty() || noted.getAsInt() == Crc32c.of(bytes, from, SumFile.BLOCK_BYTES);
    }

    /** The checksum that was noted of a block; empty if none was, or if its entry is damaged. */
    OptionalInt sum(long block) throws IOException {
        FileChannel open = sums;
        if (open == null) {
            return OptionalInt.empty();
        }
        ByteBuffer entry = SumFile.little(SumFile.ENTRY_BYTES);
        long at = SumFile.HEADER_BYTES + block * SumFile.ENTRY_BYTES;
        while (entry.hasRemaining() && open.read(entry, at + entry.position()) > 0) {
            // Until it is whole.
        }
        if (entry.hasRemaining()) {
            return OptionalInt.empty();
        }
        int sum = entry.flip().getInt();
        return entry.getInt() == SumFile.check(block, sum) ? OptionalInt.of(sum) : OptionalInt.empty();
    }

    /** What is said of a block that is not. */
    DamagedTapeException damaged(long block) {
        long from = block * SumFile.BLOCK_BYTES;
        return new DamagedTapeException(
                plain, from, from + SumFile.BLOCK_BYTES, "they are not those that were written there");
    }

    @Override
    public void close() throws IOException {
        FileChannel open = sums;
        if (open != null) {
            open.close();
        }
    }
}
