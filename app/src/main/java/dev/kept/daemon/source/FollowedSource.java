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
 * A source as the pipeline reads it: its parser, and which session it belongs to. What is read before a record names the
 * session waits; if none does soon, the source is a session of its own. Where the path does not tell the session, a record
 * that names another one ends the first: what follows belongs to the other. Owned by the pipeline thread.
 */
public final class FollowedSource {
    private static final int MAX_WAITING = 64;

    /** Bytes of records that wait, at most, but for the last of them. */
    private static final long MAX_WAITING_BYTES = 256 * 1024;

    /** The most sessions that a source may have gone through; then it stays in the one it is in. */
    public static final int MAX_SESSIONS = 64;

    /**
     * What a source takes besides what its reading holds, measured over 10,000: in ingest (file, tape, card, paths) 1,100
     * bytes, here 400; and 100 for the fields that came since.
     */
    private static final int BOOKKEEPING_BYTES = 1_600;

    /** The path is there this often: in ingest, in messages, in the tape's card and in the names of its files. */
    private static final int PATH_COPIES = 4;

    /** The length of path that {@link #BOOKKEEPING_BYTES} was measured with. */
    private static final int USUAL_PATH = 128;

    /** A session that it went through. */
    private static final int EARLIER_BYTES = 100;

    /** What it takes in {@link SessionSources}. */
    private static final int MEMBER_BYTES = 100;

    /** What a subagent's source takes there besides. */
    private static final int SUBAGENT_BYTES = 150;

    /** What the status of its session takes while a status is made, for two who ask at once. */
    private static final int STATUS_BYTES = 800;

    private SourceInfo info;
    private final DecoderSwap.Held reading;
    private final Supplier<RecordingFacts> facts;
    private final SourceCounters counts;
    private TapePosition told = TapePosition.START;
    private final List<DecodedRecord> waiting = new ArrayList<>();
    private long waitingBytes;
    private long charged;
    private final SessionFamilies families;

    /** The session that its records name, or its path: perhaps a part of the one that it belongs to. */
    private Optional<SessionKey> said;

    private String line;
    private final List<SessionKey> earlier = new ArrayList<>(0);
    private List<SessionFact> noted;
    private boolean notedIsTold;
    private boolean present;
    private Optional<SessionKey> lastMet = Optional.empty();
    private boolean ofAnother;
    private String workingDirectory = "";
    private boolean lineTold;
    private Optional<Presence> untold = Optional.empty();

    /** Whether the agent's file is there, and when it was last modified (ms since 1970; 0 if it is not there). */
    public record Presence(boolean present, long modifiedAtMs) {}

    /**
     * A source of which nothing was read.
     *
     * @param noted what files beside the source tell of its session
     * @param families which sessions are parts of others
     * @param facts what recordings have to know of it
     */
    public FollowedSource(
            SourceInfo info,
            List<SessionFact> noted,
            SessionFamilies families,
            DecoderSwap park,
            Function<FollowedSource, RecordingFacts> facts) {
        this.info = info;
        this.facts = () -> facts.apply(this);
        this.noted = noted;
        this.families = families;
        this.line = info.kind().line();
        this.reading = park.fresh(info.provider(), info.kind());
        this.counts = new SourceCounters();
        this.said = info.kind().continues().or(info.kind()::sessionId).map(this::key);
    }

    /** A source that an earlier run has read, up to a place. */
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
        this.line = saved.line();
        this.notedIsTold = !saved.workingDirectory().isEmpty();
        this.reading = saved.reading();
        this.counts = saved.counts();
        this.told = saved.told();
        this.said = Optional.of(saved.said());
        this.ofAnother = isOfAnother(saved.said());
        this.workingDirectory = saved.workingDirectory();
    }

    /** Reports whether the records name another session than the path, and the path is what names the file. */
    private boolean isOfAnother(SessionKey named) {
        SourceKind.Session kind = info.kind();
        return kind.continues().isEmpty()
                && kind.sessionId().filter(id -> !key(id).equals(named)).isPresent();
    }

    /** The conversation of a session was handed over into it. */
    public void continues(SourceInfo now) {
        info = now;
        now.kind().continues().ifPresent(reading::continues);
    }

    /** The sessions that it told of. */
    public Set<SessionKey> sessions() {
        Set<SessionKey> all = new HashSet<>(earlier);
        session().ifPresent(all::add);
        return all;
    }

    /** True if nothing waits for the session to be known, and it is the only one. */
    public boolean canBeSaved() {
        return said.isPresent() && waiting.isEmpty() && earlier.isEmpty();
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

    /** What recordings have to know of it; made when it is asked for. */
    public Supplier<RecordingFacts> facts() {
        return facts;
    }

    public SourceCounters counts() {
        return counts;
    }

    public DecoderSwap.Held reading() {
        return reading;
    }

    /** The session that it belongs to, as far as is known now. */
    public Optional<SessionKey> session() {
        return said.map(families::root);
    }

    /** The session that its records name, or its path: perhaps a part of the one that it belongs to. */
    public Optional<SessionKey> said() {
        return said;
    }

    /** The line of its session that it holds. */
    public String line() {
        return line;
    }

    public boolean onMainLine() {
        return line.equals(EventHeader.MAIN_LINE);
    }

    /** Reports whether it says, and not its path alone, that it holds the conversation of a session. */
    boolean isConversationOf(SessionKey session) {
        return onMainLine()
                && said.equals(Optional.of(session))
                && (reading.generation() > 1 || reading.resumeOffset() > 0);
    }

    /** The id that it goes by itself, beside that of its session. */
    public Optional<SessionKey> ownKey() {
        return info.kind().ownId(line).map(this::key);
    }

    /** What it told so far stays with another session than what follows. */
    public void leaves(SessionKey before) {
        if (!earlier.contains(before)) {
            earlier.add(before);
        }
    }

    /** It is to be told again where its line stands. */
    void moved() {
        lineTold = false;
    }

    /** Reports whether neither its path nor a record that was taken names a session. */
    public boolean isNameless() {
        return info.kind().sessionId().isEmpty()
                && said.filter(named -> !named.equals(key(info.sourceId()))).isEmpty();
    }

    /** Where the agent worked at the record that was taken last; empty if unknown. */
    public String workingDirectory() {
        return workingDirectory;
    }

    /** Whether it holds the line of a subagent that was not told of yet; it counts as told now. */
    public boolean tellLine() {
        boolean tell = !lineTold && info.kind().layout() == SourceKind.Layout.LINES && !onMainLine();
        lineTold |= tell;
        return tell;
    }

    /** The place behind all events that were taken: what comes next stands there. */
    public TapePosition end() {
        return new TapePosition(reading.generation(), reading.resumeOffset(), 0);
    }

    /** An event of the main line was passed on. */
    public void told(TapePosition place) {
        told = place.next();
    }

    /** The place behind the last event of the main line that was passed on. */
    public TapePosition told() {
        return told;
    }

    /** How many bytes of heap the source takes, without its reading. */
    long heldBytes() {
        long member = onMainLine() ? MEMBER_BYTES : MEMBER_BYTES + SUBAGENT_BYTES;
        return BOOKKEEPING_BYTES
                + STATUS_BYTES
                + member
                + counts.heldBytes()
                + BoundedText.bytes(workingDirectory)
                + (long) EARLIER_BYTES * earlier.size()
                + (long) PATH_COPIES * Math.max(0, info.path().toString().length() - USUAL_PATH);
    }

    /** How many bytes of heap it takes more, or less, than when this was last asked. */
    public long recharge() {
        long now = heldBytes();
        long change = now - charged;
        charged = now;
        return change;
    }

    /** Takes the next reading; returns those that can be passed on now that the session is known. */
    public List<DecodedRecord> take(DecodedRecord next) {
        boolean known = said.isPresent();
        identify(next);
        if (known) {
            return List.of(withNote(next));
        }
        waiting.add(withNote(next));
        waitingBytes += bytesOf(next);
        if (said.isEmpty() && waiting.size() < MAX_WAITING && waitingBytes <= MAX_WAITING_BYTES) {
            return List.of();
        }
        if (said.isEmpty()) {
            said = Optional.of(key(info.sourceId()));
        }
        List<DecodedRecord> all = List.copyOf(waiting);
        waiting.clear();
        waitingBytes = 0;
        return all;
    }

    private static long bytesOf(DecodedRecord reading) {
        return reading.events().isEmpty()
                ? 0
                : reading.events().getFirst().header().source().length();
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

    private void identify(String sessionId, String onLine) {
        Optional<SessionKey> named = Optional.of(key(sessionId));
        notedIsTold &= said.equals(named);
        if (info.kind().sessionId().isEmpty()) {
            said.filter(before -> !named.equals(Optional.of(before))).ifPresent(this::leaves);
        }
        said = named;
        line = onLine;
        // The path only names the file.
        ofAnother = isOfAnother(key(sessionId));
    }

    /** The first reading of a session's main line tells what the files beside the source told. */
    private DecodedRecord withNote(DecodedRecord next) {
        if (notedIsTold || noted.isEmpty() || !onMainLine()) {
            return next;
        }
        notedIsTold = true;
        DecodedRecord told = next;
        for (SessionFact fact : noted) {
            told = told.with(fact);
        }
        return told;
    }

    /** A file beside it tells another name now. */
    public void named(SessionFact name) {
        noted = Stream.concat(noted.stream().filter(fact -> !(fact instanceof SessionFact.Title)), Stream.of(name))
                .toList();
    }

    /** Notes what is to be told of the file as soon as its session is held. */
    public void seen(Presence presence) {
        present = presence.present();
        untold = Optional.of(presence);
    }

    /** Whether the file was there when it was last seen. */
    boolean present() {
        return present;
    }

    /** True once for each session, while the source goes on with it. */
    boolean isNewIn(SessionKey met) {
        boolean fresh = !lastMet.equals(Optional.of(met));
        lastMet = Optional.of(met);
        return fresh;
    }

    /** What was not told yet of the file; it counts as told now. Nothing for a file that belongs to another's session. */
    public Optional<Presence> tell() {
        Optional<Presence> told = ofAnother ? Optional.empty() : untold;
        untold = Optional.empty();
        return told;
    }

    /** Notes where the agent worked when it wrote a record. */
    public void note(List<SessionFact> facts) {
        for (SessionFact fact : facts) {
            if (fact instanceof SessionFact.WorkingDirectory(var path)) {
                workingDirectory = path;
            }
        }
    }
}
