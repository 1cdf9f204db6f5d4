package dev.kept.daemon.source;

import dev.kept.ingest.source.SourceInfo;
import dev.kept.model.BoundedText;
import dev.kept.model.EventHeader;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.provider.DecodedRecord;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SourceKind;
import dev.kept.provider.StateWriter;
import dev.kept.recording.contract.RecordingFacts;
import dev.kept.session.SessionFamilies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A source as read by the pipeline: its decoder and the session it belongs to. Records before the one that names the
 * session wait; if none names it soon, the source is a session of its own. Where the path does not name the session, a
 * record that names another one ends the first: what follows belongs to the other. Owned by the pipeline thread.
 */
public final class FollowedSource {
    private static final int MAX_WAITING = 64;

    /** Limit of the bytes of waiting records, not counting the last of them. */
    private static final long MAX_WAITING_BYTES = 256 * 1024;

    /** Limit of the sessions that a source may pass through; then it stays in its current one. */
    public static final int MAX_SESSIONS = 64;

    /**
     * Bytes a source takes besides its decoder, measured over 10,000 sources: 1,100 in ingest (file, tape, manifest,
     * paths), 400 here, and 100 for fields added since.
     */
    private static final int BOOKKEEPING_BYTES = 1_600;

    /** Copies of the path in memory: in ingest, in messages, in the tape's manifest and in the names of its files. */
    private static final int PATH_COPIES = 4;

    /** Length of the paths with which {@link #BOOKKEEPING_BYTES} was measured. */
    private static final int USUAL_PATH = 128;

    /** Bytes of a session that the source passed through. */
    private static final int EARLIER_BYTES = 100;

    /** Bytes of its entry in {@link SessionSources}. */
    private static final int MEMBER_BYTES = 100;

    /** Additional bytes there of a subagent's source. */
    private static final int SUBAGENT_BYTES = 150;

    /** Bytes of the status of its session while a status is built, for two requests at once. */
    private static final int STATUS_BYTES = 800;

    private SourceInfo info;
    private final DecoderSwap.Held decoder;
    private final Supplier<RecordingFacts> facts;
    private final SourceCounters counts;
    private TapePosition delivered = TapePosition.START;
    private final List<DecodedRecord> waiting = new ArrayList<>();
    private long waitingBytes;
    private long charged;
    private final SessionFamilies families;

    /** The session named by the records, or by the path: possibly a part of the session the source belongs to. */
    private Optional<SessionKey> named;

    private String branch;
    private final List<SessionKey> earlier = new ArrayList<>(0);
    private List<SessionFact> noted;
    private boolean notedIsDelivered;
    private boolean present;
    private Optional<SessionKey> lastSession = Optional.empty();
    private boolean ofAnother;
    private String workingDirectory = "";
    private boolean branchReported;
    private Optional<Presence> unreportedPresence = Optional.empty();

    /** Presence of the agent's file, and its modification time (ms since 1970; 0 if the file is missing). */
    public record Presence(boolean present, long modifiedAtMs) {}

    /**
     * Creates a source of which nothing was read.
     *
     * @param noted facts about its session from files beside the source
     * @param families sessions that are parts of others
     * @param facts function that returns what recordings need to know about the source
     */
    public FollowedSource(
            SourceInfo info,
            List<SessionFact> noted,
            SessionFamilies families,
            DecoderSwap swap,
            Function<FollowedSource, RecordingFacts> facts) {
        this.info = info;
        this.facts = () -> facts.apply(this);
        this.noted = noted;
        this.families = families;
        this.branch = info.kind().line();
        this.decoder = swap.fresh(info.provider(), info.kind());
        this.counts = new SourceCounters();
        this.named = info.kind().continues().or(info.kind()::sessionId).map(this::key);
    }

    /** Creates a source that an earlier run has read up to a position. */
    public FollowedSource(
            SourceInfo info,
            List<SessionFact> noted,
            SessionFamilies families,
            SavedSource saved,
            Function<FollowedSource, RecordingFacts> facts) {
        this.info = info;
        this.facts = () -> facts.apply(this);
        this.noted = noted;
        this.families = families;
        this.branch = saved.branch();
        this.notedIsDelivered = !saved.workingDirectory().isEmpty();
        this.decoder = saved.decoder();
        this.counts = saved.counts();
        this.delivered = saved.delivered();
        this.named = Optional.of(saved.namedSession());
        this.ofAnother = isOfAnother(saved.namedSession());
        this.workingDirectory = saved.workingDirectory();
    }

    /** Reports whether the records name another session than the path, and the path is what names the file. */
    private boolean isOfAnother(SessionKey named) {
        SourceKind.Session kind = info.kind();
        return kind.continues().isEmpty()
                && kind.sessionId().filter(id -> !key(id).equals(named)).isPresent();
    }

    /** Updates a source into which the conversation of a session was handed over. */
    public void continueSession(SourceInfo now) {
        info = now;
        now.kind().continues().ifPresent(decoder::continueSession);
    }

    /** Returns the sessions that the source had events of. */
    public Set<SessionKey> sessions() {
        Set<SessionKey> all = new HashSet<>(earlier);
        session().ifPresent(all::add);
        return all;
    }

    /** Reports whether no record waits for the session to be known, and the source had only one session. */
    public boolean canBeSaved() {
        return named.isPresent() && waiting.isEmpty() && earlier.isEmpty();
    }

    public void save(StateWriter out) throws IOException {
        SavedSource.write(this, out);
    }

    private SessionKey key(String sessionId) {
        return new SessionKey(info.provider().name(), sessionId);
    }

    public SourceInfo info() {
        return info;
    }

    /** Returns a supplier of what recordings need to know about the source. */
    public Supplier<RecordingFacts> facts() {
        return facts;
    }

    public SourceCounters counts() {
        return counts;
    }

    public DecoderSwap.Held decoder() {
        return decoder;
    }

    /** Returns the session that the source belongs to, as far as is known now. */
    public Optional<SessionKey> session() {
        return named.map(families::root);
    }

    /**
     * Returns the session named by the records, or by the path: possibly a part of the session the source belongs to.
     */
    public Optional<SessionKey> namedSession() {
        return named;
    }

    /** Returns the branch of the session that the source holds. */
    public String branch() {
        return branch;
    }

    public boolean onMainBranch() {
        return branch.equals(EventHeader.MAIN_LINE);
    }

    /** Reports whether the records, and not the path alone, say that the source holds the conversation of a session. */
    boolean isConversationOf(SessionKey session) {
        return onMainBranch()
                && named.equals(Optional.of(session))
                && (decoder.generation() > 1 || decoder.resumeOffset() > 0);
    }

    /** Returns the source's own id, beside that of its session. */
    public Optional<SessionKey> ownKey() {
        return info.kind().ownId(branch).map(this::key);
    }

    /** Notes a session that keeps what the source delivered so far, while what follows belongs to another. */
    public void noteEarlier(SessionKey before) {
        if (!earlier.contains(before)) {
            earlier.add(before);
        }
    }

    /** Requires the branch to be reported again, because its session has changed. */
    void forgetBranchReport() {
        branchReported = false;
    }

    /** Reports whether neither the path nor an accepted record names a session. */
    public boolean isNameless() {
        return info.kind().sessionId().isEmpty()
                && named.filter(session -> !session.equals(key(info.sourceId())))
                        .isEmpty();
    }

    /** Returns the agent's working directory at the last accepted record; empty if unknown. */
    public String workingDirectory() {
        return workingDirectory;
    }

    /** Returns true if the source holds a subagent's branch that was not reported yet; marks it as reported. */
    public boolean markBranchReported() {
        boolean unreported = !branchReported && info.kind().layout() == SourceKind.Layout.LINES && !onMainBranch();
        branchReported |= unreported;
        return unreported;
    }

    /** Returns the position after all accepted events, where the next one will be. */
    public TapePosition end() {
        return new TapePosition(decoder.generation(), decoder.resumeOffset(), 0);
    }

    /** Notes that an event of the main branch was delivered. */
    public void markDelivered(TapePosition place) {
        delivered = place.next();
    }

    /** Returns the position after the last delivered event of the main branch. */
    public TapePosition delivered() {
        return delivered;
    }

    /** Returns the bytes of heap that the source takes, without its decoder. */
    long heldBytes() {
        long member = onMainBranch() ? MEMBER_BYTES : MEMBER_BYTES + SUBAGENT_BYTES;
        return BOOKKEEPING_BYTES
                + STATUS_BYTES
                + member
                + counts.heldBytes()
                + BoundedText.bytes(workingDirectory)
                + (long) EARLIER_BYTES * earlier.size()
                + (long) PATH_COPIES * Math.max(0, info.path().toString().length() - USUAL_PATH);
    }

    /** Returns the change in bytes of heap since the previous call. */
    public long recharge() {
        long now = heldBytes();
        long change = now - charged;
        charged = now;
        return change;
    }

    /** Accepts the next record; returns those that can be delivered now that the session is known. */
    public List<DecodedRecord> accept(DecodedRecord next) {
        boolean known = named.isPresent();
        identify(next);
        if (known) {
            return List.of(withNote(next));
        }
        waiting.add(withNote(next));
        waitingBytes += bytesOf(next);
        if (named.isEmpty() && waiting.size() < MAX_WAITING && waitingBytes <= MAX_WAITING_BYTES) {
            return List.of();
        }
        if (named.isEmpty()) {
            named = Optional.of(key(info.sourceId()));
        }
        List<DecodedRecord> all = List.copyOf(waiting);
        waiting.clear();
        waitingBytes = 0;
        return all;
    }

    private static long bytesOf(DecodedRecord decoded) {
        return decoded.events().isEmpty()
                ? 0
                : decoded.events().getFirst().header().source().length();
    }

    private void identify(DecodedRecord next) {
        for (SessionFact fact : next.facts()) {
            if (earlier.size() >= MAX_SESSIONS) {
                return;
            }
            if (fact instanceof SessionFact.Identity(var sessionId)) {
                identify(sessionId, info.kind().line());
            } else if (fact instanceof SessionFact.ChildOf(var sessionId, var own)) {
                identify(sessionId, own);
            }
        }
    }

    private void identify(String sessionId, String onBranch) {
        Optional<SessionKey> now = Optional.of(key(sessionId));
        notedIsDelivered &= named.equals(now);
        if (info.kind().sessionId().isEmpty()) {
            named.filter(before -> !now.equals(Optional.of(before))).ifPresent(this::noteEarlier);
        }
        named = now;
        branch = onBranch;
        // The path is only the name of the file.
        ofAnother = isOfAnother(key(sessionId));
    }

    /**
     * Returns the record with the facts from the files beside the source, if it is the first of a session's main
     * branch.
     */
    private DecodedRecord withNote(DecodedRecord next) {
        if (notedIsDelivered || noted.isEmpty() || !onMainBranch()) {
            return next;
        }
        notedIsDelivered = true;
        DecodedRecord noting = next;
        for (SessionFact fact : noted) {
            noting = noting.with(fact);
        }
        return noting;
    }

    /** Replaces the session title that the files beside the source named. */
    public void replaceTitle(SessionFact name) {
        noted = Stream.concat(noted.stream().filter(fact -> !(fact instanceof SessionFact.Title)), Stream.of(name))
                .toList();
    }

    /** Notes the state of the file, to be reported as soon as its session is held. */
    public void notePresence(Presence presence) {
        present = presence.present();
        unreportedPresence = Optional.of(presence);
    }

    /** Reports whether the file existed when it was last checked. */
    boolean present() {
        return present;
    }

    /** Notes the session that the source is in, and returns true if it was in another one before. */
    boolean enterSession(SessionKey current) {
        boolean fresh = !lastSession.equals(Optional.of(current));
        lastSession = Optional.of(current);
        return fresh;
    }

    /**
     * Returns the state of the file that was not reported yet, and marks it as reported; empty for a file that belongs
     * to another source's session.
     */
    public Optional<Presence> takeUnreportedPresence() {
        Optional<Presence> unreported = ofAnother ? Optional.empty() : unreportedPresence;
        unreportedPresence = Optional.empty();
        return unreported;
    }

    /** Notes the agent's working directory from the facts of a record. */
    public void note(List<SessionFact> facts) {
        for (SessionFact fact : facts) {
            if (fact instanceof SessionFact.WorkingDirectory(var path)) {
                workingDirectory = path;
            }
        }
    }
}
