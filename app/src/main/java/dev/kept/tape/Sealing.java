package dev.kept.tape;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.kept.config.PrivateFiles;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Seals a plain segment, a slice at a time: packs it into a file beside it, makes that durable, reads it back and
 * compares it with the plain file byte by byte. Only then does {@link #publish} replace the plain file with it. A plain
 * file that is known to be damaged ({@link SumFile}) is not packed as if the agent had written it: that is a {@link
 * DamagedTapeException}.
 *
 * <pre>
 * 0001.jsonl, sums-0001               the plain segment; everybody still reads it …
 * 0001.jsonl.zst.new                  packed, forced, read back
 * 0001.jsonl.zst                      renamed, and the folder forced …
 * (sums-0001, 0001.jsonl removed)     … until this
 * </pre>
 *
 * A crash leaves the plain file alone or beside the other; the next attempt starts over. Everything but {@code publish}
 * may run on another thread than the one that owns the tape; not thread-safe. Until it is closed, holds two frames and
 * a block; the library holds about 1.5 MB outside the heap.
 */
public final class Sealing implements Closeable {
    /** The source bytes in one frame, the unit of unpacking. */
    public static final int FRAME_BYTES = 256 * 1024;

    /** The compression level; see docs/decisions/0060. */
    public static final int LEVEL = 3;

    private static final int READ_BYTES = 64 * 1024;
    private static final int FORCE_BYTES = 4 * 1024 * 1024;

    /** The file operations of a sealing, in their order; a test can stop it before each. */
    enum Step {
        CREATE,
        WRITE,
        FORCE,
        CHECK,
        RENAME,
        FORCE_FOLDER,
        REMOVE_SUMS,
        REMOVE,
        FORCE_FOLDER_AGAIN
    }

    /** A hook that is called before each step. */
    interface Watcher {
        void before(Step step) throws IOException;
    }

    private final Segment segment;
    private final Path temporary;
    private final Watcher watcher;
    private final PlainFile plain;
    private final FileTime plainTime;
    private final byte[] bytes = new byte[FRAME_BYTES];
    private final byte[] other = new byte[(int) Zstd.compressBound(FRAME_BYTES)];
    private final ByteArrayOutputStream table = new ByteArrayOutputStream();
    private byte[] end = new byte[0];
    private @Nullable ZstdCompressCtx packer;
    private @Nullable FileChannel target;
    private @Nullable SealedFile check;
    private long packedTo;
    private long packedBytes;
    private long unforced;
    private long checkedTo;
    private boolean ready;

    private Sealing(Segment segment, PlainFile plain, FileTime plainTime, Watcher watcher) {
        this.segment = segment;
        this.temporary = temporary(segment.file());
        this.watcher = watcher;
        this.plain = plain;
        this.plainTime = plainTime;
    }

    /** Begins to seal a plain segment that is not empty. If bytes are appended meanwhile, {@link #publish} refuses. */
    public static Sealing of(Segment segment) throws IOException {
        return of(segment, _ -> {});
    }

    static Sealing of(Segment segment, Watcher watcher) throws IOException {
        if (segment.sealed() || segment.length() == 0) {
            throw new IllegalArgumentException("nothing to seal: " + segment);
        }
        FileTime time = Files.getLastModifiedTime(segment.file());
        PlainFile plain = PlainFile.open(segment.file(), true);
        try {
            return new Sealing(segment, plain, time, watcher);
        } catch (LinkageError e) {
            plain.close();
            throw new IOException("the library that packs it does not run here: " + e.getMessage(), e);
        }
    }

    private static Path temporary(Path plain) {
        return plain.resolveSibling(plain.getFileName() + Segment.SEALED_SUFFIX + ".new");
    }

    /** Returns the segment that is sealed. */
    public Segment segment() {
        return segment;
    }

    /** Returns the source bytes packed plus those read back: twice the segment's length at the end. */
    public long done() {
        return packedTo + checkedTo;
    }

    /** Returns the size of the packed file so far. */
    public long packedBytes() {
        return packedBytes;
    }

    /**
     * Packs or checks the next {@value #FRAME_BYTES} bytes.
     *
     * @return true once it can be published
     */
    public boolean step() throws IOException {
        try {
            if (packedTo < segment.length()) {
                pack();
            } else if (check == null) {
                endPacking();
            } else if (checkedTo < segment.length()) {
                checkedTo += compare(check);
            }
        } catch (ZstdException e) {
            throw new IOException(segment.file() + ": cannot be packed: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new IOException("the library that packs it does not run here: " + e.getMessage(), e);
        }
        ready = check != null && checkedTo == segment.length();
        return ready;
    }

    private void pack() throws IOException {
        int count = (int) Math.min(FRAME_BYTES, segment.length() - packedTo);
        fill(packedTo, count);
        ZstdCompressCtx with = packer;
        if (with == null) {
            with = new ZstdCompressCtx();
            packer = with;
            with.setLevel(LEVEL).setChecksum(true);
        }
        int packed = with.compressByteArray(other, 0, other.length, bytes, 0, count);
        write(ByteBuffer.wrap(other, 0, packed));
        byte[] entry = new byte[SealedFile.ENTRY_BYTES];
        ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN).putInt(packed).putInt(count);
        table.writeBytes(entry);
        keepEnd(count);
        packedTo += count;
    }

    private void fill(long from, int count) throws IOException {
        ByteBuffer into = ByteBuffer.wrap(bytes, 0, count);
        while (into.position() < count) {
            into.limit(Math.min(count, into.position() + READ_BYTES));
            if (plain.read(from + into.position(), into) < 0) {
                throw new IOException(segment.file() + ": became shorter");
            }
        }
    }

    private void keepEnd(int count) {
        byte[] joined = Arrays.copyOf(end, end.length + Math.min(count, SealedFile.END_BYTES));
        int from = Math.max(0, count - SealedFile.END_BYTES);
        System.arraycopy(bytes, from, joined, end.length, count - from);
        end = Arrays.copyOfRange(joined, Math.max(0, joined.length - SealedFile.END_BYTES), joined.length);
    }

    private void write(ByteBuffer packed) throws IOException {
        FileChannel to = target;
        if (to == null) {
            watcher.before(Step.CREATE);
            to = PrivateFiles.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
            target = to;
        }
        watcher.before(Step.WRITE);
        int limit = packed.limit();
        while (packed.position() < limit) {
            packed.limit(Math.min(limit, packed.position() + READ_BYTES));
            int written = to.write(packed);
            packedBytes += written;
            unforced += written;
        }
        if (unforced >= FORCE_BYTES) {
            // In pieces, so that the last force does not delay a live session's writes.
            force(to);
        }
    }

    private void force(FileChannel to) throws IOException {
        watcher.before(Step.FORCE);
        to.force(true);
        unforced = 0;
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void endPacking() throws IOException {
        int frames = table.size() / SealedFile.ENTRY_BYTES;
        int tableBytes = table.size() + SealedFile.FOOTER_BYTES;
        ByteBuffer checked = little(end.length + SealedFile.HEADER_BYTES + tableBytes)
                .put(end)
                .putInt(SealedFile.TABLE_MAGIC)
                .putInt(tableBytes)
                .put(table.toByteArray())
                .putInt(frames)
                .put((byte) 0)
                .putInt(SealedFile.FOOTER_MAGIC)
                .flip();
        CRC32 crc = new CRC32();
        crc.update(checked.duplicate());
        write(little(SealedFile.HEADER_BYTES + SealedFile.NOTE_FIXED_BYTES)
                .putInt(SealedFile.NOTE_MAGIC)
                .putInt(SealedFile.NOTE_FIXED_BYTES + end.length)
                .putInt(SealedFile.NOTE_NAME)
                .put(SealedFile.NOTE_FORMAT)
                .putInt((int) crc.getValue())
                .flip());
        write(checked);
        // The modification time tells when bytes of the source were last added.
        Files.setLastModifiedTime(temporary, plainTime);
        FileChannel to = target;
        if (to != null) {
            force(to);
            to.close();
        }
        closePacker();
        check = SealedFile.open(temporary);
    }

    private int compare(SealedFile packed) throws IOException {
        watcher.before(Step.CHECK);
        int count = (int) Math.min(FRAME_BYTES, segment.length() - checkedTo);
        fill(checkedTo, count);
        ByteBuffer read = ByteBuffer.wrap(other, 0, count);
        while (read.hasRemaining() && packed.read(checkedTo + read.position(), read) > 0) {
            // Until all of it is read back.
        }
        boolean isEnd = checkedTo + count == segment.length();
        if (read.hasRemaining()
                || !Arrays.equals(bytes, 0, count, other, 0, count)
                || (isEnd && (packed.length() != segment.length() || !endIs(packed.end(), count)))) {
            throw new IOException(temporary + ": what was packed is not what is read back");
        }
        return count;
    }

    private boolean endIs(byte[] packedEnd, int count) {
        int both = Math.min(packedEnd.length, count);
        return Arrays.equals(packedEnd, packedEnd.length - both, packedEnd.length, bytes, count - both, count);
    }

    /**
     * Replaces the plain segment with the sealed one. Only the owner of the tape may call this; for an open tape use
     * {@link Tape#seal}.
     *
     * @return false if bytes were added meanwhile: it stays plain
     */
    public boolean publish() throws IOException {
        if (!ready) {
            throw new IllegalStateException(segment + " is not packed yet");
        }
        if (Files.size(segment.file()) != segment.length()) {
            return false;
        }
        close(false);
        Path sealed = Segments.sealed(segment.file());
        watcher.before(Step.RENAME);
        Files.move(temporary, sealed, StandardCopyOption.ATOMIC_MOVE);
        watcher.before(Step.FORCE_FOLDER);
        DurableFiles.forceParent(sealed);
        watcher.before(Step.REMOVE_SUMS);
        Files.deleteIfExists(SumFile.of(segment.file()));
        watcher.before(Step.REMOVE);
        Files.delete(segment.file());
        watcher.before(Step.FORCE_FOLDER_AGAIN);
        DurableFiles.forceParent(sealed);
        return true;
    }

    private void closePacker() {
        ZstdCompressCtx with = packer;
        packer = null;
        if (with != null) {
            with.close();
        }
    }

    /** Closes the files; an unpublished packed file is deleted. */
    @Override
    public void close() throws IOException {
        close(true);
    }

    private void close(boolean remove) throws IOException {
        closePacker();
        plain.close();
        FileChannel to = target;
        if (to != null) {
            to.close();
        }
        SealedFile read = check;
        if (read != null) {
            read.close();
        }
        if (remove) {
            Files.deleteIfExists(temporary);
        }
    }
}
