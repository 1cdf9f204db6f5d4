package dev.kept.daemon.pipeline;

import dev.kept.daemon.checkpoint.Checkpoints;
import dev.kept.daemon.source.DecoderSwap;
import dev.kept.daemon.source.FollowedSource;
import dev.kept.daemon.source.SavedSource;
import dev.kept.daemon.source.SessionSources;
import dev.kept.ingest.source.Chunk;
import dev.kept.ingest.source.SourceInfo;
import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.observe.FlightEvents;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.SessionFact;
import dev.kept.recording.RecordingEngine;
import dev.kept.recording.contract.MainBranches;
import dev.kept.recording.contract.RecordingFacts;
import dev.kept.replay.BranchSource;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.session.SessionSnapshotStore;
import dev.kept.session.SessionUpdate;
import dev.kept.status.StatusReport.Problem;
import dev.kept.tape.ReadingGuard;
import dev.kept.tape.ReadingMarks.Reader;
import dev.kept.tape.TapeLibrary;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All followed sources, and the path of their bytes: a source's decoder makes records of them, {@link FollowedSource}
 * determines their session, {@link SessionSources} drops what another source of that session already delivered, and the
 * rest goes to the store and, from a main branch, to the {@link RecordingEngine}.
 *
 * <p>What is read during the first import is history: the store keeps as much of it as there is room for. Owned by the
 * pipeline thread.
 */
final class FollowedSources {
    /**
     * Order by creation time; files created at the same time are ordered by path, as when a conversation is read from
     * its tapes.
     */
    private static final Comparator<FollowedSource> OLDEST_FIRST = Comparator.comparing(
                    (FollowedSource source) -> source.info().createdAt())
            .thenComparing(source -> source.info().path());

    private final Map<Integer, FollowedSource> sources = new HashMap<>();
    private final SessionSources bySession = new SessionSources();
    private final SessionReassignment reassignment;
    private final Map<String, SavedSource> restored = new HashMap<>();
    private final UnidentifiedFiles unidentified = new UnidentifiedFiles();
    private final SessionSnapshotStore store;
    private final DecoderSwap swap;
    private final RecordCounters counters;
    private final Instant startedAt;
    private final ReadingGuard guard;
    private @Nullable RecordingEngine recordings;
    private boolean importing = true;
    private long readBytes;

    /**
     * Creates an empty set.
     *
     * @param startedAt messages before this time are history
     * @param guard notes what is being read
     */
    FollowedSources(
            SessionSnapshotStore store,
            DecoderSwap swap,
            RecordCounters counters,
            Instant startedAt,
            ReadingGuard guard) {
        this.guard = guard;
        this.store = store;
        this.reassignment = new SessionReassignment(bySession, store);
        this.swap = swap;
        this.counters = counters;
        this.startedAt = startedAt;
    }

    /**
     * Sets what an earlier run left. Called before the first source is found.
     *
     * @param engine receives every event of a main branch
     * @param earlier sources that an earlier run read; their sessions are in the store
     */
    void start(RecordingEngine engine, Checkpoints.Restored earlier) {
        recordings = engine;
        restored.putAll(earlier.sources());
        restored.values().forEach(counters::add);
        restored.values().forEach(reassignment::restore);
    }

    private RecordingEngine engine() {
        RecordingEngine engine = recordings;
        if (engine == null) {
            throw new IllegalStateException("not started");
        }
        return engine;
    }

    int size() {
        return sources.size();
    }

    /** Returns the number of bytes read since the start. */
    long readBytes() {
        return readBytes;
    }

    /** Reports whether the initial scan is still being read. */
    boolean importing() {
        return importing;
    }

    /** Returns the problem that files name no session; empty during the first import. */
    Optional<Problem> nameless() {
        return importing ? Optional.empty() : unidentified.problem();
    }

    /** Ends the first import: everything that was there at the start has been read. */
    void endImport() {
        if (importing) {
            FlightEvents.imported(sources.size(), counters.importBytes());
        }
        importing = false;
        engine().completeInitialScan();
    }

    /**
     * Adds a source.
     *
     * @param noted facts about its session from files beside it
     */
    void add(SourceInfo info, List<SessionFact> noted) {
        SavedSource saved = restored.remove(TapeLibrary.name(info.provider().name(), info.sourceId()));
        FollowedSource followed = saved == null
                ? new FollowedSource(info, noted, reassignment.families(), swap, this::facts)
                : new FollowedSource(info, noted, reassignment.families(), saved, this::facts);
        followed.session().ifPresent(session -> bySession.add(session, followed));
        sources.put(info.number(), followed);
        store.chargeElsewhere(followed.recharge());
        followed.session().ifPresent(session -> reportBranch(followed, session));
        if (saved != null && followed.onMainBranch()) {
            engine().resume(saved.session(), saved.delivered(), followed.facts());
            // The session may have been renamed while no daemon ran.
            noted.stream().filter(SessionFact.Title.class::isInstance).forEach(name -> rename(info, name));
        }
    }

    /** Updates a source's session after a person renamed it in a file beside the source. */
    void rename(SourceInfo info, SessionFact name) {
        FollowedSource source = sources.get(info.number());
        if (source != null && source.onMainBranch()) {
            source.replaceTitle(name);
            source.session()
                    .filter(session -> store.metadata(session).isPresent())
                    .ifPresent(session -> store.upsert(new SessionUpdate(session, List.of(), List.of(name))));
        }
    }

    /**
     * Notes that the conversation of a session was handed over into a source: its next record belongs to that session.
     */
    void continueSession(SourceInfo info) {
        FollowedSource source = sources.get(info.number());
        if (source != null) {
            source.continueSession(info);
        }
    }

    /** Begins a generation: the next bytes of the source belong to it. */
    void beginGeneration(SourceInfo info, int generation) {
        FollowedSource source = sources.get(info.number());
        if (source != null) {
            collectFaults(faults -> source.decoder()
                    .use(decoder ->
                            decoder.beginGeneration(generation, record -> acceptOrNote(source, record, faults))));
        }
    }

    /** Adds a file without records that belongs to a session by its path. */
    void addBeside(SourceInfo file) {
        file.kind()
                .sessionId()
                .map(id -> reassignment
                        .families()
                        .root(new SessionKey(file.provider().name(), id)))
                .ifPresent(session -> engine().addOutput(session, file.path(), file.tapeFolder()));
    }

    /** Reads the next bytes of a source. */
    void read(SourceInfo info, Chunk chunk) {
        FollowedSource source = sources.get(info.number());
        readBytes += chunk.length();
        if (source != null) {
            try (ReadingGuard.Noted _ = guard.note(Reader.PIPELINE, info.tapeName(), chunk.length())) {
                collectFaults(faults -> source.decoder().use(decoder -> {
                    long forgotten = decoder.forgottenIds();
                    Consumer<DecodedRecord> sink = record -> acceptOrNote(source, record, faults);
                    decoder.accept(chunk.bytes(), 0, chunk.length(), chunk.prepared(), sink);
                    // A last record without a line end is a record all the same.
                    decoder.finish(sink);
                    if (decoder.forgottenIds() > forgotten) {
                        counters.addForgotten(source, decoder.forgottenIds() - forgotten);
                    }
                }));
            } finally {
                swap.swapOutIdle();
                store.chargeElsewhere(swap.recharge() + source.recharge());
            }
        }
    }

    /** Runs work that may collect faults, and throws the first of them at its end. */
    private static void collectFaults(Consumer<List<RuntimeException>> work) {
        List<RuntimeException> faults = new ArrayList<>(0);
        work.accept(faults);
        if (!faults.isEmpty()) {
            throw faults.getFirst();
        }
    }

    /**
     * Accepts a record, or notes the fault: a fault of Kept in one record must not keep later records from being read.
     */
    private void acceptOrNote(FollowedSource source, DecodedRecord decoded, List<RuntimeException> faults) {
        try {
            accept(source, decoded);
        } catch (StackOverflowError e) {
            note(
                    new IllegalStateException(
                            "a record of " + source.info().path() + " is nested too deep to be taken", e),
                    faults);
        } catch (RuntimeException e) {
            note(e, faults);
        }
    }

    /** Keeps the first fault only. */
    private static void note(RuntimeException fault, List<RuntimeException> faults) {
        if (faults.isEmpty()) {
            faults.add(fault);
        }
    }

    private void accept(FollowedSource source, DecodedRecord decoded) {
        counters.count(source, decoded);
        Optional<SessionKey> before = source.session();
        List<DecodedRecord> accepted = source.accept(decoded);
        if (SessionReassignment.names(decoded)) {
            reassignment.reassign(source, before, this::moved);
        }
        unidentified.update(source);
        for (DecodedRecord next : accepted) {
            Optional<SessionKey> session = source.session();
            if (session.isPresent()) {
                DecodedRecord fresh = bySession.withoutDelivered(source, session.get(), next);
                if (fresh.events().size() < next.events().size()) {
                    reportRepeated(source, session.get(), next, fresh);
                }
                deliver(source, session.get(), fresh);
            }
        }
    }

    private void moved(SessionKey part, SessionKey whole) {
        engine().reassign(part, whole);
        bySession.of(whole).forEach(source -> reportBranch(source, whole));
    }

    /**
     * Reports to the engine that main-branch events were already delivered by another source; a recording may still
     * have to read them from this tape.
     */
    private void reportRepeated(FollowedSource source, SessionKey session, DecodedRecord all, DecodedRecord fresh) {
        for (ConversationEvent event : all.events().reversed()) {
            if (event.header().onMainLine() && !fresh.events().contains(event)) {
                engine().acceptRepeated(
                                session, event.header().source().position().next(), source.facts());
                return;
            }
        }
    }

    private void deliver(FollowedSource source, SessionKey session, DecodedRecord decoded) {
        source.note(decoded.facts());
        reportBranch(source, session);
        if (!decoded.events().isEmpty() || !decoded.facts().isEmpty()) {
            SessionUpdate update = new SessionUpdate(session, decoded.events(), factsOf(source, session, decoded));
            if (importing && isHistory(decoded)) {
                store.upsertHistory(update);
            } else {
                store.upsert(update);
            }
            FlightEvents.appended(session, decoded.events().size());
            reportPresence(source, session);
        }
        boolean copied = isCopied(decoded);
        for (ConversationEvent event : decoded.events()) {
            if (event.header().onMainLine() && !isRepeatedCall(event)) {
                engine().accept(source.info(), session, event, copied, source.workingDirectory(), source.facts());
                source.markDelivered(event.header().source().position());
            }
        }
    }

    /**
     * Reports whether an event replaces a call that was already delivered. A note keeps the first wording of a call.
     */
    private static boolean isRepeatedCall(ConversationEvent event) {
        return event instanceof ConversationEvent.ToolCall call
                && call.replaces().isPresent();
    }

    /**
     * Returns the facts of a record that apply to its session. A subagent may work in a folder of its own, so its
     * working directory counts only while that of the session is unknown.
     */
    private List<SessionFact> factsOf(FollowedSource source, SessionKey session, DecodedRecord decoded) {
        if (source.onMainBranch()
                || decoded.facts().isEmpty()
                || store.metadata(session)
                        .map(known -> known.workingDirectory().isEmpty())
                        .orElse(true)) {
            return decoded.facts();
        }
        return decoded.facts().stream()
                .filter(fact -> !(fact instanceof SessionFact.WorkingDirectory))
                .toList();
    }

    private static boolean isCopied(DecodedRecord decoded) {
        for (SessionFact fact : decoded.facts()) {
            if (fact instanceof SessionFact.ForkedFrom) {
                return true;
            }
        }
        return false;
    }

    /** Reports whether all events of a record are older than the start of the daemon. */
    private boolean isHistory(DecodedRecord decoded) {
        for (ConversationEvent event : decoded.events()) {
            Optional<Instant> at = event.header().timestamp();
            if (at.isPresent() && at.get().isAfter(startedAt)) {
                return false;
            }
        }
        return true;
    }

    private void reportBranch(FollowedSource source, SessionKey session) {
        if (source.markBranchReported()) {
            SourceInfo info = source.info();
            engine().addSubagent(
                            session,
                            new BranchSource(
                                    info.provider(),
                                    info.kind(),
                                    info.tapeFolder(),
                                    session.sessionId(),
                                    source.branch(),
                                    List.of()));
        }
    }

    /** Notes whether a source's file exists, and when it was last modified. */
    void notePresence(SourceInfo info, boolean present, long modifiedAtMs) {
        FollowedSource source = sources.get(info.number());
        if (source != null && source.onMainBranch()) {
            source.notePresence(new FollowedSource.Presence(present, modifiedAtMs));
            source.session()
                    .filter(session -> store.metadata(session).isPresent())
                    .ifPresent(session -> reportPresence(source, session));
        }
    }

    /**
     * Reports a noted presence to the store. A file is seen before its first record is read, and the store holds a
     * session only from its first record on.
     */
    private void reportPresence(FollowedSource source, SessionKey session) {
        Optional<FollowedSource.Presence> seen = source.takeUnreportedPresence();
        if (seen.isPresent() && (seen.get().present() || !bySession.anyPresent(session))) {
            store.updateSource(session, seen.get().present(), seen.get().modifiedAtMs());
        }
    }

    /** Returns the source to which a session is currently appended. */
    Optional<FollowedSource> newestMain(SessionKey session) {
        return bySession.newestMain(session);
    }

    /** Returns the sources of a session's main branch, the oldest first. */
    List<MainBranches.MainBranch> mainLines(SessionKey session) {
        return bySession.of(session).stream()
                .filter(FollowedSource::onMainBranch)
                .filter(source -> source.session().equals(Optional.of(session)))
                .sorted(OLDEST_FIRST)
                .map(source -> new MainBranches.MainBranch(facts(source), source.end()))
                .toList();
    }

    private RecordingFacts facts(FollowedSource source) {
        SourceInfo info = source.info();
        Optional<SessionSnapshotStatusMetadata> metadata = source.session().flatMap(store::metadata);
        String title = metadata.map(SessionSnapshotStatusMetadata::name).orElse("");
        return new RecordingFacts(
                info.provider(),
                info.kind(),
                info.sourceId(),
                info.tapeFolder(),
                info.createdAt(),
                metadata.map(SessionSnapshotStatusMetadata::forkedFrom).orElse(""),
                title,
                metadata.flatMap(SessionSnapshotStatusMetadata::firstEventAt));
    }

    /** Returns the states of those of the sessions from which a later run may resume. */
    List<byte[]> states(List<SessionKey> keys) throws IOException {
        return Checkpoints.slice(store, bySession, keys, engine()::isResumable);
    }

    /** Saves all sources. Called at the end of the daemon. */
    void save(Checkpoints into) throws IOException {
        into.save(store, bySession, engine()::isResumable);
    }
}
