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
 * The checksums of a plain segment's whole blocks, in a file beside it: {@code sums-0001} for {@code 0001.jsonl}.
 * Written by the tape as blocks become whole, read by {@link BlockCheck}. See docs/decisions/0071.
 *
 * <pre>
 * "KSUM" 1 16 0 0        of this format, for blocks of 2^16 bytes
 * sum check …            of each block: its CRC-32C, and that of the block's number and the sum
 * </pre>
 *
 * All numbers of an entry have 32 bits, the lowest byte first. An entry whose check value does not match (a hole, a
 * torn end, damage) is ignored. Nothing is forced, and a checksum that could not be written is missing: that costs only
 * the check of its block, and never a byte of the tape. The invariant is that no entry ever describes other bytes than
 * those of the tape: if the tape is shorter than its entries (a power cut, a group that was removed), {@link #cut}
 * durably removes them before other bytes are written there.
 */
final class SumFile {
    /** The number of source bytes that a checksum covers. */
    static final int BLOCK_BYTES = 1 << 16;

    static final int HEADER_BYTES = 8;
    static final int ENTRY_BYTES = 8;
    /** The header as a number, lowest byte first. */
    static final long HEADER = 0x1001_4D55_534BL;

    private static final String PREFIX = "sums-";
    private static final int READ_BYTES = 16 * 1024;

    /** The most blocks without a checksum that are read again when a tape is resumed. */
    private static final int MOST_BEHIND = 64;

    private final Path file;

    /** @param plain the segment's file */
    SumFile(Path plain) {
        this.file = of(plain);
    }

    /** Returns the file with the checksums of a plain segment. */
    static Path of(Path plain) {
        String name = String.valueOf(plain.getFileName());
        return plain.resolveSibling(PREFIX + name.substring(0, name.lastIndexOf('.')));
    }

    /** Reports whether so many bytes at that position complete a block. */
    static boolean endsABlock(long at, int count) {
        return at % BLOCK_BYTES + count >= BLOCK_BYTES;
    }

    /** Returns the check value that follows a checksum in its entry. */
    static int check(long block, int sum) {
        byte[] both =
                little(Long.BYTES + Integer.BYTES).putLong(block).putInt(sum).array();
        return Crc32c.of(both, 0, both.length);
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Accounts for bytes that were appended to the segment, and writes the checksums of the blocks that are complete
     * now.
     *
     * @param at position in the segment at which they were appended
     * @param begun checksum of the bytes before them in their block
     * @return checksum of the bytes in the block that is incomplete now
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
            // These blocks have no checksum then: nothing else depends on it.
        }
    }

    private static void writeAll(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /**
     * Resumes the checksums of a tape that was opened: removes entries beyond its end, and adds missing checksums of
     * its last blocks.
     *
     * @param plain the segment, of which bytes without a checksum are read: less than a block, unless a crash came
     *     before checksums were written
     * @param length length of the segment
     * @return checksum of the bytes in the block that is incomplete
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

    /**
     * Durably removes the entries beyond so many bytes of the segment, or the whole file if it is of another format.
     */
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

    /** Deletes the file: the segment is gone, or its state is unknown. */
    void remove() {
        try {
            if (Files.deleteIfExists(file)) {
                DurableFiles.forceParent(file);
            }
        } catch (IOException e) {
            // If even this fails, the tape cannot be written either.
        }
    }
}
