package dev.kept.recording.io;

import dev.kept.recording.destination.OpenDestination;
import dev.kept.recording.journal.JournalFiles;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.journal.WriteIntent;
import dev.kept.recording.journal.WrittenChunk;
import dev.kept.recording.writer.RecordingFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Detection of earlier states of a recording's file, put back by git, a sync client, an editor's undo or a shell while
 * it is recorded.
 *
 * <p>People may change and remove what they like in a note. So a file is in an earlier state only if the end that Kept
 * wrote last is nowhere in it, and it is empty, or ends exactly as it did after an earlier chunk, or ends inside a
 * chunk at that chunk's place. A file that ends with a person's words is theirs.
 */
public final class EarlierState {
    /** Line that is written below an earlier state of a note. */
    public static final String LINE =
            "\n*— This note was put back to an earlier state here. What was missing follows. —*\n";

    /** Length of the inspected end of a file. */
    private static final int SEARCH_BYTES = 1024 * 1024;

    /** Shortest end of a file that identifies a chunk; a shorter one may be the end of anything. */
    private static final int IDENTIFYING_BYTES = 16;

    /** Lock under which notes are inspected one at a time, since a checkout may put back many at once. */
    private static final ReentrantLock LOCK = new ReentrantLock();

    private EarlierState() {}

    /**
     * Returns how far a recording was when its file was what it is now; empty if the file is what Kept left, or what a
     * person made of it.
     */
    static Optional<RecordingProgress> of(
            RecordingPlan plan, RecordingProgress before, OpenDestination file, JournalFiles journals)
            throws IOException {
        long size = file.size();
        boolean untouched = before.size() == size && before.fileKey().equals(file.fileKey());
        if (before.chunk() == 0 || untouched) {
            return Optional.empty();
        }
        LOCK.lock();
        try {
            return of(plan, before, file, size, journals);
        } finally {
            LOCK.unlock();
        }
    }

    private static Optional<RecordingProgress> of(
            RecordingPlan plan, RecordingProgress before, OpenDestination file, long size, JournalFiles journals)
            throws IOException {
        // A chunk that a person removed while Kept was not running counts as never written.
        List<WrittenChunk> chunks = journals.chunks(plan).stream()
                .filter(chunk -> chunk.after().chunk() <= before.chunk())
                .toList();
        if (chunks.isEmpty() || chunks.getFirst().after().chunk() != before.chunk()) {
            return Optional.empty();
        }
        WrittenChunk last = chunks.getFirst();
        if (Arrays.equals(read(file, last.size() - last.tail().length, last.tail().length), last.tail())) {
            return Optional.empty();
        }
        byte[] end = read(file, Math.max(0, size - SEARCH_BYTES), (int) Math.min(size, SEARCH_BYTES));
        if (DestinationFiles.indexOf(end, last.tail()) >= 0) {
            return Optional.empty();
        }
        if (size == 0) {
            return Optional.of(RecordingProgress.atStart(plan));
        }
        byte[] latest = journals.lastIntent(plan)
                .filter(intent -> intent.after().chunk() == before.chunk())
                .map(WriteIntent::payload)
                .orElse(new byte[0]);
        for (int i = 0; i < chunks.size(); i++) {
            WrittenChunk chunk = chunks.get(i);
            if (i > 0 && endsWith(end, chunk.tail())) {
                return Optional.of(chunk.after());
            }
            byte[] there = cut(chunk, file);
            if (i == 0 ? isBeginning(there, latest) : chunk.mayBeginWith(there)) {
                return before(plan, chunks, i);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the text to write below an earlier state: an end for what was cut, and in a note the line that reports
     * it.
     */
    static String below(RecordingPlan plan, OpenDestination file) throws IOException {
        boolean markdown = RecordingFormat.of(plan.path()).equals(Optional.of(RecordingFormat.MARKDOWN));
        LOCK.lock();
        try {
            return ForeignText.closing(file) + (markdown ? LINE : "");
        } finally {
            LOCK.unlock();
        }
    }

    /** Returns the progress before a chunk, if it is known. */
    private static Optional<RecordingProgress> before(RecordingPlan plan, List<WrittenChunk> chunks, int index) {
        long number = chunks.get(index).after().chunk();
        return number == 1
                ? Optional.of(RecordingProgress.atStart(plan))
                : chunks.stream()
                        .skip(index + 1L)
                        .limit(1)
                        .map(WrittenChunk::after)
                        .filter(after -> after.chunk() == number - 1)
                        .findFirst();
    }

    private static boolean isBeginning(byte[] there, byte[] payload) {
        return there.length > 0
                && there.length < payload.length
                && Arrays.equals(there, 0, there.length, payload, 0, there.length);
    }

    private static boolean endsWith(byte[] end, byte[] tail) {
        return tail.length >= IDENTIFYING_BYTES
                && end.length >= tail.length
                && Arrays.equals(end, end.length - tail.length, end.length, tail, 0, tail.length);
    }

    /** Returns the bytes in the place of a chunk, if the file ends inside it. */
    private static byte[] cut(WrittenChunk chunk, OpenDestination file) throws IOException {
        long there = file.size() - chunk.base();
        return there > 0 && there < chunk.length() ? read(file, chunk.base(), (int) there) : new byte[0];
    }

    /** Records how the file ends after a chunk. */
    static void note(
            RecordingPlan plan,
            long base,
            byte[] payload,
            OpenDestination file,
            RecordingProgress done,
            JournalFiles journals)
            throws IOException {
        long size = base + payload.length;
        int length = (int) Math.min(size, WrittenChunk.TAIL_BYTES);
        byte[] tail = payload.length >= length
                ? Arrays.copyOfRange(payload, payload.length - length, payload.length)
                : read(file, size - length, length);
        journals.addChunk(plan, WrittenChunk.of(base, payload, tail, done));
    }

    private static byte[] read(OpenDestination file, long from, int length) throws IOException {
        if (from < 0) {
            return new byte[0];
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && file.reader().read(bytes, from + bytes.position()) > 0) {
            // Until all is read, or the file ends.
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
