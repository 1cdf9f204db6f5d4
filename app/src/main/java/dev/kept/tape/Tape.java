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
 * The verbatim copy of one source, append-only. Its length is the ingest cursor: what it holds has been read, and nothing
 * else has.
 *
 * <p>Owned by one thread. Buffers handed in should be direct: the JDK keeps a direct copy of a heap buffer's size per
 * thread. A failed write leaves the length as it was; bytes that reached the file all the same are the source's own, and
 * are written again over themselves.
 */
public final class Tape implements Closeable {
    private final Path folder;
    private TapeManifest card;
    private long length;
    /** How many of the newest generation's own bytes are sealed; the others stand in the plain segment. */
    private long sealedLength;

    private @Nullable FileChannel channel;
    /** The sum of what stands in the last block of the plain segment, if {@link #summed}: see {@link SumFile}. */
    private int sum;

    private boolean summed;
    private boolean unforced;
    private boolean published;

    private Tape(Path folder, TapeManifest card, Segments own, boolean published) {
        this.folder = folder;
        this.published = published;
        this.card = card;
        this.length = card.newest().commonPrefixLength() + own.length();
        this.sealedLength = own.sealedLength();
    }

    /**
     * An empty tape for a source. It is there for others, and after a crash, from its first {@link #force} or
     * {@link #publish} on: so a thousand tapes can be begun and then be made durable together. What an earlier attempt left
     * in its folder, which nobody can have read, is written over.
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
        TapeManifest card =
                new TapeManifest(provider, sourceId, path, root, fileKey, "", Optional.empty(), now, List.of(first));
        return new Tape(folder, card, new Segments(List.of()), false);
    }

    /** Opens a tape to go on where it ends. */
    public static Tape open(Path folder) throws IOException {
        TapeManifest card = TapeManifest.read(folder);
        return new Tape(folder, card, Segments.of(folder, card.newest().number()), true);
    }

    public TapeManifest card() {
        return card;
    }

    public Path folder() {
        return folder;
    }

    /** The number of the generation that new bytes belong to. */
    public int generation() {
        return card.newest().number();
    }

    /** Bytes of the newest generation, those shared with its parent included. */
    public long length() {
        return length;
    }

    /** Adds bytes. They are durable after {@link #force}. */
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

    /** Before the first bytes are added: no sum may tell of others that stood where they come to stand. */
    private void resumeSums(FileChannel plain, long end) {
        if (!summed) {
            try {
                sum = new SumFile(plainFile()).resume(plain, end);
                summed = true;
            } catch (IOException e) {
                // What is added has no sum then, which costs its check and nothing else.
            }
        }
    }

    /** Where in the newest generation the plain segment starts. */
    private long plainStart() {
        return card.newest().commonPrefixLength() + sealedLength;
    }

    private Path plainFile() {
        return folder.resolve(Segment.name(generation(), sealedLength));
    }

    /** Takes back bytes at the end that nobody has seen, and that are not sealed: what is left of a group of a record tape. */
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

    /** Makes durable what was appended, and that there is a tape; does nothing if nothing is new. */
    public void force() throws IOException {
        if (unforced) {
            writable().force(false);
            unforced = false;
        }
        publish();
    }

    /** Lets others see that there is a tape; its bytes are theirs to lose in a power cut. */
    public void publish() throws IOException {
        if (!published) {
            card.write(folder);
            DurableFiles.forceParent(folder);
            published = true;
        }
    }

    /** A reader of what is on the tape now, published or not. */
    public TapeReader reader() {
        return TapeReader.of(folder, card);
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

    /** A failed append may have left bytes behind the end: they are not read. */
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
     * The last bytes of the newest generation. Where they end in a sealed segment nothing is unpacked for them.
     *
     * @param most how many; at most 256
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

    /** When bytes were last added, as the file system tells it; when the tape was made if none were. */
    public FileTime lastAppended() throws IOException {
        publish();
        Optional<FileTime> last = Segments.of(folder, generation()).lastAppended();
        return last.isPresent() ? last.get() : Files.getLastModifiedTime(folder.resolve(TapeManifest.FILE_NAME));
    }

    /**
     * Ends the work on a tape whose source is not followed: it takes the source's time, so that at the next start it does not
     * pass for one that was added to lately.
     */
    public void rest(FileTime sourceModified) throws IOException {
        force();
        close();
        List<Segment> first = Segments.of(folder, Generation.FIRST).all();
        if (!first.isEmpty()) {
            Files.setLastModifiedTime(first.getLast().file(), sourceModified);
        }
    }

    /** What can be sealed now: plain segments of all generations that have bytes, oldest first. */
    public List<Segment> sealable() throws IOException {
        return published && !unforced ? Segments.sealable(folder, card) : List.of();
    }

    /**
     * Puts a sealed segment in the place of a plain one of this tape.
     *
     * @return false if bytes were added to it meanwhile: it stays plain
     * @throws IOException if it could not be done; the plain one stays then, or both
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

    /** When it was last noted where the source stands, as the file system tells it. */
    public FileTime lastNoted() throws IOException {
        publish();
        return Files.getLastModifiedTime(folder.resolve(TapeManifest.FILE_NAME));
    }

    /**
     * Starts the next generation after the source was found rewritten. The old one stays.
     *
     * @param commonPrefixLength how many bytes of the source are still those of this tape
     */
    public void beginGeneration(long commonPrefixLength, String why, Instant now) throws IOException {
        force();
        close();
        TapeManifest next = card.with(new Generation(generation() + 1, generation(), commonPrefixLength, why, now));
        next.write(folder);
        card = next;
        length = commonPrefixLength;
        sealedLength = 0;
        summed = false;
    }

    /** Notes that the source now stands elsewhere, or is another file with the same bytes. */
    public void moved(Path path, String fileKey) throws IOException {
        TapeManifest next = card.at(path, fileKey);
        if (published) {
            next.write(folder);
        }
        card = next;
    }

    /** Notes where the agent works: what tells it stands beside the source, and may go before the tape does. */
    public void worksIn(String workingDirectory) throws IOException {
        if (!card.workingDirectory().equals(workingDirectory)) {
            TapeManifest next = card.in(workingDirectory);
            if (published) {
                next.write(folder);
            }
            card = next;
        }
    }

    /** Notes that the conversation of a session was handed over into the source. */
    public void continues(String sessionId) throws IOException {
        TapeManifest next = card.continuing(sessionId);
        if (published) {
            next.write(folder);
        }
        card = next;
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

    /** True while the tape holds a file descriptor. */
    public boolean isOpen() {
        return channel != null;
    }

    /** Gives the file descriptor back; the tape stays usable. */
    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
