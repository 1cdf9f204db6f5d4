package dev.kept.recording;

import dev.kept.model.TapePosition;
import dev.kept.recording.JournalEntry.ChunkDone;
import dev.kept.recording.JournalEntry.CommandDecided;
import dev.kept.recording.JournalEntry.DestinationSet;
import dev.kept.recording.JournalEntry.RecordingBounded;
import dev.kept.recording.JournalEntry.RecordingEnded;
import dev.kept.recording.JournalEntry.RecordingStarted;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a session's journal adds up to. Entries are applied in their order, when they are decided and again after a
 * restart. Owned by the pipeline thread.
 */
final class SessionJournal {
    private final Map<String, Open> open = new LinkedHashMap<>();
    private Optional<Path> destination = Optional.empty();
    private final Set<Path> written = new HashSet<>();
    private final Set<String> earlier = new HashSet<>();
    private TapePosition lastDecided = TapePosition.START;
    private int started;

    /**
     * A recording or export that has not ended.
     *
     * @param until where it ends, once that is known; this place is not part of it
     */
    record Open(RecordingPlan plan, RecordingProgress progress, Optional<TapePosition> until) {}

    void apply(JournalEntry entry) {
        switch (entry) {
            case CommandDecided decided -> {
                if (lastDecided.isBefore(decided.place())) {
                    lastDecided = decided.place();
                }
            }
            case DestinationSet(var path) -> destination = Optional.of(path);
            case RecordingStarted(var plan) -> {
                started++;
                if (!written.add(plan.path())) {
                    earlier.add(plan.recordingId());
                }
                open.put(plan.recordingId(), new Open(plan, RecordingProgress.atStart(plan), Optional.empty()));
            }
            case RecordingBounded(var recordingId, var until) ->
                open.computeIfPresent(recordingId, (_, of) -> new Open(of.plan(), of.progress(), Optional.of(until)));
            case ChunkDone(var recordingId, var progress) ->
                open.computeIfPresent(recordingId, (_, of) -> new Open(of.plan(), progress, of.until()));
            case RecordingEnded(var recordingId) -> open.remove(recordingId);
        }
    }

    /** The primary destination. */
    Optional<Path> destination() {
        return destination;
    }

    /** How many recordings and exports were ever started. */
    int started() {
        return started;
    }

    /** Whether this session wrote to that file before. */
    boolean wrote(Path path) {
        return written.contains(path);
    }

    /** Whether an earlier recording of this session wrote to the file of that one. */
    boolean wroteBefore(RecordingPlan plan) {
        return earlier.contains(plan.recordingId());
    }

    /** The place of the last command that was decided. */
    TapePosition lastDecided() {
        return lastDecided;
    }

    Collection<Open> open() {
        return open.values();
    }

    /** The recording that follows the session. */
    Optional<Open> following() {
        return open.values().stream()
                .filter(of -> of.plan().purpose() == RecordingPlan.Purpose.RECORDING
                        && of.until().isEmpty())
                .findFirst();
    }

    Optional<Open> open(String recordingId) {
        return Optional.ofNullable(open.get(recordingId));
    }
}
