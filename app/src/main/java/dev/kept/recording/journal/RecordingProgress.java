package dev.kept.recording.journal;

import dev.kept.model.TapePosition;
import java.time.Instant;
import java.util.Objects;

/**
 * How far a recording is.
 *
 * @param chunk how many chunks were written
 * @param next the first place that is not written yet
 * @param writerState what the next text depends on
 * @param fileKey the file's identity after the last chunk; empty where the platform has none
 * @param size its size then, in bytes
 * @param at when that was
 */
public record RecordingProgress(
        long chunk, TapePosition next, String writerState, String fileKey, long size, Instant at) {
    public RecordingProgress {
        Objects.requireNonNull(next, "next");
        Objects.requireNonNull(writerState, "writerState");
        Objects.requireNonNull(fileKey, "fileKey");
        Objects.requireNonNull(at, "at");
    }

    /** Before the first chunk. */
    public static RecordingProgress atStart(RecordingPlan plan) {
        return new RecordingProgress(0, plan.from(), "", "", 0, plan.startedAt());
    }
}
