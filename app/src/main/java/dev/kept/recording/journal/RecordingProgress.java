package dev.kept.recording.journal;

import dev.kept.model.TapePosition;
import java.time.Instant;
import java.util.Objects;

/**
 * How far a recording is.
 *
 * @param chunk how many chunks were written
 * @param mark up to where
 * @param fileKey the file's identity after the last chunk; empty where the platform has none
 * @param size its size then, in bytes
 * @param at when that was
 */
public record RecordingProgress(long chunk, Mark mark, String fileKey, long size, Instant at) {
    public RecordingProgress {
        Objects.requireNonNull(mark, "mark");
        Objects.requireNonNull(fileKey, "fileKey");
        Objects.requireNonNull(at, "at");
    }

    /** Before the first chunk. */
    public static RecordingProgress atStart(RecordingPlan plan) {
        return new RecordingProgress(0, Mark.at(plan.from(), ""), "", 0, plan.startedAt());
    }

    /** The first place of the main line that is not written yet, or not whole. */
    public TapePosition next() {
        return mark.next();
    }

    /** One chunk more, up to that mark; what becomes of the file is not known yet. */
    public RecordingProgress onwards(Mark to, Instant when) {
        return new RecordingProgress(chunk + 1, to, fileKey, size, when);
    }

    /** The same progress in the file as it is now. */
    public RecordingProgress in(String key, long bytes, Instant when) {
        return new RecordingProgress(chunk, mark, key, bytes, when);
    }
}
