package dev.kept.recording;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.provider.Provider;
import dev.kept.provider.SourceKind;
import dev.kept.recording.destination.GeneratedName;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.RecordingProgress;
import dev.kept.recording.writer.Asset;
import dev.kept.recording.writer.RecordingWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The threads that touch files for recordings. Every call returns at once and is answered by one {@link RecordingReport},
 * except a {@link #journal} without a recording to tell of.
 */
interface RecordingWorkers {

    /**
     * Adds entries to a session's journal, in the order of the calls, durable.
     *
     * @param thenStart the recording that waits for this; answered by {@link RecordingReport.Journaled}
     */
    void journal(SessionKey session, List<JournalEntry> entries, Optional<String> thenStart);

    /** Adds an entry that the next durable one will make durable too: losing it costs a look into the file. */
    void journalLazily(SessionKey session, JournalEntry entry);

    /** Says where a command's path leads and whether it may be written. Answered by {@link RecordingReport.Prepared}. */
    void prepare(long ticket, Optional<String> argument, Optional<Path> workingDirectory, GeneratedName generated);

    /** Finds out whether the last chunk before a crash stands in its file. Answered by {@link RecordingReport.Recovered}. */
    void recover(RecordingPlan plan, RecordingProgress progress);

    /** Appends a chunk. Answered by {@link RecordingReport.Written}. */
    void write(WriteRequest request);

    /** Renders the next chunk from the tape. Answered by {@link RecordingReport.Replayed}. */
    void replay(ReplayRequest request);

    /** Notes that a recording has ended, durable, and removes what was kept for its recovery. Not answered. */
    void end(RecordingPlan plan);

    /** Lets go of what {@link #replay} keeps open for a recording. */
    void endReplay(String recordingId);

    /**
     * A chunk to append.
     *
     * @param expectFile whether the file must be there already
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
     * @param from the first place to render
     * @param limit the first place not to
     * @param writerState what {@link RecordingWriter#resume} needs
     */
    record ReplayRequest(
            RecordingPlan plan,
            Provider provider,
            SourceKind.Session kind,
            Path tapeFolder,
            TapePosition from,
            TapePosition limit,
            String writerState) {}
}
