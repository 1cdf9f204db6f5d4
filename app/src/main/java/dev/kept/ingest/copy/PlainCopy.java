package dev.kept.ingest.copy;

import dev.kept.ingest.copy.SourceFile.CopyResult;
import dev.kept.ingest.source.FileFacts;
import dev.kept.ingest.source.LinkedPaths;
import dev.kept.ingest.source.TapeWriteException;
import dev.kept.tape.DamagedTapeException;
import dev.kept.tape.Tape;
import dev.kept.tape.TapeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies a source that its agent appends to, and detects a rewrite before it copies.
 *
 * <p>A position belongs to the bytes before it, not to a path. Before anything is copied, the file must still begin
 * with the copied bytes. The cases are:
 *
 * <ol>
 *   <li>longer, same file, and both the {@value #TAIL_BYTES} bytes before the cursor and one sampled block are those of
 *       the tape: appended to; copy.
 *   <li>longer, but one of these differs: rewritten in place; compare all.
 *   <li>shorter: truncated or rewritten; compare all.
 *   <li>another file (device and inode) under the same path: replaced; compare all.
 *   <li>same length, other times: perhaps rewritten; compare all, when ingest is otherwise idle.
 * </ol>
 *
 * A complete comparison ends with the length of the common prefix. If that is all of the tape, nothing changed; else
 * the tape starts a new generation there. An edit that keeps the tail and the sampled block while the file grows, and
 * one that keeps size and times, are found later, by {@link CopyChecks}. Owned by the ingest thread.
 */
final class PlainCopy {
    private static final int TAIL_BYTES = 256;
    private static final int SAMPLE_BYTES = 64;
    private static final int SAMPLE_STRIDE = 4096;

    private final Tape tape;
    private final ObservedFile seen;
    private byte @Nullable [] tail;
    private String seenTimes = "";
    private @Nullable Comparison comparison;
    private int samples;
    private boolean settledBefore;
    private boolean grew;

    /** @param seen receives the observed state of the file while it is copied */
    PlainCopy(Tape tape, ObservedFile seen) {
        this.tape = tape;
        this.seen = seen;
        this.settledBefore = tape.length() > 0;
    }

    /**
     * Copies at most about {@code budget} bytes, or continues a complete comparison.
     *
     * @param path the path by which the agent knows the file
     * @param place the path of its bytes
     * @throws java.nio.file.NoSuchFileException if the file went away
     */
    CopyResult advance(
            Path path, Path place, FileFacts facts, ByteBuffer buffer, ByteBuffer other, long budget, Instant now)
            throws IOException {
        boolean replaced = !facts.key().equals(tape.manifest().fileKey());
        if (!replaced && !path.equals(tape.manifest().path())) {
            tape.noteMove(path, facts.key());
        }
        if (comparison != null) {
            return compare(comparison, path, place, buffer, other, budget, facts, now);
        }
        if (replaced && tape.length() == 0) {
            tape.noteMove(path, facts.key());
        } else if (replaced) {
            return compareWhole("another file stands in its place", facts);
        }
        if (facts.size() < tape.length()) {
            return compareWhole("the file became shorter", facts);
        }
        if (facts.size() == tape.length()) {
            // At the first look of this run, the cause of these changed times was not observed.
            boolean suspect = facts.size() > 0
                    && (seenTimes.isEmpty()
                            ? facts.changedSince(tape.lastAppended()) || !tailIsUnchanged(place, buffer)
                            : !seenTimes.equals(facts.changedAt()));
            seenTimes = facts.changedAt();
            settledBefore = true;
            return suspect ? CopyResult.SUSPECT : CopyResult.SETTLED;
        }
        return copy(place, buffer, budget, facts);
    }

    private CopyResult compareWhole(String why, FileFacts facts) {
        comparison = new Comparison(why, facts.changedAt());
        return CopyResult.MORE;
    }

    /** Makes the next looks compare everything: the file's times changed and its length did not. */
    void suspect() {
        if (comparison == null) {
            comparison = new Comparison("its bytes changed in place", seenTimes);
        }
    }

    /** Returns true once after bytes were added to a tape that held all of the file before. */
    boolean consumeGrowth() {
        boolean did = grew;
        grew = false;
        return did;
    }

    boolean isComparing() {
        return comparison != null;
    }

    /** Ends a comparison because the file is gone. */
    void cancelComparison() {
        comparison = null;
    }

    /** Notes that the file is read at another place from now on. */
    void markMoved() {
        comparison = null;
        seenTimes = "";
    }

    /** Notes that others may have appended to the tape. */
    void markTapeGrew() {
        tail = null;
    }

    private boolean tailIsUnchanged(Path place, ByteBuffer buffer) throws IOException {
        try (FileChannel source = LinkedPaths.open(place)) {
            byte[] expected = tail();
            return Arrays.equals(read(source, tape.length() - expected.length, expected.length, buffer), expected);
        }
    }

    private CopyResult copy(Path place, ByteBuffer buffer, long budget, FileFacts facts) throws IOException {
        try (FileChannel source = LinkedPaths.open(place)) {
            if (!sampleIsUnchanged(source, buffer)) {
                return compareWhole("its bytes changed in place", facts);
            }
            long copied = 0;
            while (true) {
                byte[] expected = tail();
                buffer.clear();
                int got = readFully(source, tape.length() - expected.length, buffer);
                buffer.flip();
                if (got < expected.length || !startsWith(buffer, expected)) {
                    return compareWhole(
                            got < expected.length ? "the file became shorter" : "its bytes changed in place", facts);
                }
                if (got > expected.length) {
                    buffer.position(expected.length);
                    append(buffer);
                    grew |= settledBefore;
                    copied += got - expected.length;
                    tail = last(buffer, got);
                }
                if (got < buffer.capacity()) {
                    FileFacts after = FileFacts.of(place);
                    boolean settled = after.size() == tape.length();
                    settledBefore |= settled;
                    seenTimes = settled ? after.changedAt() : facts.changedAt();
                    seen.update(true, Math.max(after.size(), tape.length()), after.modifiedAtMs());
                    return settled ? CopyResult.SETTLED : CopyResult.MORE;
                }
                if (copied >= budget) {
                    return CopyResult.MORE;
                }
            }
        }
    }

    private void append(ByteBuffer bytes) throws TapeWriteException {
        try {
            tape.append(bytes);
        } catch (IOException e) {
            throw new TapeWriteException(e);
        }
    }

    private CopyResult compare(
            Comparison running,
            Path path,
            Path place,
            ByteBuffer buffer,
            ByteBuffer other,
            long budget,
            FileFacts facts,
            Instant now)
            throws IOException {
        Optional<Long> common;
        try (FileChannel source = LinkedPaths.open(place);
                TapeReader reader = tape.reader()) {
            common = running.step(source, reader, tape.generation(), tape.length(), buffer, other, budget);
        }
        if (common.isEmpty()) {
            return CopyResult.MORE;
        }
        comparison = null;
        tail = null;
        if (!facts.key().equals(tape.manifest().fileKey())) {
            tape.noteMove(path, facts.key());
        }
        if (common.get() < tape.length()) {
            tape.beginGeneration(common.get(), running.why(), now);
        }
        // A change during the comparison may be in the part that was done: then the file is suspect again.
        seenTimes = running.startedAt();
        return CopyResult.MORE;
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
            // A complete comparison finds how far tape and source are the same.
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
}
