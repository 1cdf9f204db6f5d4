package dev.kept.recording;

import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.recording.contract.RecordingContext;
import dev.kept.recording.contract.RecordingFacts;
import dev.kept.recording.journal.JournalEntry;
import dev.kept.recording.journal.JournalEntry.RecordingEnded;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.recording.journal.SessionJournal;
import dev.kept.recording.writer.RecordingHeader;
import dev.kept.replay.BranchSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A recording's view of its session. Owned by the pipeline thread. */
final class RecordedSession {
    private final SessionKey key;
    private final RecordingContext context;
    private final SessionRegistry sessionRegistry;
    private final SessionJournal journal;
    private final ConversationSources sources;
    private final Predicate<ActiveRecording> mayWrite;

    RecordedSession(
            SessionKey key,
            RecordingContext context,
            SessionRegistry sessionRegistry,
            SessionJournal journal,
            ConversationSources sources,
            Predicate<ActiveRecording> mayWrite) {
        this.key = key;
        this.context = context;
        this.sessionRegistry = sessionRegistry;
        this.journal = journal;
        this.sources = sources;
        this.mayWrite = mayWrite;
    }

    /** Reports whether no earlier recording is still writing to the same file. */
    boolean mayWrite(ActiveRecording recording) {
        return mayWrite.test(recording);
    }

    /** Returns the source from which a recording is read; empty until it is known. */
    Optional<BranchSource> source(RecordingPlan plan) {
        return sources.find(plan.sourceId())
                .map(ConversationSources.Source::facts)
                .filter(facts -> !mayRepeat(facts)
                        || sessionRegistry.isInitialScanComplete()
                        || sources.containsAll(journal.left()))
                .map(facts -> branchOf(facts, mayRepeat(facts) ? earlierParts(facts) : List.of()));
    }

    /** Reports whether a recording's source was absent at start-up and has not appeared since. */
    boolean isMissing(RecordingPlan plan) {
        return sessionRegistry.isInitialScanComplete()
                && sources.find(plan.sourceId()).isEmpty();
    }

    /**
     * Reports whether a source may begin with events that another source also holds. That can only be where the path
     * does not name the session.
     */
    private boolean mayRepeat(RecordingFacts facts) {
        return !facts.kind().sessionId().equals(Optional.of(key.sessionId()));
    }

    private List<BranchSource.Earlier> earlierParts(RecordingFacts facts) {
        return sources.olderThan(facts).stream()
                .flatMap(earlier -> journal
                        .leftAt(earlier.sourceId())
                        .map(until -> new BranchSource.Earlier(branchOf(earlier, List.of()), until))
                        .stream())
                .toList();
    }

    private BranchSource branchOf(RecordingFacts facts, List<BranchSource.Earlier> earlier) {
        return new BranchSource(facts.provider(), facts.kind(), facts.tapeFolder(), key.sessionId(), earlier);
    }

    /** Returns the number of open recordings of all sessions. */
    int openRecordings() {
        return sessionRegistry.openRecordings();
    }

    String speaker() {
        return sources.facts().map(facts -> facts.provider().displayName()).orElse(key.provider());
    }

    /** Returns the first position of a recording's source whose event was not delivered yet. */
    TapePosition position(RecordingPlan plan) {
        return sources.find(plan.sourceId())
                .map(ConversationSources.Source::position)
                .orElse(TapePosition.START);
    }

    RecordingHeader header(RecordingPlan plan, RecordingHeader.Place place) {
        List<String> participants =
                List.of(context.styles().settings(key.provider()).userName(), speaker());
        return new RecordingHeader(plan.title(), key, speaker(), participants, plan.created(), origin(plan), place);
    }

    private Optional<RecordingHeader.Origin> origin(RecordingPlan plan) {
        String from = sources.facts().map(RecordingFacts::forkedFrom).orElse("");
        if (from.isEmpty() || from.equals(key.sessionId())) {
            return Optional.empty();
        }
        SessionKey parent = new SessionKey(key.provider(), from);
        Optional<Path> folder = Optional.ofNullable(plan.path().getParent());
        String note = sessionRegistry
                .noteOf(parent)
                .filter(path -> !path.equals(plan.path()))
                .flatMap(path -> folder.map(here -> here.relativize(path).toString()))
                .orElse("");
        return Optional.of(new RecordingHeader.Origin(parent, note));
    }

    boolean wroteBefore(RecordingPlan plan) {
        return journal.wroteBefore(plan);
    }

    boolean isContinuation(RecordingPlan plan) {
        return journal.isContinuation(plan);
    }

    void journalLazily(JournalEntry entry) {
        journal.apply(entry);
        context.workers().journalLazily(key, entry);
    }

    void journalEnd(RecordingPlan plan) {
        journal.apply(new RecordingEnded(plan.recordingId()));
        context.workers().end(plan);
    }
}
