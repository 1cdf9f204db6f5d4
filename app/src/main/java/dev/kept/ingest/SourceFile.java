package dev.kept.ingest;

import dev.kept.tape.DamagedTapeException;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One source and its tape: copies what is new, and notices a rewrite before it copies.
 *
 * <p>A position belongs to the bytes before it, not to a path. Before anything is copied the file must still be what was
 * copied; the cases:
 *
 * <ol>
 *   <li>longer, same file, and both the {@value #TAIL_BYTES} bytes before the cursor and one sampled block are those of
 *       the tape: appended to; copy.
 *   <li>longer, but one of these differs: rewritten in place; compare whole.
 *   <li>shorter: truncated or rewritten; compare whole.
 *   <li>another file (device and inode) under the same path: replaced; compare whole.
 *   <li>same length, other times: perhaps rewritten; compare whole, when there is nothing better to do.
 * </ol>
 *
 * A whole compare ends with the length of the common beginning. If that is all of the tape, nothing happened; else the
 * tape starts a new generation there. Not noticed: an edit that keeps size and times, or that keeps the tail and the
 * sampled blocks while the file grows. Owned by the ingest thread.
 */
final class SourceFile {
    static final int TAIL_BYTES = 256;
    private static final int SAMPLE_BYTES = 64;
    private static final int SAMPLE_STRIDE = 4096;

    private SourceInfo info;
    private final Tape tape;
    private final boolean followed;
    private final @Nullable DocumentCopy document;
    private final PackedCopy packed;
    private byte @Nullable [] tail;
    private String seenTimes = "";
    private @Nullable Comparison comparison;
    private boolean present;
    private long size;
    private long modifiedAtMs;
    private int samples;
    private int fedGeneration = 1;
    private long fedOffset;
    private SourceTotals accounted = SourceTotals.NONE;
    boolean queuedLive;
    boolean queuedBacklog;
    boolean wantsMore;
    boolean announced;
    private boolean toldPresent;
    private long toldModifiedAtMs = -1;

    /**
     * @param followed whether the file is read: its root may have been taken out of the configuration
     * @param documents used by a source that is a document, which {@link DocumentCopy} copies instead
     */
    SourceFile(SourceInfo info, Tape tape, boolean followed, LoadedDocuments documents) {
        this.info = info;
        this.tape = tape;
        this.followed = followed;
        this.packed = new PackedCopy(tape);
        this.document = switch (info.kind().layout()) {
            case LINES, OPAQUE -> null;
            case DOCUMENT -> new DocumentCopy(info.path(), tape, documents);
        };
    }

    SourceInfo info() {
        return info;
    }

    Tape tape() {
        return tape;
    }

    boolean present() {
        return present;
    }

    long modifiedAtMs() {
        return modifiedAtMs;
    }

    /** What this source adds to its provider's totals, less what it added before. */
    SourceTotals newlyAccounted() {
        SourceTotals now = new SourceTotals(present ? 1 : 0, 1, tape.length(), unread(), unfed());
        SourceTotals change = now.minus(accounted);
        accounted = now;
        return change;
    }

    /** True once for each change of what {@link #present} and {@link #modifiedAtMs} say. */
    boolean presenceChanged() {
        boolean changed = present != toldPresent || modifiedAtMs != toldModifiedAtMs;
        toldPresent = present;
        toldModifiedAtMs = modifiedAtMs;
        return changed;
    }

    /** Bytes of the source that are not on tape yet, as last seen. */
    long unread() {
        return present && followed && document == null ? Math.max(0, size - tape.length()) : 0;
    }

    /** True if its bytes are handed on to be read. */
    boolean hasRecords() {
        return switch (info.kind().layout()) {
            case LINES, DOCUMENT -> true;
            case OPAQUE -> false;
        };
    }

    /** Bytes on tape that were not handed on. */
    long unfed() {
        if (!hasRecords()) {
            return 0;
        }
        return fedGeneration == tape.generation() ? tape.length() - fedOffset : tape.length();
    }

    /** Whether all of its tape was handed on, and nothing is being compared. */
    boolean isAllHandedOn() {
        return unfed() == 0 && comparison == null;
    }

    /** Hands on from there, not from the beginning. */
    void resume(ResumePoint point) {
        fedGeneration = point.generation();
        fedOffset = point.offset();
    }

    int fedGeneration() {
        return fedGeneration;
    }

    long fedOffset() {
        return fedOffset;
    }

    /** The agent moved the file, packed or unpacked it: from now on it is read at that place, and is the same source. */
    void moveTo(Path path) {
        packed.stop();
        info = info.at(path);
        comparison = null;
        seenTimes = "";
    }

    private boolean isPacked() {
        return PackedReading.isPacked(info.path());
    }

    /** Takes note of what was seen when the source was found, and copies nothing. */
    void glance(FileFacts facts) {
        present = facts.regular();
        size = isPacked() ? tape.length() : facts.size();
        modifiedAtMs = facts.modifiedAtMs();
    }

    /** How a look at the source ended. */
    enum Look {
        /** All of it is on tape. */
        SETTLED,
        /** More can be done at once. */
        MORE,
        /** It may have been rewritten in a way that only a whole compare tells; that can wait. */
        SUSPECT
    }

    /**
     * Looks at the file and copies at most about {@code budget} bytes. What was copied must be {@link Tape#force forced}
     * before it is handed on.
     */
    Look pump(ByteBuffer buffer, ByteBuffer other, long budget, Instant now) throws IOException {
        if (document != null) {
            document.mend(buffer);
        }
        try {
            return look(buffer, other, budget, now);
        } catch (NoSuchFileException gone) {
            present = false;
            modifiedAtMs = 0;
            comparison = null;
            packed.stop();
            return Look.SETTLED;
        }
    }

    private Look look(ByteBuffer buffer, ByteBuffer other, long budget, Instant now) throws IOException {
        if (!followed) {
            return Look.SETTLED;
        }
        FileFacts facts = FileFacts.of(info.path());
        if (!facts.regular()) {
            present = false;
            throw new IOException("is no regular file; it is not followed until it is one again");
        }
        present = true;
        size = facts.size();
        modifiedAtMs = facts.modifiedAtMs();
        if (document != null) {
            return document.look(facts, buffer, other);
        }
        if (isPacked()) {
            tail = null;
            try {
                return packed.look(info.path(), facts, buffer, other, budget, now);
            } finally {
                size = tape.length();
            }
        }
        boolean replaced = !facts.key().equals(tape.card().fileKey());
        if (!replaced && !info.path().equals(tape.card().path())) {
            tape.moved(info.path(), facts.key());
        }
        if (comparison != null) {
            return compare(comparison, buffer, other, budget, facts, now);
        }
        if (replaced && tape.length() == 0) {
            tape.moved(info.path(), facts.key());
        } else if (replaced) {
            comparison = new Comparison("another file stands in its place", facts.changedAt());
            return Look.MORE;
        }
        if (size < tape.length()) {
            comparison = new Comparison("the file became shorter", facts.changedAt());
            return Look.MORE;
        }
        if (size == tape.length()) {
            // At the first look of this run nobody was there to see what changed these times.
            boolean suspect = size > 0
                    && (seenTimes.isEmpty()
                            ? facts.changedSince(tape.lastAppended()) || !tailIsUnchanged(buffer)
                            : !seenTimes.equals(facts.changedAt()));
            seenTimes = facts.changedAt();
            return suspect ? Look.SUSPECT : Look.SETTLED;
        }
        return copy(buffer, budget, facts);
    }

    private boolean tailIsUnchanged(ByteBuffer buffer) throws IOException {
        try (FileChannel source = open()) {
            byte[] expected = tail();
            return Arrays.equals(read(source, tape.length() - expected.length, expected.length, buffer), expected);
        }
    }

    private Look copy(ByteBuffer buffer, long budget, FileFacts facts) throws IOException {
        try (FileChannel source = open()) {
            if (!sampleIsUnchanged(source, buffer)) {
                comparison = new Comparison("its bytes changed in place", facts.changedAt());
                return Look.MORE;
            }
            long copied = 0;
            while (true) {
                byte[] expected = tail();
                buffer.clear();
                int got = readFully(source, tape.length() - expected.length, buffer);
                buffer.flip();
                if (got < expected.length || !startsWith(buffer, expected)) {
                    comparison = new Comparison(
                            got < expected.length ? "the file became shorter" : "its bytes changed in place",
                            facts.changedAt());
                    return Look.MORE;
                }
                if (got > expected.length) {
                    buffer.position(expected.length);
                    append(buffer);
                    copied += got - expected.length;
                    tail = last(buffer, got);
                }
                if (got < buffer.capacity()) {
                    FileFacts after = FileFacts.of(info.path());
                    boolean settled = after.size() == tape.length();
                    seenTimes = settled ? after.changedAt() : facts.changedAt();
                    size = Math.max(after.size(), tape.length());
                    modifiedAtMs = after.modifiedAtMs();
                    return settled ? Look.SETTLED : Look.MORE;
                }
                if (copied >= budget) {
                    return Look.MORE;
                }
            }
        }
    }

    private void append(ByteBuffer bytes) throws TapeTrouble {
        try {
            tape.append(bytes);
        } catch (IOException e) {
            throw new TapeTrouble(e);
        }
    }

    /** Starts a whole compare, or goes on with it. Called for a source that {@link #pump} called suspect. */
    void suspect() {
        if (isPacked()) {
            packed.mayUnpack();
        } else if (comparison == null) {
            comparison = new Comparison("its bytes changed in place", seenTimes);
        }
    }

    private Look compare(
            Comparison running, ByteBuffer buffer, ByteBuffer other, long budget, FileFacts facts, Instant now)
            throws IOException {
        Optional<Long> common;
        try (FileChannel source = open();
                TapeReader reader = tape.reader()) {
            common = running.goOn(source, reader, tape.generation(), tape.length(), buffer, other, budget);
        }
        if (common.isEmpty()) {
            return Look.MORE;
        }
        comparison = null;
        tail = null;
        if (!facts.key().equals(tape.card().fileKey())) {
            tape.moved(info.path(), facts.key());
        }
        if (common.get() < tape.length()) {
            tape.beginGeneration(common.get(), running.why(), now);
        }
        // What changed while the compare ran may stand in what it had passed: then the file is suspect again.
        seenTimes = running.startedAt();
        return Look.MORE;
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(info.path(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    private boolean sampleIsUnchanged(FileChannel source, ByteBuffer buffer) throws IOException {
        long blocks = tape.length() / SAMPLE_STRIDE + 1;
        long at = (samples++ * 7919L) % blocks * SAMPLE_STRIDE;
        int length = (int) Math.min(SAMPLE_BYTES, tape.length() - at);
        byte[] ours = new byte[length];
        buffer.clear().limit(length);
        try {
            while (buffer.hasRemaining() && tape.read(tape.generation(), at + buffer.position(), buffer) > 0) {
                // Until the block is whole.
            }
        } catch (DamagedTapeException damaged) {
            // A whole compare finds how far tape and source are the same.
            return false;
        }
        buffer.flip().get(ours, 0, buffer.remaining());
        return Arrays.equals(read(source, at, length, buffer), ours);
    }

    private byte[] tail() throws IOException {
        byte[] known = tail;
        if (known == null) {
            known = tape.end(TAIL_BYTES);
            tail = known;
        }
        return known;
    }

    private static byte[] read(FileChannel source, long at, int length, ByteBuffer buffer) throws IOException {
        buffer.clear().limit(length);
        readFully(source, at, buffer);
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static int readFully(FileChannel source, long at, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining() && source.read(buffer, at + buffer.position()) > 0) {
            // Until the buffer is full or the file ends.
        }
        return buffer.position();
    }

    private static boolean startsWith(ByteBuffer buffer, byte[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (buffer.get(i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] last(ByteBuffer buffer, int end) {
        byte[] bytes = new byte[Math.min(TAIL_BYTES, end)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = buffer.get(end - bytes.length + i);
        }
        return bytes;
    }

    /** Whether bytes of the tape wait to be handed on. */
    boolean hasUnfed() {
        return hasRecords() && (fedGeneration < tape.generation() || fedOffset < tape.length());
    }

    /**
     * Reads the next bytes to hand on.
     *
     * @return how many; 0 when the generation is through and the next one was begun
     */
    int feed(ByteBuffer buffer, byte[] into) throws IOException {
        buffer.clear().limit(Math.min(buffer.capacity(), into.length));
        int got = tape.read(fedGeneration, fedOffset, buffer);
        if (got > 0) {
            buffer.flip().get(into, 0, got);
            fedOffset += got;
            return got;
        }
        if (fedGeneration == tape.generation()) {
            throw new EOFException("ends at " + fedOffset + ", before its length of " + tape.length());
        }
        fedGeneration++;
        fedOffset = 0;
        return 0;
    }
}
