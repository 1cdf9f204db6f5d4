package dev.kept.daemon;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The frames of the control socket, both ways.
 *
 * <pre>
 *   0        4
 *   +--------+------------------+
 *   | length | UTF-8 JSON       |   length: bytes of the JSON, big-endian
 *   +--------+------------------+
 * </pre>
 */
final class ControlFrames {
    /** A request names an action and its arguments. */
    static final int MAX_REQUEST = 64 * 1024;

    /** A status of 100,000 sessions fits. */
    static final int MAX_ANSWER = 64 * 1024 * 1024;

    /** Written in pieces, so that the runtime's cached direct buffer stays small whatever the answer's size. */
    private static final int PIECE = 32 * 1024;

    private ControlFrames() {}

    static void write(SocketChannel channel, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer length = ByteBuffer.allocate(4).putInt(bytes.length).flip();
        writeAll(channel, length);
        for (int from = 0; from < bytes.length; from += PIECE) {
            writeAll(channel, ByteBuffer.wrap(bytes, from, Math.min(PIECE, bytes.length - from)));
        }
    }

    static String read(SocketChannel channel, int longest) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(4);
        readAll(channel, header);
        int length = header.flip().getInt();
        if (length < 0 || length > longest) {
            throw new IOException("a frame of " + length + " bytes; at most " + longest + " are taken");
        }
        byte[] bytes = new byte[length];
        for (int from = 0; from < length; from += PIECE) {
            readAll(channel, ByteBuffer.wrap(bytes, from, Math.min(PIECE, length - from)));
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void writeAll(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void readAll(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the other side closed the control socket");
            }
        }
    }
}
