package dev.kept.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Files as zstd packs them, made by hand: so that they may ask for anything, and unpack to anything. */
public final class ZstdFrames {
    private static final int BLOCK_BYTES = 128 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private ZstdFrames number(long number, int count) {
        for (int i = 0; i < count; i++) {
            bytes.write((int) (number >> (8 * i)));
        }
        return this;
    }

    private ZstdFrames magic() {
        return number(0xFD2FB528L, 4);
    }

    private ZstdFrames block(boolean last, int type, int length) {
        return number((last ? 1 : 0) | (type << 1) | ((long) length << 3), 3);
    }

    /** Any bytes. */
    public ZstdFrames plain(int... any) {
        for (int one : any) {
            bytes.write(one);
        }
        return this;
    }

    /** A frame with a text as it is, that asks for a window of {@code 1 << log} bytes. */
    public ZstdFrames text(int log, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        magic().plain(0, (log - 10) << 3).block(true, 0, content.length);
        bytes.writeBytes(content);
        return this;
    }

    /** A frame with a text as it is that says how long its content is, which then is its window. */
    public ZstdFrames oneSegment(long toldBytes, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        magic().plain(0b1110_0000).number(toldBytes, 8).block(true, 0, content.length);
        bytes.writeBytes(content);
        return this;
    }

    /** A frame that says that it was packed with a dictionary. */
    public ZstdFrames withDictionary(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        magic().plain(0b0000_0001, 0).plain(7).block(true, 0, content.length);
        bytes.writeBytes(content);
        return this;
    }

    /** A frame of blanks: four bytes for each 128 KiB. */
    public ZstdFrames blanks(long blocks) {
        magic().plain(0, 7 << 3);
        for (long i = 0; i < blocks; i++) {
            block(false, 1, BLOCK_BYTES).plain(' ');
        }
        return block(true, 0, 0);
    }

    /** A frame that is skipped. */
    public ZstdFrames skipped(int length) {
        number(0x184D2A53L, 4).number(length, 4);
        bytes.writeBytes(new byte[length]);
        return this;
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
