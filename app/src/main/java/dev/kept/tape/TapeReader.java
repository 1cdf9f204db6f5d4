package dev.kept.tape;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a tape, generation by generation, as it was when the reader was opened; bytes that are added later to the newest
 * generation are readable too. Needs no daemon. Not thread-safe.
 */
public final class TapeReader implements Closeable {
    private final Path folder;
    private final SourceCard card;
    private final Map<Integer, FileChannel> channels = new HashMap<>();

    private TapeReader(Path folder, SourceCard card) {
        this.folder = folder;
        this.card = card;
    }

    /** Opens the tape in that folder. */
    public static TapeReader open(Path folder) throws IOException {
        return new TapeReader(folder, SourceCard.read(folder));
    }

    static TapeReader of(Path folder, SourceCard card) {
        return new TapeReader(folder, card);
    }

    public SourceCard card() {
        return card;
    }

    /** Bytes that the generation holds now, those shared with its parent included. */
    public long length(int generation) throws IOException {
        Generation found = card.generation(generation);
        Path file = folder.resolve(found.fileName());
        return found.commonPrefixLength() + (Files.exists(file) ? channel(found).size() : 0);
    }

    /**
     * Reads bytes of a generation.
     *
     * @param offset from the start of the generation
     * @return how many bytes were read, at least 1; -1 at the end
     */
    public int read(int generation, long offset, ByteBuffer into) throws IOException {
        Generation found = card.generation(generation);
        if (offset >= found.commonPrefixLength()) {
            return Files.exists(folder.resolve(found.fileName()))
                    ? channel(found).read(into, offset - found.commonPrefixLength())
                    : -1;
        }
        long shared = found.commonPrefixLength() - offset;
        int limit = into.limit();
        if (into.remaining() > shared) {
            into.limit(into.position() + (int) shared);
        }
        try {
            return read(found.parent(), offset, into);
        } finally {
            into.limit(limit);
        }
    }

    private FileChannel channel(Generation generation) throws IOException {
        FileChannel open = channels.get(generation.number());
        if (open == null) {
            open = FileChannel.open(folder.resolve(generation.fileName()), StandardOpenOption.READ);
            channels.put(generation.number(), open);
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels.values()) {
            channel.close();
        }
        channels.clear();
    }
}
