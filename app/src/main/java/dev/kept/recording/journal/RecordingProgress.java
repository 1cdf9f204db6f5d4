package dev.kept.recording.journal;

import dev.kept.model.TapePosition;
import java.time.Instant;
import java.util.Objects;

/**
 * The progress of a recording.
 *
 * @param chunk the number of chunks written
 * @param mark the mark after them
 * @param fileKey the file's identity after the last chunk; empty where the platform has none
 * @param size the file's size at that time, in bytes
 * @param at the time of the last chunk
 */
public record RecordingProgress(long chunk, Mark mark, String fileKey, long size, Instant at) {
    public RecordingProgress {
        Objects.requireNonNull(mark, "mark");
        Objects.requireNonNull(fileKey, "fileKey");
        Objects.requireNonNull(at, "at");
    }

    /** Returns the progress before the first chunk. */
    public static RecordingProgress atStart(RecordingPlan plan) {
        return new RecordingProgress(0, Mark.at(plan.from(), ""), "", 0, plan.startedAt());
    }

    /** Returns the first position of the main branch that is not written yet, or not completely. */
    public TapePosition next() {
        return mark.next();
    }

    /** Returns the progress with one more chunk, up to that mark; the facts of the file are those from before it. */
    public RecordingProgress onwards(Mark to, Instant when) {
        return new RecordingProgress(chunk + 1, to, fileKey, size, when);
    }

    /** Returns the same progress with the current facts of the file. */
    public RecordingProgress in(String key, long bytes, Instant when) {
        return new RecordingProgress(chunk, mark, key, bytes, when);
    }
}
