package dev.kept.tape;

import dev.kept.config.PrivateFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The verbatim copy of one source, append-only. Its length is the ingest cursor: exactly the bytes on it have been
 * read.
 *
 * <p>Owned by one thread. Buffers handed in should be direct: the JDK keeps a direct copy of a heap buffer's size per
 * thread. A failed write leaves the length as it was; bytes that reached the file all the same are the source's own,
 * and are overwritten with themselves.
 */
public final class Tape implements Closeable {
    private final Path folder;
    private TapeManifest manifest;
    private long length;
    /** The number of the newest generation's own bytes that are sealed; the others are in the plain segment. */
    private long sealedLength;

    private @Nullable FileChannel channel;
    /** The checksum of the last block of the plain segment, if {@link #summed}: see {@link SumFile}. */
    private int sum;

    private boolean summed;
    private boolean unforced;
    private boolean published;

    private Tape(Path folder, TapeManifest manifest, Segments own, boolean published) {
        this.folder = folder;
        this.published = published;
        this.manifest = manifest;
        this.length = manifest.newest().commonPrefixLength() + own.length();
        this.sealedLength = own.sealedLength();
    }

    /**
     * Creates an empty tape for a source. It is visible to others, and survives a crash, only from its first {@link
     * #force} or {@link #publish} on: so a thousand tapes can be created and then be made durable together. Remains of
     * an earlier attempt in its folder, which nobody can have read, are overwritten.
     */
    public static Tape create(
            Path folder, String provider, String sourceId, Path path, Path root, String fileKey, Instant now)
            throws IOException {
        DurableFiles.createDirectories(
                Objects.requireNonNull(folder.toAbsolutePath().getParent()));
        if (!Files.isDirectory(folder)) {
            PrivateFiles.createDirectory(folder);
        }
        Generation first = new Generation(1, 0, 0, "", now);
        TapeManifest manifest =
                new TapeManifest(provider, sourceId, path, root, fileKey, "", Optional.empty(), now, List.of(first));
        return new Tape(folder, manifest, new Segments(List.of()), false);
    }

    /** Opens a tape to append at its end. */
    public static Tape open(Path folder) throws IOException {
        TapeManifest manifest = TapeManifest.read(folder);
        return new Tape(folder, manifest, Segments.of(folder, manifest.newest().number()), true);
    }

    public TapeManifest manifest() {
        return manifest;
    }

    public Path folder() {
        return folder;
    }

    /** Returns the number of the generation that new bytes belong to. */
    public int generation() {
        return manifest.newest().number();
    }

    /** Returns the length of the newest generation, including bytes shared with its parent. */
    public long length() {
        return length;
    }

    /** Appends bytes. They are durable after {@link #force}. */
    public void append(ByteBuffer bytes) throws IOException {
        FileChannel target = writable();
        long start = length - plainStart();
        resumeSums(target, start);
        int from = bytes.position();
        int count = bytes.remaining();
        long at = start;
        while (bytes.hasRemaining()) {
            at += target.write(bytes, at);
        }
        length += count;
        unforced |= count > 0;
        if (summed) {
            bytes.position(from);
            sum = SumFile.endsABlock(start, count)
                    ? new SumFile(plainFile()).append(start, sum, bytes)
                    : Crc32c.join(sum, Crc32c.of(bytes), count);
        }
    }

    /** Prepares the checksums before the first append: no entry may cover bytes that are about to be replaced. */
    private void resumeSums(FileChannel plain, long end) {
        if (!summed) {
            try {
                sum = new SumFile(plainFile()).resume(plain, end);
                summed = true;
            } catch (IOException e) {
                // Appended bytes have no checksum then, which costs their check and nothing else.
            }
        }
    }

    /** Returns the offset in the newest generation at which the plain segment starts. */
    private long plainStart() {
        return manifest.newest().commonPrefixLength() + sealedLength;
    }

    private Path plainFile() {
        return folder.resolve(Segment.name(generation(), sealedLength));
    }

    /** Removes bytes at the end that nobody has read, and that are not sealed: an incomplete group of a record tape. */
    public void cut(long to) throws IOException {
        if (to < plainStart() || to > length) {
            throw new IllegalArgumentException(to + " is not in the plain part of a tape of " + length);
        }
        if (to < length) {
            summed = false;
            new SumFile(plainFile()).cut(to - plainStart());
            writable().truncate(to - plainStart());
            length = to;
            unforced = true;
        }
    }

    /** Makes appended bytes, and the tape itself, durable; does nothing if nothing is new. */
    public void force() throws IOException {
        if (unforced) {
            writable().force(false);
            unforced = false;
        }
        publish();
    }

    /** Makes the tape visible to others without forcing its bytes, which a power cut may lose. */
    public void publish() throws IOException {
        if (!published) {
            manifest.write(folder);
            DurableFiles.forceParent(folder);
            published = true;
        }
    }

    /** Returns a reader of the tape as it is now, published or not. */
    public TapeReader reader() {
        return TapeReader.of(folder, manifest);
    }

    /** Opens the checksums of the newest generation's plain segment. */
    public BlockSums sums() throws IOException {
        return new BlockSums(BlockCheck.of(plainFile()), plainStart());
    }

    /** Reads bytes of any generation; see {@link TapeReader#read}. */
    public int read(int generation, long offset, ByteBuffer into) throws IOException {
        if (generation == generation() && offset >= plainStart()) {
            return readPlain(offset, into);
        }
        try (TapeReader reader = reader()) {
            return reader.read(generation, offset, into);
        }
    }

    /** A failed append may have left bytes after the end: they are not read. */
    private int readPlain(long offset, ByteBuffer into) throws IOException {
        if (offset >= length) {
            return -1;
        }
        int limit = into.limit();
        into.limit((int) Math.min(limit, into.position() + length - offset));
        try {
            return writable().read(into, offset - plainStart());
        } finally {
            into.limit(limit);
        }
    }

    /**
     * Returns the last bytes of the newest generation. If they end in a sealed segment, nothing is unpacked for them.
     *
     * @param most number of bytes, at most 256
     */
    public byte[] end(int most) throws IOException {
        byte[] end = new byte[(int) Math.min(most, length)];
        if (length == plainStart() && sealedLength > 0) {
            Segment last = Segments.of(folder, generation()).lastSealed().orElseThrow();
            if (last.length() >= end.length) {
                try (SealedFile sealed = SealedFile.open(last.file())) {
                    byte[] known = sealed.end();
                    return Arrays.copyOfRange(known, known.length - end.length, known.length);
                }
            }
        }
        ByteBuffer into = ByteBuffer.wrap(end);
        while (into.hasRemaining() && read(generation(), length - into.remaining(), into) > 0) {
            // Until the end is whole.
        }
        return end;
    }

    /**
     * Returns the time when bytes were last added, according to the file system; without bytes, the time when the tape
     * was created.
     */
    public FileTime lastAppended() throws IOException {
        publish();
        Optional<FileTime> last = Segments.of(folder, generation()).lastAppended();
        return last.isPresent() ? last.get() : Files.getLastModifiedTime(folder.resolve(TapeManifest.FILE_NAME));
    }

    /**
     * Sets the tape's modification time to that of its source, which is not followed, so that at the next start it does
     * not count as recently appended to.
     */
    public void rest(FileTime sourceModified) throws IOException {
        force();
        close();
        List<Segment> first = Segments.of(folder, Generation.FIRST).all();
        if (!first.isEmpty()) {
            Files.setLastModifiedTime(first.getLast().file(), sourceModified);
        }
    }

    /** Returns the segments that can be sealed now: plain segments of all generations that have bytes, oldest first. */
    public List<Segment> sealable() throws IOException {
        return published && !unforced ? Segments.sealable(folder, manifest) : List.of();
    }

    /**
     * Replaces a plain segment of this tape with its sealed one.
     *
     * @return false if bytes were added to it meanwhile: it stays plain
     * @throws IOException if that failed; then the plain one stays, or both
     */
    public boolean seal(Sealing ready) throws IOException {
        boolean isNewest = ready.segment().file().equals(plainFile());
        if (isNewest && (unforced || plainStart() + ready.segment().length() != length)) {
            return false;
        }
        if (isNewest) {
            close();
        }
        try {
            return ready.publish();
        } finally {
            if (isNewest) {
                sealedLength = Segments.of(folder, generation()).sealedLength();
                summed = false;
            }
        }
    }

    /** Returns the time when the manifest was last written, according to the file system. */
    public FileTime lastNoted() throws IOException {
        publish();
        return Files.getLastModifiedTime(folder.resolve(TapeManifest.FILE_NAME));
    }

    /**
     * Starts the next generation after the source was found rewritten. The old one stays.
     *
     * @param commonPrefixLength number of bytes that the source still shares with this tape
     */
    public void beginGeneration(long commonPrefixLength, String why, Instant now) throws IOException {
        force();
        close();
        TapeManifest next = manifest.with(new Generation(generation() + 1, generation(), commonPrefixLength, why, now));
        next.write(folder);
        manifest = next;
        length = commonPrefixLength;
        sealedLength = 0;
        summed = false;
    }

    /** Notes that the source is now at another path, or is another file with the same bytes. */
    public void noteMove(Path path, String fileKey) throws IOException {
        TapeManifest next = manifest.at(path, fileKey);
        if (published) {
            next.write(folder);
        }
        manifest = next;
    }

    /**
     * Notes the agent's working directory: the file beside the source that names it may be deleted before the tape is.
     */
    public void noteWorkingDirectory(String workingDirectory) throws IOException {
        if (!manifest.workingDirectory().equals(workingDirectory)) {
            TapeManifest next = manifest.in(workingDirectory);
            if (published) {
                next.write(folder);
            }
            manifest = next;
        }
    }

    /** Notes that the conversation of a session was handed over into the source. */
    public void noteContinuation(String sessionId) throws IOException {
        TapeManifest next = manifest.continuing(sessionId);
        if (published) {
            next.write(folder);
        }
        manifest = next;
    }

    private FileChannel writable() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = openFile(plainFile());
            channel = open;
        }
        return open;
    }

    private FileChannel openFile(Path file) throws IOException {
        if (!published && length == 0) {
            return PrivateFiles.open(
                    file,
                    Set.of(
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE));
        }
        return Files.exists(file)
                ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : DurableFiles.create(file);
    }

    /** Returns true while the tape holds a file descriptor. */
    public boolean isOpen() {
        return channel != null;
    }

    /** Closes the file descriptor; the tape stays usable. */
    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
