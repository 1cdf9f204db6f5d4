package dev.kept.recording.journal;

import dev.kept.model.TapePosition;
import dev.kept.provider.support.EventIdSet;
import dev.kept.recording.journal.JournalEntry.ChunkDone;
import dev.kept.recording.journal.JournalEntry.CommandDecided;
import dev.kept.recording.journal.JournalEntry.DestinationSet;
import dev.kept.recording.journal.JournalEntry.RecordingBounded;
import dev.kept.recording.journal.JournalEntry.RecordingContinued;
import dev.kept.recording.journal.JournalEntry.RecordingEnded;
import dev.kept.recording.journal.JournalEntry.RecordingStarted;
import dev.kept.recording.journal.JournalEntry.SourceLeft;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The state that a session's journal adds up to. Entries are applied in order, when they are decided and again after a
 * restart. Owned by the pipeline thread.
 */
public final class SessionJournal {
    private final Map<String, Open> open = new LinkedHashMap<>();
    private Optional<Path> destination = Optional.empty();
    /** The paths that were written to; there are no more of them than commands. */
    private final EventIdSet written = new EventIdSet();

    private final Set<String> earlier = new HashSet<>();
    private final Set<String> whole = new HashSet<>();
    private final Set<String> continued = new HashSet<>();
    private final Map<String, TapePosition> lastObeyed = new HashMap<>();
    private final Map<String, TapePosition> left = new HashMap<>();
    private int started;
    private int decidedInChat;

    /**
     * A recording or export that has not ended.
     *
     * @param until the position before which it ends, once that is known
     */
    public record Open(RecordingPlan plan, RecordingProgress progress, Optional<TapePosition> until) {}

    public void apply(JournalEntry entry) {
        switch (entry) {
            case CommandDecided decided -> {
                if (!decided.key().startsWith(CommandDecided.FROM_COMMAND_LINE)) {
                    decidedInChat++;
                }
                if (decided.outcome() == CommandDecided.Outcome.DONE
                        && lastObeyed(decided.sourceId()).isBefore(decided.place())) {
                    lastObeyed.put(decided.sourceId(), decided.place());
                }
            }
            case DestinationSet(var path) -> destination = Optional.of(path);
            case RecordingStarted(var plan) -> {
                started++;
                if (!written.add(plan.path().toString())) {
                    earlier.add(plan.recordingId());
                }
                if (plan.from().equals(TapePosition.START)) {
                    whole.add(plan.recordingId());
                }
                open.put(plan.recordingId(), new Open(plan, RecordingProgress.atStart(plan), Optional.empty()));
            }
            case RecordingBounded(var recordingId, var until) ->
                open.computeIfPresent(recordingId, (_, of) -> new Open(of.plan(), of.progress(), Optional.of(until)));
            case SourceLeft(var sourceId, var at) -> left.put(sourceId, at);
            case RecordingContinued(var recordingId, var from) -> {
                continued.add(recordingId);
                if (whole.contains(from)) {
                    whole.add(recordingId);
                } else {
                    whole.remove(recordingId);
                }
            }
            case ChunkDone(var recordingId, var progress) ->
                open.computeIfPresent(recordingId, (_, of) -> new Open(of.plan(), progress, of.until()));
            case RecordingEnded(var recordingId) -> {
                open.remove(recordingId);
                // Nobody asks about one that has ended.
                earlier.remove(recordingId);
                whole.remove(recordingId);
                continued.remove(recordingId);
            }
        }
    }

    /** Returns the primary destination. */
    public Optional<Path> destination() {
        return destination;
    }

    /** Returns the number of decided commands in messages. */
    public int decidedInChat() {
        return decidedInChat;
    }

    /** Returns the number of recordings and exports ever started. */
    public int started() {
        return started;
    }

    /** Reports whether the conversation moved on from a source before or at that position. */
    public boolean hasLeft(String sourceId, TapePosition place) {
        TapePosition at = left.get(sourceId);
        return at != null && place.isBefore(at);
    }

    /** Returns the sources that the conversation left. */
    public Set<String> left() {
        return left.keySet();
    }

    /** Returns the position at which the conversation left a source, if it did. */
    public Optional<TapePosition> leftAt(String sourceId) {
        return Optional.ofNullable(left.get(sourceId));
    }

    /** Reports whether a recording continues one of another source. */
    public boolean isContinuation(RecordingPlan plan) {
        return continued.contains(plan.recordingId());
    }

    /** Reports whether a recording holds the conversation from its beginning. */
    public boolean isWhole(RecordingPlan plan) {
        return whole.contains(plan.recordingId());
    }

    /** Reports whether an earlier recording of this session wrote to the same file. */
    public boolean wroteBefore(RecordingPlan plan) {
        return earlier.contains(plan.recordingId());
    }

    /** Returns the position of the last obeyed command of a source. */
    public TapePosition lastObeyed(String sourceId) {
        return lastObeyed.getOrDefault(sourceId, TapePosition.START);
    }

    public Collection<Open> open() {
        return open.values();
    }

    /** Returns the recording that follows the session. */
    public Optional<Open> following() {
        return open.values().stream()
                .filter(of -> of.plan().purpose() == RecordingPlan.Purpose.RECORDING
                        && of.until().isEmpty())
                .findFirst();
    }

    public Optional<Open> open(String recordingId) {
        return Optional.ofNullable(open.get(recordingId));
    }
}
