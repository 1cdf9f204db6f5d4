package dev.kept.tape;

import dev.kept.config.PrivateFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * The sums of a plain segment's whole blocks, beside it: {@code sums-0001} for {@code 0001.jsonl}. Written by the tape as
 * blocks become whole, read by {@link BlockCheck}. Why so: docs/decisions/0071.
 *
 * <pre>
 * "KSUM" 1 16 0 0        of this format, for blocks of 2^16 bytes
 * sum check …            of each block: its CRC-32C, and that of the block's number and the sum
 * </pre>
 *
 * All numbers of an entry have 32 bits, the lowest first. An entry whose check does not fit it (a hole, a torn end, damage)
 * says nothing of its block. Nothing is forced, and a sum that could not be written is missing: that costs the check of its
 * block alone, and never a byte of the tape. What must hold is that no entry ever stands for other bytes than those of the tape:
 * where the tape is shorter than they tell (a power cut, a group that is taken back), {@link #cut} removes them for good before
 * anything else comes to stand there.
 */
final class SumFile {
    /** Bytes of the source that a sum is of. */
    static final int BLOCK_BYTES = 1 << 16;

    static final int HEADER_BYTES = 8;
    static final int ENTRY_BYTES = 8;
    /** The header as a number, lowest byte first. */
    static final long HEADER = 0x1001_4D55_534BL;

    private static final String PREFIX = "sums-";
    private static final int READ_BYTES = 16 * 1024;

    /** How many blocks without a sum are read again when a tape is gone on with. */
    private static final int MOST_BEHIND = 64;

    private final Path file;

    /** @param plain the segment's file */
    SumFile(Path plain) {
        this.file = of(plain);
    }

    /** Where the sums of a plain segment are. */
    static Path of(Path plain) {
        String name = String.valueOf(plain.getFileName());
        return plain.resolveSibling(PREFIX + name.substring(0, name.lastIndexOf('.')));
    }

    /** Whether so many bytes at that place make a block whole. */
    static boolean endsABlock(long at, int count) {
        return at % BLOCK_BYTES + count >= BLOCK_BYTES;
    }

    /** What stands behind a sum and tells that it is one. */
    static int check(long block, int sum) {
        byte[] both =
                little(Long.BYTES + Integer.BYTES).putLong(block).putInt(sum).array();
        return Crc32c.of(both, 0, both.length);
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Takes bytes that were added to the segment, and writes the sums of the blocks that are whole now.
     *
     * @param at where in the segment they were put
     * @param begun the sum of what stands before them in their block
     * @return the sum of what stands in the block that is begun now
     */
    int append(long at, int begun, ByteBuffer bytes) {
        int within = (int) (at % BLOCK_BYTES);
        int limit = bytes.limit();
        long block = at / BLOCK_BYTES;
        ByteBuffer entries = little((within + bytes.remaining()) / BLOCK_BYTES * ENTRY_BYTES);
        int sum = begun;
        while (bytes.position() < limit) {
            int count = Math.min(BLOCK_BYTES - within, limit - bytes.position());
            sum = Crc32c.join(sum, Crc32c.of(bytes.limit(bytes.position() + count)), count);
            within += count;
            if (within == BLOCK_BYTES) {
                entries.putInt(sum).putInt(check(block + entries.position() / ENTRY_BYTES, sum));
                sum = 0;
                within = 0;
            }
        }
        bytes.limit(limit);
        if (entries.position() > 0) {
            write(block, entries.flip());
        }
        return sum;
    }

    private void write(long block, ByteBuffer entries) {
        try (FileChannel channel =
                PrivateFiles.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
            if (channel.size() < HEADER_BYTES) {
                writeAll(channel, 0, little(HEADER_BYTES).putLong(HEADER).flip());
            }
            writeAll(channel, HEADER_BYTES + block * ENTRY_BYTES, entries);
        } catch (IOException e) {
            // These blocks have no sum then: nothing else hangs on it.
        }
    }

    private static void writeAll(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /**
     * Goes on with a tape that was opened: removes what tells of bytes that it does not have, and adds the sums of its last
     * blocks if they are missing.
     *
     * @param plain the segment, read as far as it is not summed: less than a block, unless a crash came before sums were
     *     written
     * @param length how long it is
     * @return the sum of what stands in the block that is begun
     * @throws IOException if the segment cannot be read
     */
    int resume(FileChannel plain, long length) throws IOException {
        cut(length);
        long whole = length / BLOCK_BYTES;
        long from = Math.max(Math.min(written(), whole), whole - MOST_BEHIND) * BLOCK_BYTES;
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(READ_BYTES, length - from));
        int sum = 0;
        for (long at = from; at < length; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), length - at));
            while (buffer.hasRemaining()) {
                if (plain.read(buffer, at + buffer.position()) < 0) {
                    throw new EOFException("ends before " + length);
                }
            }
            sum = append(at, sum, buffer.flip());
        }
        return sum;
    }

    private long written() throws IOException {
        return Files.exists(file) ? Math.max(0, Files.size(file) - HEADER_BYTES) / ENTRY_BYTES : 0;
    }

    /** Removes what tells of more than so many bytes of the segment, and all of it if it is of another format; for good. */
    void cut(long length) {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long keep = isOurs(channel) ? HEADER_BYTES + length / BLOCK_BYTES * ENTRY_BYTES : 0;
            if (channel.size() > keep) {
                channel.truncate(keep);
                channel.force(true);
            }
        } catch (IOException e) {
            remove();
        }
    }

    static boolean isOurs(FileChannel channel) throws IOException {
        ByteBuffer header = little(HEADER_BYTES);
        while (header.hasRemaining() && channel.read(header, header.position()) > 0) {
            // Until it is whole.
        }
        return !header.hasRemaining() && header.flip().getLong() == HEADER;
    }

    /** Removes it: the segment is gone, or what stands in it cannot be told. */
    void remove() {
        try {
            if (Files.deleteIfExists(file)) {
                DurableFiles.forceParent(file);
            }
        } catch (IOException e) {
            // Where even this fails, the tape cannot be written either.
        }
    }
}
