package dev.kept.tape.packed;

import dev.kept.tape.packed.PackedFileException.Reason;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A filter between a packed file and the library that unpacks it, which checks each header: the library allocates the
 * memory that a frame requests as soon as it sees its header.
 *
 * <pre>
 * 28 B5 2F FD        a frame
 *   descriptor         1 byte: flag for a checksum, and the lengths of the next three
 *   window             1 byte, unless its content is one segment: then the window is as long as that
 *   dictionary         0, 1, 2 or 4 bytes
 *   content length     0 to 8 bytes
 *   blocks             3 bytes: last-block flag, type, length; then its bytes (only one for a repeated byte)
 *   checksum           4 bytes, or none
 * 5x 2A 4D 18 length  a frame that is skipped
 * </pre>
 *
 * Numbers have their lowest byte first. Not thread-safe.
 */
final class FrameGate extends InputStream {
    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPED_MAGIC = 0x184D2A50;
    private static final int SKIPPED_MASK = 0xFFFFFFF0;
    private static final int MAGIC_BYTES = 4;
    private static final int MOST_HEADER_BYTES = 18;
    private static final int BLOCK_HEADER_BYTES = 3;
    private static final int CHECKSUM_BYTES = 4;
    private static final int MOST_BLOCK_BYTES = 128 * 1024;
    private static final int SMALLEST_WINDOW_LOG = 10;
    private static final int RAW = 0;
    private static final int REPEATED = 1;
    private static final int RESERVED = 3;

    /** Signals that the allowance of {@link #pauseAfter} is used up; the next read continues. */
    static final class Paused extends IOException {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private final InputStream in;
    private final long mostBytes;
    private final byte[] header = new byte[MOST_HEADER_BYTES];
    private int headerAt;
    private int headerEnd;
    private long through;
    private boolean inFrame;
    private boolean checksum;
    private long certain;
    private long left = Long.MAX_VALUE;
    private @Nullable PackedFileException failure;

    /** @param mostBytes limit on the unpacked size; a header that announces more is refused at once */
    FrameGate(InputStream in, long mostBytes) {
        this.in = in;
        this.mostBytes = mostBytes;
    }

    /** Lets about so many more bytes through; then {@link Paused} is thrown until this is called again. */
    void pauseAfter(long bytes) {
        left = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (left <= 0) {
            throw new Paused();
        }
        int count = 0;
        while (count < length && failure == null) {
            if (headerAt < headerEnd) {
                int part = Math.min(length - count, headerEnd - headerAt);
                System.arraycopy(header, headerAt, into, from + count, part);
                headerAt += part;
                count += part;
            } else if (through > 0) {
                int got = in.read(into, from + count, (int) Math.min(length - count, through));
                if (got < 0) {
                    failure = broken("it ends in the middle of a frame");
                } else {
                    through -= got;
                    count += got;
                }
            } else if (!next()) {
                break;
            }
        }
        PackedFileException stopped = failure;
        if (count == 0 && stopped != null) {
            throw stopped;
        }
        left -= count;
        return count == 0 && length > 0 ? -1 : count;
    }

    /** Reads the next header and decides about it; returns false at the end of the file. */
    private boolean next() throws IOException {
        headerAt = 0;
        headerEnd = 0;
        try {
            if (inFrame) {
                block();
                return true;
            }
            return frame();
        } catch (PackedFileException e) {
            headerEnd = 0;
            failure = e;
            return true;
        }
    }

    private boolean frame() throws IOException {
        headerEnd = in.readNBytes(header, 0, MAGIC_BYTES);
        if (headerEnd == 0) {
            return false;
        }
        if (headerEnd < MAGIC_BYTES) {
            throw broken("it ends in the middle of a header");
        }
        int magic = (int) number(0, MAGIC_BYTES);
        if ((magic & SKIPPED_MASK) == SKIPPED_MAGIC) {
            through = more(4);
        } else if (magic == MAGIC) {
            contentFrame();
        } else {
            throw broken("it is not packed as zstd packs, or something else follows");
        }
        return true;
    }

    private void contentFrame() throws IOException {
        int descriptor = (int) more(1);
        boolean oneSegment = (descriptor & 0x20) != 0;
        if ((descriptor & 0x08) != 0) {
            throw broken("a header in it is of a form that is not known");
        }
        checksum = (descriptor & 0x04) != 0;
        long window = oneSegment ? 0 : window((int) more(1));
        int dictionaryFlag = descriptor & 0x03;
        long dictionary = more(dictionaryFlag == 3 ? 4 : dictionaryFlag);
        int lengthFlag = descriptor >> 6;
        boolean hasLength = lengthFlag > 0 || oneSegment;
        // Two bytes count from where one byte ends.
        long content = hasLength ? more(1 << lengthFlag) + (lengthFlag == 1 ? 256 : 0) : 0;
        if (Long.compareUnsigned(oneSegment ? content : window, UnpackLimits.WINDOW_BYTES) > 0) {
            throw new PackedFileException(
                    Reason.WINDOW,
                    "it is not unpacked: that would take a window of "
                            + mebibytes(oneSegment ? content : window) + " MiB of memory, and "
                            + mebibytes(UnpackLimits.WINDOW_BYTES) + " MiB is the most");
        }
        if (dictionary != 0) {
            throw new PackedFileException(
                    Reason.DICTIONARY, "it is not unpacked: it was packed with a dictionary, which Kept has not");
        }
        if (Long.compareUnsigned(content, mostBytes - certain) > 0) {
            throw tooLarge(mostBytes);
        }
        inFrame = true;
    }

    private void block() throws IOException {
        headerEnd = in.readNBytes(header, 0, BLOCK_HEADER_BYTES);
        if (headerEnd < BLOCK_HEADER_BYTES) {
            throw broken("it ends in the middle of a frame");
        }
        int block = (int) number(0, BLOCK_HEADER_BYTES);
        int type = (block >> 1) & 3;
        int length = block >> 3;
        if (type == RESERVED || length > MOST_BLOCK_BYTES) {
            throw broken("a block in it is of a form that is not known");
        }
        certain += type == RAW || type == REPEATED ? length : 0;
        if (certain > mostBytes) {
            throw tooLarge(mostBytes);
        }
        through = type == REPEATED ? 1 : length;
        if ((block & 1) != 0) {
            inFrame = false;
            through += checksum ? CHECKSUM_BYTES : 0;
        }
    }

    private static long window(int descriptor) {
        long base = 1L << (SMALLEST_WINDOW_LOG + (descriptor >> 3));
        return base + (base / 8) * (descriptor & 7);
    }

    /** Reads so many bytes more of the header, as a number. */
    private long more(int bytes) throws IOException {
        int from = headerEnd;
        headerEnd += in.readNBytes(header, from, bytes);
        if (headerEnd < from + bytes) {
            throw broken("it ends in the middle of a header");
        }
        return number(from, bytes);
    }

    private long number(int from, int bytes) {
        long number = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            number = (number << 8) | (header[from + i] & 0xFF);
        }
        return number;
    }

    private static String mebibytes(long bytes) {
        return Long.toUnsignedString((bytes >>> 20) + ((bytes & 0xFFFFF) == 0 ? 0 : 1));
    }

    private static PackedFileException broken(String why) {
        return new PackedFileException(Reason.BROKEN, why);
    }

    static PackedFileException tooLarge(long mostBytes) {
        return new PackedFileException(
                Reason.EXPANSION,
                "it is not unpacked: it unpacks to more than " + mebibytes(mostBytes)
                        + " MiB, the most that a packed file of its length may");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
