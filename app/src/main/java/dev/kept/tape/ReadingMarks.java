package dev.kept.tape;

import dev.kept.config.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A file that names the tape each record-reading thread is currently reading, so that it is known after the process
 * died while reading it. Written once for each piece of bytes, never forced: it need not outlive the machine.
 *
 * <pre>
 * state/reading     512 bytes for each {@link Reader}: the name of a tape and a line end; a line end alone while it reads none
 * </pre>
 *
 * <p>Each reader's methods are for its own thread. If the file cannot be written, nothing is noted.
 */
public final class ReadingMarks implements AutoCloseable {
    private static final int SLOT = 512;

    /** Marks that note nothing. */
    public static final ReadingMarks NONE = new ReadingMarks(Optional.empty());

    private final Optional<FileChannel> file;
    private final Map<Reader, ByteBuffer> buffers = new EnumMap<>(Reader.class);

    /** A thread that reads records. */
    public enum Reader {
        /** The pipeline, which turns records into events. */
        PIPELINE(0),
        /** Ingest, which reads the JSON of records ahead. */
        AHEAD(1),
        /** The replay of conversations for recordings. */
        REPLAY(2),
        /** The restore of saved state; the name is not a tape's. */
        RESTORE(3);

        private final int place;

        Reader(int place) {
            this.place = place;
        }
    }

    private ReadingMarks(Optional<FileChannel> file) {
        this.file = file;
        for (Reader reader : Reader.values()) {
            buffers.put(reader, ByteBuffer.allocateDirect(SLOT));
        }
    }

    /** Opens the marks in a file; its earlier content is lost. */
    public static ReadingMarks open(Path file) throws IOException {
        return new ReadingMarks(Optional.of(PrivateFiles.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))));
    }

    /** Returns the tapes that an earlier process was reading when it died. */
    public static Map<Reader, String> read(Path file) throws IOException {
        Map<Reader, String> found = new EnumMap<>(Reader.class);
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return found;
        }
        for (Reader reader : Reader.values()) {
            int start = reader.place * SLOT;
            int end = start;
            while (end < Math.min(all.length, start + SLOT) && all[end] != '\n' && all[end] != 0) {
                end++;
            }
            if (end > start) {
                found.put(reader, new String(all, start, end - start, StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    /** Notes that a reader starts to read a tape. */
    public void begin(Reader reader, String tape) {
        write(reader, tape);
    }

    /** Notes that a reader has finished. */
    public void end(Reader reader) {
        write(reader, "");
    }

    private void write(Reader reader, String tape) {
        if (file.isEmpty()) {
            return;
        }
        ByteBuffer buffer = Objects.requireNonNull(buffers.get(reader));
        byte[] name = tape.getBytes(StandardCharsets.UTF_8);
        buffer.clear()
                .put(name, 0, Math.min(name.length, SLOT - 1))
                .put((byte) '\n')
                .flip();
        try {
            file.get().write(buffer, (long) reader.place * SLOT);
        } catch (IOException fullOrClosed) {
            // Without the file, a source that ends the process is not identified; nothing else depends on it.
        }
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
