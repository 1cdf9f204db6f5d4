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
 * The file {@code state/checkpoint}: the daemon's state, session by session, so that a restart need not read every tape
 * again. A cache: where it is missing or damaged, the tapes are read.
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

    /** Limit of a session's state; a larger session is read from its tape. */
    static final int MOST_BYTES = 8 * 1024 * 1024;

    private final Path file;
    private final String program;

    CheckpointFile(Path state, String program) {
        this.file = state.resolve("checkpoint");
        this.program = program;
    }

    /** Passes on the state of every session up to the first damage. */
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
            // What was read until here counts.
        }
    }

    /** Starts a new file, which replaces the current one when it is committed. */
    Writer write() throws IOException {
        return new Writer(file.resolveSibling("checkpoint.new"));
    }

    /** A checkpoint being written; if it is closed before it is committed, the old one stays. */
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

        /** Writes one session; its state is produced twice, so that it is never held whole. */
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

    /** A state that can be written any number of times. */
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
