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
 * Which tape each thread that reads records is reading at the moment, in a file, so that it is known after the process died
 * over it. Written once for each piece of bytes, never forced: it need not outlive the machine.
 *
 * <pre>
 * state/reading     512 bytes for each {@link Reader}: the name of a tape and a line end; a line end alone while it reads none
 * </pre>
 *
 * <p>Each reader's methods are for its own thread. A file that cannot be written is done without.
 */
public final class ReadingMarks implements AutoCloseable {
    private static final int SLOT = 512;

    /** Nothing is noted. */
    public static final ReadingMarks NONE = new ReadingMarks(Optional.empty());

    private final Optional<FileChannel> file;
    private final Map<Reader, ByteBuffer> buffers = new EnumMap<>(Reader.class);

    /** Who reads. */
    public enum Reader {
        /** Makes events of records. */
        PIPELINE(0),
        /** Reads the JSON of records ahead. */
        AHEAD(1),
        /** Reads conversations again, for recordings. */
        REPLAY(2),
        /** Takes up what an earlier run has read; the name is not a tape's. */
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

    /** Begins to note in a file; what it said is gone. */
    public static ReadingMarks open(Path file) throws IOException {
        return new ReadingMarks(Optional.of(PrivateFiles.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))));
    }

    /** What a process that is gone was reading. */
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

    /** A reader begins to read a tape. */
    public void begin(Reader reader, String tape) {
        write(reader, tape);
    }

    /** A reader has read what it was given. */
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
            // Without it a source that ends the process is not known; everything else is as before.
        }
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
