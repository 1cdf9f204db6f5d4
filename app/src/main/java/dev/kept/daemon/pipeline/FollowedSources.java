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
 * All sources that are followed, and what becomes of their bytes: a source's reading makes records of them,
 * {@link FollowedSource} says which session they belong to, {@link SessionSources} leaves out what another source of that
 * session told, and what is left goes to the store and, from a main line, to the {@link RecordingEngine}.
 *
 * <p>What is read while the first import runs is history: the store holds of it what there is room for. Owned by the pipeline
 * thread.
 */
final class FollowedSources {
    /** Of files that were made at once the names decide, as where a conversation is read from its tapes. */
    private static final Comparator<FollowedSource> OLDEST_FIRST = Comparator.comparing(
                    (FollowedSource source) -> source.info().createdAt())
            .thenComparing(source -> source.info().path());

    private final Map<Integer, FollowedSource> sources = new HashMap<>();
    private final SessionSources bySession = new SessionSources();
    private final SessionReassignment moves;
    private final Map<String, SavedSource> restored = new HashMap<>();
    private final UnidentifiedFiles nameless = new UnidentifiedFiles();
    private final SessionSnapshotStore store;
    private final DecoderSwap park;
    private final RecordCounters tallies;
    private final Instant startedAt;
    private final ReadingGuard guard;
    private @Nullable RecordingEngine recordings;
    private boolean importing = true;
    private long readBytes;

    /**
     * No sources yet.
     *
     * @param startedAt what was said before that is history
     * @param guard is told what is being read
     */
    FollowedSources(
            SessionSnapshotStore store,
            DecoderSwap park,
            RecordCounters tallies,
            Instant startedAt,
            ReadingGuard guard) {
        this.guard = guard;
        this.store = store;
        this.moves = new SessionReassignment(bySession, store);
        this.park = park;
        this.tallies = tallies;
        this.startedAt = startedAt;
    }

    /**
     * Before the first source is found.
     *
     * @param engine is shown every main line
     * @param earlier what an earlier run read; its sessions are in the store
     */
    void start(RecordingEngine engine, Checkpoints.Restored earlier) {
        recordings = engine;
        restored.putAll(earlier.sources());
        restored.values().forEach(tallies::add);
        restored.values().forEach(moves::restored);
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

    /** Bytes that were read since the start. */
    long readBytes() {
        return readBytes;
    }

    /** Whether what was there at the start is not all read yet. */
    boolean importing() {
        return importing;
    }

    /** Returns the problem that files name no session; while the first import runs, none. */
    Optional<Problem> nameless() {
        return importing ? Optional.empty() : nameless.problem();
    }

    /** All that was there at the start is read. */
    void imported() {
        if (importing) {
            FlightEvents.imported(sources.size(), tallies.importBytes());
        }
        importing = false;
        engine().startRead();
    }

    /** @param noted what files beside the source tell of its session */
    void found(SourceInfo info, List<SessionFact> noted) {
        SavedSource saved = restored.remove(TapeLibrary.name(info.provider().name(), info.sourceId()));
        FollowedSource followed = saved == null
                ? new FollowedSource(info, noted, moves.families(), park, this::facts)
                : new FollowedSource(info, noted, moves.families(), saved, this::facts);
        followed.session().ifPresent(session -> bySession.meet(session, followed));
        sources.put(info.number(), followed);
        store.chargeElsewhere(followed.recharge());
        followed.session().ifPresent(session -> tellLine(followed, session));
        if (saved != null && followed.onMainLine()) {
            engine().takenUp(saved.session(), saved.told(), followed.facts());
            // It may have been named anew while no daemon ran.
            noted.stream().filter(SessionFact.Title.class::isInstance).forEach(name -> named(info, name));
        }
    }

    /** A person named a source's session anew, in a file beside it. */
    void named(SourceInfo info, SessionFact name) {
        FollowedSource source = sources.get(info.number());
        if (source != null && source.onMainLine()) {
            source.named(name);
            source.session()
                    .filter(session -> store.metadata(session).isPresent())
                    .ifPresent(session -> store.upsert(new SessionUpdate(session, List.of(), List.of(name))));
        }
    }

    /** The conversation of a session was handed over into a source: its next record says so. */
    void continues(SourceInfo info) {
        FollowedSource source = sources.get(info.number());
        if (source != null) {
            source.continues(info);
        }
    }

    /** What comes next of a source stands in another generation. */
    void rewritten(SourceInfo info, int generation) {
        FollowedSource source = sources.get(info.number());
        if (source != null) {
            collectingFaults(faults -> source.reading()
                    .use(reading -> reading.beginGeneration(generation, record -> takeOrNote(source, record, faults))));
        }
    }

    /** A file without records was found, which its path puts beside those of a session. */
    void foundBeside(SourceInfo file) {
        file.kind()
                .sessionId()
                .map(id -> moves.families().root(new SessionKey(file.provider().name(), id)))
                .ifPresent(session -> engine().output(session, file.path(), file.tapeFolder()));
    }

    /** The next bytes of a source. */
    void read(SourceInfo info, Chunk chunk) {
        FollowedSource source = sources.get(info.number());
        readBytes += chunk.length();
        if (source != null) {
            try (ReadingGuard.Noted _ = guard.note(Reader.PIPELINE, info.tapeName(), chunk.length())) {
                collectingFaults(faults -> source.reading().use(reading -> {
                    long forgotten = reading.forgottenIds();
                    Consumer<DecodedRecord> taker = record -> takeOrNote(source, record, faults);
                    reading.accept(chunk.bytes(), 0, chunk.length(), chunk.prepared(), taker);
                    // A last record without a line end is one all the same.
                    reading.finish(taker);
                    if (reading.forgottenIds() > forgotten) {
                        tallies.forgot(source, reading.forgottenIds() - forgotten);
                    }
                }));
            } finally {
                park.settle();
                store.chargeElsewhere(park.recharge() + source.recharge());
            }
        }
    }

    /** Does what may note faults, and throws the first of them at its end. */
    private static void collectingFaults(Consumer<List<RuntimeException>> work) {
        List<RuntimeException> faults = new ArrayList<>(0);
        work.accept(faults);
        if (!faults.isEmpty()) {
            throw faults.getFirst();
        }
    }

    /** A fault of ours in one record must not keep the records behind it from being read. */
    private void takeOrNote(FollowedSource source, DecodedRecord reading, List<RuntimeException> faults) {
        try {
            take(source, reading);
        } catch (StackOverflowError e) {
            note(
                    new IllegalStateException(
                            "a record of " + source.info().path() + " is nested too deep to be taken", e),
                    faults);
        } catch (RuntimeException e) {
            note(e, faults);
        }
    }

    /** One of them tells enough. */
    private static void note(RuntimeException fault, List<RuntimeException> faults) {
        if (faults.isEmpty()) {
            faults.add(fault);
        }
    }

    private void take(FollowedSource source, DecodedRecord reading) {
        tallies.count(source, reading);
        Optional<SessionKey> before = source.session();
        List<DecodedRecord> taken = source.take(reading);
        if (SessionReassignment.names(reading)) {
            moves.named(source, before, this::moved);
        }
        nameless.look(source);
        for (DecodedRecord next : taken) {
            Optional<SessionKey> session = source.session();
            if (session.isPresent()) {
                DecodedRecord untold = bySession.untold(source, session.get(), next);
                if (untold.events().size() < next.events().size()) {
                    tellRepeated(source, session.get(), next, untold);
                }
                pass(source, session.get(), untold);
            }
        }
    }

    private void moved(SessionKey part, SessionKey whole) {
        engine().moved(part, whole);
        bySession.of(whole).forEach(source -> tellLine(source, whole));
    }

    /** What another source told of the main line is no news, but a recording may still have to read it from this tape. */
    private void tellRepeated(FollowedSource source, SessionKey session, DecodedRecord all, DecodedRecord untold) {
        for (ConversationEvent event : all.events().reversed()) {
            if (event.header().onMainLine() && !untold.events().contains(event)) {
                engine().repeated(session, event.header().source().position().next(), source.facts());
                return;
            }
        }
    }

    private void pass(FollowedSource source, SessionKey session, DecodedRecord reading) {
        source.note(reading.facts());
        tellLine(source, session);
        if (!reading.events().isEmpty() || !reading.facts().isEmpty()) {
            SessionUpdate update = new SessionUpdate(session, reading.events(), factsOf(source, session, reading));
            if (importing && wasThere(reading)) {
                store.upsertHistory(update);
            } else {
                store.upsert(update);
            }
            FlightEvents.appended(session, reading.events().size());
            tellPresence(source, session);
        }
        boolean copied = isCopied(reading);
        for (ConversationEvent event : reading.events()) {
            if (event.header().onMainLine() && !isToldAgain(event)) {
                engine().take(source.info(), session, event, copied, source.workingDirectory(), source.facts());
                source.told(event.header().source().position());
            }
        }
    }

    /** In a note the first wording of a call stands written. */
    private static boolean isToldAgain(ConversationEvent event) {
        return event instanceof ConversationEvent.ToolCall call
                && call.replaces().isPresent();
    }

    /** A subagent may work in a folder of its own; its session is where the conversation is, if that is known. */
    private List<SessionFact> factsOf(FollowedSource source, SessionKey session, DecodedRecord reading) {
        if (source.onMainLine()
                || reading.facts().isEmpty()
                || store.metadata(session)
                        .map(known -> known.workingDirectory().isEmpty())
                        .orElse(true)) {
            return reading.facts();
        }
        return reading.facts().stream()
                .filter(fact -> !(fact instanceof SessionFact.WorkingDirectory))
                .toList();
    }

    private static boolean isCopied(DecodedRecord reading) {
        for (SessionFact fact : reading.facts()) {
            if (fact instanceof SessionFact.ForkedFrom) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing of it was said since the daemon started. */
    private boolean wasThere(DecodedRecord reading) {
        for (ConversationEvent event : reading.events()) {
            Optional<Instant> at = event.header().timestamp();
            if (at.isPresent() && at.get().isAfter(startedAt)) {
                return false;
            }
        }
        return true;
    }

    private void tellLine(FollowedSource source, SessionKey session) {
        if (source.tellLine()) {
            SourceInfo info = source.info();
            engine().subagent(
                            session,
                            new BranchSource(
                                    info.provider(),
                                    info.kind(),
                                    info.tapeFolder(),
                                    session.sessionId(),
                                    source.line(),
                                    List.of()));
        }
    }

    /** A source's file was looked at: whether it is there, and when it was last modified. */
    void presence(SourceInfo info, boolean present, long modifiedAtMs) {
        FollowedSource source = sources.get(info.number());
        if (source != null && source.onMainLine()) {
            source.seen(new FollowedSource.Presence(present, modifiedAtMs));
            source.session()
                    .filter(session -> store.metadata(session).isPresent())
                    .ifPresent(session -> tellPresence(source, session));
        }
    }

    /** A file is seen before its first record is read, and a session is held only from its first record on. */
    private void tellPresence(FollowedSource source, SessionKey session) {
        Optional<FollowedSource.Presence> seen = source.tell();
        if (seen.isPresent() && (seen.get().present() || !bySession.anyPresent(session))) {
            store.sourceSeen(session, seen.get().present(), seen.get().modifiedAtMs());
        }
    }

    /** The source that a session goes on in. */
    Optional<FollowedSource> newestMain(SessionKey session) {
        return bySession.newestMain(session);
    }

    /** The sources of a session's main line, the oldest first. */
    List<MainBranches.MainLine> mainLines(SessionKey session) {
        return bySession.of(session).stream()
                .filter(FollowedSource::onMainLine)
                .filter(source -> source.session().equals(Optional.of(session)))
                .sorted(OLDEST_FIRST)
                .map(source -> new MainBranches.MainLine(facts(source), source.end()))
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

    /** The states of some sessions, of those that a later run may go on from. */
    List<byte[]> states(List<SessionKey> keys) throws IOException {
        return Checkpoints.slice(store, bySession, keys, engine()::mayBeTakenUp);
    }

    /** Saves all of them; at the end of the daemon. */
    void save(Checkpoints into) throws IOException {
        into.save(store, bySession, engine()::mayBeTakenUp);
    }
}
