package dev.kept.recording.contract;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.destination.GeneratedName;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.Mark;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.writer.Asset;
import dev.kept.replay.BranchSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The threads that do the file work of recordings. Every call returns at once and is answered by one
 * {@link RecordingReport}, except a {@link #journal} without recordings to start.
 */
public interface RecordingWorkers {

    /**
     * Appends entries to a session's journal, in the order of the calls, and makes them durable.
     *
     * @param thenStart the recordings that wait for this; each is answered by {@link RecordingReport.Journaled}
     */
    void journal(SessionKey session, List<JournalEntry> entries, List<String> thenStart);

    /** Reports whether entries given to {@link #journal} for that session are not all durable yet. Any thread. */
    boolean hasPendingEntries(SessionKey session);

    /** Appends an entry that the next durable one will make durable too. Its loss costs an inspection of the file. */
    void journalLazily(SessionKey session, JournalEntry entry);

    /**
     * Finds out where a command's path leads and whether it may be written. Answered by
     * {@link RecordingReport.Prepared}.
     */
    void prepare(long ticket, Optional<String> argument, Optional<Path> workingDirectory, GeneratedName generated);

    /**
     * Finds out whether the last chunk before a crash is in its file. Answered by {@link RecordingReport.Recovered}.
     */
    void recover(RecordingPlan plan, RecordingProgress progress);

    /** Appends a chunk. Answered by {@link RecordingReport.Written}. */
    void write(WriteRequest request);

    /** Renders the next chunk from the tape. Answered by {@link RecordingReport.Replayed}, maybe with no text yet. */
    void replay(ReplayRequest request);

    /** Appends durably that a recording has ended, and removes what was kept for its recovery. Not answered. */
    void end(RecordingPlan plan);

    /** Closes what {@link #replay} keeps open for a recording, unless that is small. Called when it is live. */
    void pauseReplay(String recordingId);

    /**
     * A chunk to append.
     *
     * @param expectFile whether the file must exist already
     * @param before the progress so far
     * @param after the progress once it is appended; its size and file key are those of before
     */
    record WriteRequest(
            RecordingPlan plan,
            Path tapeFolder,
            boolean expectFile,
            String text,
            List<Asset> assets,
            RecordingProgress before,
            RecordingProgress after) {
        public WriteRequest {
            assets = List.copyOf(assets);
        }
    }

    /**
     * A part of a conversation to render.
     *
     * @param source the tape of the main branch
     * @param from the mark at which to begin
     * @param limit the first position of the main branch not to render
     */
    record ReplayRequest(RecordingPlan plan, BranchSource source, Mark from, TapePosition limit) {}
}
