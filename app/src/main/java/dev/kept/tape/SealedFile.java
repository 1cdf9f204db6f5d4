package dev.kept.tape;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Reads from any position of a sealed segment of a tape. {@code zstdcat} reads it, too.
 *
 * <pre>
 * frame …                 zstd, each by itself, with its length and a checksum of its content
 * 5D 2A 4D 18 length      a frame that zstd skips, the note of Kept:
 *   "KEPT" 1                of this format
 *   CRC-32                  of the table of contents and the end
 *   end                     the last bytes of the content, at most {@value #END_BYTES}, as they are
 * 5E 2A 4D 18 length      a frame that zstd skips, the table of contents of zstd's seekable format:
 *   packed, unpacked …      the lengths of each frame
 *   frames 0 B1 EA 92 8F
 * </pre>
 *
 * All numbers have 32 bits, the lowest byte first, except the 1 and the 0, which are a byte each. The end is stored
 * unpacked so that a restart can check, without unpacking, whether a source is still the one that was copied.
 *
 * <p>Holds the table, and after the first read one unpacked frame of {@value #MOST_FRAME_BYTES} bytes at most. Not
 * thread-safe.
 */
final class SealedFile implements Closeable {
    static final int NOTE_MAGIC = 0x184D2A5D;
    static final int TABLE_MAGIC = 0x184D2A5E;
    static final int FOOTER_MAGIC = 0x8F92EAB1;
    static final int NOTE_NAME = 0x5450454B;
    static final byte NOTE_FORMAT = 1;
    static final int END_BYTES = 256;
    static final int MOST_FRAME_BYTES = 1024 * 1024;

    static final int HEADER_BYTES = 8;
    static final int ENTRY_BYTES = 8;
    static final int FOOTER_BYTES = 9;
    static final int NOTE_FIXED_BYTES = 9;

    /** The size of the first read: enough for the note and the table of a source of some ten megabytes. */
    private static final int FIRST_READ_BYTES = 1024;

    private static final int READ_BYTES = 64 * 1024;

    private final Path file;
    private final FileChannel channel;
    private final long[] positions;
    private final long[] ends;
    private final byte[] end;
    private int frame = -1;
    private byte @Nullable [] unpacked;

    private SealedFile(Path file, FileChannel channel, long[] positions, long[] ends, byte[] end) {
        this.file = file;
        this.channel = channel;
        this.positions = positions;
        this.ends = ends;
        this.end = end;
    }

    /**
     * Opens a sealed file. Reads only its table, and does not need the library that unpacks.
     *
     * @throws DamagedTapeException if its table or its end are not as they were written
     */
    static SealedFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return read(file, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static SealedFile read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer last = last(channel, size, (int) Math.min(size, FIRST_READ_BYTES));
        int footer = last.limit() - FOOTER_BYTES;
        if (footer < 0 || last.getInt(footer + 5) != FOOTER_MAGIC || last.get(footer + 4) != 0) {
            throw damaged(file, size, "its table is missing at its end");
        }
        long frames = last.getInt(footer) & 0xFFFFFFFFL;
        long tableBytes = HEADER_BYTES + ENTRY_BYTES * frames + FOOTER_BYTES;
        long noteMostBytes = HEADER_BYTES + NOTE_FIXED_BYTES + END_BYTES;
        if (tableBytes > size || tableBytes > Integer.MAX_VALUE / 2) {
            throw damaged(file, size, "its table is longer than it");
        }
        if (tableBytes + noteMostBytes > last.limit()) {
            last = last(channel, size, (int) Math.min(size, tableBytes + noteMostBytes));
        }
        return parsed(file, channel, size, last, (int) frames, (int) tableBytes);
    }

    private static SealedFile parsed(
            Path file, FileChannel channel, long size, ByteBuffer last, int frames, int tableBytes) throws IOException {
        int table = last.limit() - tableBytes;
        long[] positions = new long[frames + 1];
        long[] ends = new long[frames];
        long length = 0;
        for (int i = 0; i < frames; i++) {
            int packed = last.getInt(table + HEADER_BYTES + ENTRY_BYTES * i);
            int bytes = last.getInt(table + HEADER_BYTES + ENTRY_BYTES * i + 4);
            if (packed <= 0 || bytes <= 0 || bytes > MOST_FRAME_BYTES) {
                throw damaged(file, size, "its table is not one");
            }
            positions[i + 1] = positions[i] + packed;
            length += bytes;
            ends[i] = length;
        }
        int endBytes = (int) Math.min(END_BYTES, length);
        int note = table - HEADER_BYTES - NOTE_FIXED_BYTES - endBytes;
        if (note < 0
                || positions[frames] + last.limit() - note != size
                || last.getInt(table) != TABLE_MAGIC
                || last.getInt(table + 4) != tableBytes - HEADER_BYTES
                || last.getInt(note) != NOTE_MAGIC
                || last.getInt(note + 8) != NOTE_NAME
                || last.get(note + 12) != NOTE_FORMAT) {
            throw damaged(file, size, "its table does not fit it");
        }
        CRC32 crc = new CRC32();
        crc.update(last.duplicate().position(note + HEADER_BYTES + NOTE_FIXED_BYTES));
        if ((int) crc.getValue() != last.getInt(note + 13)) {
            throw damaged(file, size, "its table has changed");
        }
        byte[] end = new byte[endBytes];
        last.get(table - endBytes, end);
        return new SealedFile(file, channel, positions, ends, end);
    }

    private static DamagedTapeException damaged(Path file, long size, String why) {
        return new DamagedTapeException(file, 0, size, why + "; zstdcat may give what is left of it");
    }

    private static ByteBuffer last(FileChannel channel, long size, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        fill(channel, size - count, bytes);
        return bytes.flip();
    }

    private static void fill(FileChannel channel, long position, ByteBuffer into) throws IOException {
        long at = position;
        int limit = into.limit();
        while (into.position() < limit) {
            // In pieces: the JDK keeps a direct copy of what is read into the heap at once.
            into.limit(Math.min(limit, into.position() + READ_BYTES));
            int got = channel.read(into, at);
            if (got < 0) {
                throw new EOFException("ends at " + at);
            }
            at += got;
        }
    }

    /** Returns the number of source bytes in it. */
    long length() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    /** Returns the last bytes of the content, at most {@value #END_BYTES}, without unpacking. */
    byte[] end() {
        return end;
    }

    /**
     * Reads bytes from a position in the content, at most one frame.
     *
     * @return number of bytes, at least 1; -1 at the end
     * @throws DamagedTapeException if they are not as they were written
     */
    int read(long position, ByteBuffer into) throws IOException {
        if (position >= length()) {
            return -1;
        }
        int found = Arrays.binarySearch(ends, position);
        int index = found >= 0 ? found + 1 : -found - 1;
        byte[] bytes = unpacked(index);
        long start = index == 0 ? 0 : ends[index - 1];
        int from = (int) (position - start);
        int count = Math.min(into.remaining(), (int) (ends[index] - start) - from);
        into.put(bytes, from, count);
        return count;
    }

    private byte[] unpacked(int index) throws IOException {
        byte[] known = unpacked;
        if (known != null && frame == index) {
            return known;
        }
        long start = index == 0 ? 0 : ends[index - 1];
        int length = (int) (ends[index] - start);
        byte[] bytes = known != null && known.length >= length ? known : new byte[length];
        frame = -1;
        unpacked = bytes;
        byte[] from = new byte[(int) (positions[index + 1] - positions[index])];
        fill(channel, positions[index], ByteBuffer.wrap(from));
        try {
            long got = Zstd.decompressByteArray(bytes, 0, length, from, 0, from.length);
            if (got != length) {
                throw new DamagedTapeException(file, start, start + length, "they are not so many");
            }
        } catch (ZstdException e) {
            throw new DamagedTapeException(file, start, start + length, String.valueOf(e.getMessage()));
        } catch (LinkageError e) {
            throw new IOException(file + ": the library that unpacks it does not run here: " + e.getMessage(), e);
        }
        frame = index;
        return bytes;
    }

    /** Returns the bytes of memory that it holds. */
    long heldBytes() {
        byte[] bytes = unpacked;
        return 16L * ends.length + (bytes == null ? 0 : bytes.length);
    }

    @Override
    public void close() throws IOException {
        unpacked = null;
        frame = -1;
        channel.close();
    }
}
