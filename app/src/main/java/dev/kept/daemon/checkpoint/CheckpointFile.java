package dev.kept.daemon.checkpoint;

import dev.kept.config.PrivateFiles;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * {@code state/checkpoint}: what the daemon knew, session by session, so that a restart need not read every tape again. A
 * cache: without it, or where it is damaged, the tapes are read.
 *
 * <pre>
 * "kept-checkpoint-1" the program's identity       both as modified UTF-8
 * length crc32 state                               a session: two ints, then as many bytes
 * …
 * </pre>
 *
 * A state belongs to the program that wrote it: another one may read records differently, and starts from the tapes.
 */
final class CheckpointFile {
    private static final String MAGIC = "kept-checkpoint-1";
    private static final int BUFFER_BYTES = 32 * 1024;

    /** A session with more than this is read from its tape. */
    static final int MOST_BYTES = 8 * 1024 * 1024;

    private final Path file;
    private final String program;

    CheckpointFile(Path state, String program) {
        this.file = state.resolve("checkpoint");
        this.program = program;
    }

    /** Hands over the state of every session up to the first damage. */
    void read(Consumer<byte[]> sessions) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES))) {
            if (!in.readUTF().equals(MAGIC) || !in.readUTF().equals(program)) {
                return;
            }
            while (true) {
                int length = in.readInt();
                int crc = in.readInt();
                if (length < 0 || length > MOST_BYTES) {
                    return;
                }
                byte[] state = in.readNBytes(length);
                CRC32 actual = new CRC32();
                actual.update(state);
                if (state.length < length || (int) actual.getValue() != crc) {
                    return;
                }
                sessions.accept(state);
            }
        } catch (NoSuchFileException | EOFException end) {
            // As far as it goes.
        }
    }

    /** Writes another file, which takes the place of the one that is there when it is whole. */
    Writer write() throws IOException {
        return new Writer(file.resolveSibling("checkpoint.new"));
    }

    /** A checkpoint in the making; one that is closed before it is committed leaves the old one. */
    final class Writer implements Closeable {
        private final Path half;
        private final FileChannel channel;
        private final DataOutputStream out;

        private Writer(Path half) throws IOException {
            this.half = half;
            Files.deleteIfExists(half);
            this.channel = PrivateFiles.open(half, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES));
            out.writeUTF(MAGIC);
            out.writeUTF(program);
        }

        /** Writes one session; its state is made twice, so that it is never held whole. */
        void add(State session) throws IOException {
            Measure measure = new Measure();
            session.writeTo(measure);
            if (measure.length <= MOST_BYTES) {
                out.writeInt((int) measure.length);
                out.writeInt((int) measure.crc.getValue());
                session.writeTo(out);
            }
        }

        void commit() throws IOException {
            out.flush();
            channel.force(true);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(half);
        }
    }

    /** A state that can be written as often as it is asked for. */
    interface State {
        void writeTo(OutputStream out) throws IOException;
    }

    private static final class Measure extends OutputStream {
        private final CRC32 crc = new CRC32();
        private long length;

        @Override
        public void write(int b) {
            crc.update(b);
            length++;
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            crc.update(bytes, from, count);
            length += count;
        }
    }
}
