package dev.kept.control;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The frames of the control socket, in both directions.
 *
 * <pre>
 * 0        4
 * +--------+------------------+
 * | length | UTF-8 JSON       |   length: bytes of the JSON, big-endian
 * +--------+------------------+
 * </pre>
 */
final class ControlFrames {
    /** Limit of a request, which names an action and its arguments. */
    static final int MAX_REQUEST = 64 * 1024;

    /** Limit of an answer; a status of 100,000 sessions fits. */
    static final int MAX_ANSWER = 64 * 1024 * 1024;

    /** Size of the pieces in which an answer is written, so that the runtime's cached direct buffer stays small. */
    private static final int PIECE = 32 * 1024;

    private ControlFrames() {}

    static void write(SocketChannel channel, String json) throws IOException {
        write(channel, ControlAnswer.of(json));
    }

    static void write(SocketChannel channel, ControlAnswer answer) throws IOException {
        CountingStream measured = new CountingStream();
        try (Writer writer = new OutputStreamWriter(measured, StandardCharsets.UTF_8)) {
            answer.writeTo(writer);
        }
        ByteBuffer length =
                ByteBuffer.allocate(4).putInt(Math.toIntExact(measured.count)).flip();
        writeAll(channel, length);
        AnswerPieces pieces = new AnswerPieces(channel);
        try (Writer writer = new OutputStreamWriter(pieces, StandardCharsets.UTF_8)) {
            answer.writeTo(writer);
        }
        if (pieces.count != measured.count) {
            throw new IOException("an answer of " + measured.count + " bytes was written with " + pieces.count);
        }
    }

    private static final class CountingStream extends OutputStream {
        private long count;

        @Override
        public void write(int b) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            count += length;
        }
    }

    private static final class AnswerPieces extends OutputStream {
        private final SocketChannel channel;
        private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
        private long count;

        AnswerPieces(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int at = from;
            int left = length;
            while (left > 0) {
                int part = Math.min(left, piece.remaining());
                piece.put(bytes, at, part);
                at += part;
                left -= part;
                if (!piece.hasRemaining()) {
                    flush();
                }
            }
            count += length;
        }

        @Override
        public void flush() throws IOException {
            writeAll(channel, piece.flip());
            piece.clear();
        }
    }

    static String read(SocketChannel channel, int longest) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(4);
        readAll(channel, header);
        int length = header.flip().getInt();
        if (length < 0 || length > longest) {
            throw new ProtocolException("a frame of " + length + " bytes; at most " + longest + " are taken");
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
