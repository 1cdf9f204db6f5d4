package dev.kept.ingest.copy;

import dev.kept.ingest.copy.SourceFile.Look;
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
 * Copies a source that its agent appends to, and notices a rewrite before it copies.
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
 * tape starts a new generation there. An edit that keeps the tail and the sampled block while the file grows, and one that
 * keeps size and times, are found later, by {@link CopyChecks}. Owned by the ingest thread.
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

    /** @param seen is told what is found out about the file while it is copied */
    PlainCopy(Tape tape, ObservedFile seen) {
        this.tape = tape;
        this.seen = seen;
        this.settledBefore = tape.length() > 0;
    }

    /**
     * Copies at most about {@code budget} bytes, or goes on with a whole compare.
     *
     * @param path by which the agent knows the file
     * @param place where its bytes stand
     * @throws java.nio.file.NoSuchFileException if the file went away
     */
    Look look(Path path, Path place, FileFacts facts, ByteBuffer buffer, ByteBuffer other, long budget, Instant now)
            throws IOException {
        boolean replaced = !facts.key().equals(tape.card().fileKey());
        if (!replaced && !path.equals(tape.card().path())) {
            tape.moved(path, facts.key());
        }
        if (comparison != null) {
            return compare(comparison, path, place, buffer, other, budget, facts, now);
        }
        if (replaced && tape.length() == 0) {
            tape.moved(path, facts.key());
        } else if (replaced) {
            return compareWhole("another file stands in its place", facts);
        }
        if (facts.size() < tape.length()) {
            return compareWhole("the file became shorter", facts);
        }
        if (facts.size() == tape.length()) {
            // At the first look of this run nobody was there to see what changed these times.
            boolean suspect = facts.size() > 0
                    && (seenTimes.isEmpty()
                            ? facts.changedSince(tape.lastAppended()) || !tailIsUnchanged(place, buffer)
                            : !seenTimes.equals(facts.changedAt()));
            seenTimes = facts.changedAt();
            settledBefore = true;
            return suspect ? Look.SUSPECT : Look.SETTLED;
        }
        return copy(place, buffer, budget, facts);
    }

    private Look compareWhole(String why, FileFacts facts) {
        comparison = new Comparison(why, facts.changedAt());
        return Look.MORE;
    }

    /** The next looks compare whole: the file's times changed and its length did not. */
    void suspect() {
        if (comparison == null) {
            comparison = new Comparison("its bytes changed in place", seenTimes);
        }
    }

    /** Returns true once after bytes were added to a tape that held all of the file before. */
    boolean grewSinceSettled() {
        boolean did = grew;
        grew = false;
        return did;
    }

    boolean isComparing() {
        return comparison != null;
    }

    /** The file is gone: there is nothing left to compare. */
    void gone() {
        comparison = null;
    }

    /** The file is read at another place from now on. */
    void moved() {
        comparison = null;
        seenTimes = "";
    }

    /** Somebody else may have added to the tape. */
    void tapeGrew() {
        tail = null;
    }

    private boolean tailIsUnchanged(Path place, ByteBuffer buffer) throws IOException {
        try (FileChannel source = LinkedPaths.open(place)) {
            byte[] expected = tail();
            return Arrays.equals(read(source, tape.length() - expected.length, expected.length, buffer), expected);
        }
    }

    private Look copy(Path place, ByteBuffer buffer, long budget, FileFacts facts) throws IOException {
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
                    seen.saw(true, Math.max(after.size(), tape.length()), after.modifiedAtMs());
                    return settled ? Look.SETTLED : Look.MORE;
                }
                if (copied >= budget) {
                    return Look.MORE;
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

    private Look compare(
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
            common = running.goOn(source, reader, tape.generation(), tape.length(), buffer, other, budget);
        }
        if (common.isEmpty()) {
            return Look.MORE;
        }
        comparison = null;
        tail = null;
        if (!facts.key().equals(tape.card().fileKey())) {
            tape.moved(path, facts.key());
        }
        if (common.get() < tape.length()) {
            tape.beginGeneration(common.get(), running.why(), now);
        }
        // What changed while the compare ran may stand in what it had passed: then the file is suspect again.
        seenTimes = running.startedAt();
        return Look.MORE;
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
}
