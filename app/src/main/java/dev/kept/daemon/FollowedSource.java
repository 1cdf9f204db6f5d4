package dev.kept.daemon;

import dev.kept.ingest.SourceInfo;
import dev.kept.model.EventHeader;
import dev.kept.model.SessionKey;
import dev.kept.model.TapePosition;
import dev.kept.provider.RecordReading;
import dev.kept.provider.SessionFact;
import dev.kept.provider.SourceReading;
import dev.kept.provider.StateWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A source as the pipeline reads it: its parser, and which session it belongs to. What is read before a record names the
 * session waits; if none does soon, the source is a session of its own. Owned by the pipeline thread.
 */
final class FollowedSource {
    private static final int MAX_WAITING = 64;

    /**
     * What a source takes besides what its reading holds, measured over 10,000: in ingest (file, tape, card, paths) 1,100
     * bytes, here 400.
     */
    private static final int BOOKKEEPING_BYTES = 1_500;

    /** What a subagent's source takes besides, in {@link Kinship}. */
    private static final int KINSHIP_BYTES = 250;

    /** What the status of its session takes while a status is made, for two who ask at once. */
    private static final int STATUS_BYTES = 800;

    private final SourceInfo info;
    private final SourceReading reading;
    private final SourceCounts counts;
    private final List<RecordReading> waiting = new ArrayList<>();
    private Optional<SessionKey> session;
    private String workingDirectory = "";
    private long charged;
    private Optional<Presence> untold = Optional.empty();

    /** Whether the agent's file is there, and when it was last modified (ms since 1970; 0 if it is not there). */
    record Presence(boolean present, long modifiedAtMs) {}

    /** A source of which nothing was read. */
    FollowedSource(SourceInfo info) {
        this.info = info;
        this.reading = new SourceReading(info.provider(), info.kind());
        this.counts = new SourceCounts();
        this.session = info.kind().sessionId().map(this::key);
    }

    /** A source that an earlier run has read, up to a place. */
    FollowedSource(SourceInfo info, SavedSource saved) {
        this.info = info;
        this.reading = saved.reading();
        this.counts = saved.counts();
        this.session = Optional.of(saved.session());
        this.workingDirectory = saved.workingDirectory();
    }

    /** True if nothing waits for the session to be known. */
    boolean canBeSaved() {
        return session.isPresent() && waiting.isEmpty();
    }

    void save(StateWriter out) {
        SavedSource.write(info, reading, workingDirectory, counts, out);
    }

    private SessionKey key(String sessionId) {
        return new SessionKey(info.provider().name(), sessionId);
    }

    SourceInfo info() {
        return info;
    }

    SourceCounts counts() {
        return counts;
    }

    SourceReading reading() {
        return reading;
    }

    Optional<SessionKey> session() {
        return session;
    }

    /** Where the agent worked at the record that was taken last; empty if unknown. */
    String workingDirectory() {
        return workingDirectory;
    }

    /** The place behind all events that were taken: what comes next stands there. */
    TapePosition end() {
        return new TapePosition(reading.generation(), reading.resumeOffset(), 0);
    }

    /** How many bytes of heap the source takes more, or less, than when this was last asked. */
    long recharge() {
        long kinship = info.kind().line().equals(EventHeader.MAIN_LINE) ? 0 : KINSHIP_BYTES;
        long now = BOOKKEEPING_BYTES + STATUS_BYTES + kinship + reading.heldBytes();
        long change = now - charged;
        charged = now;
        return change;
    }

    /** Takes the next reading; returns those that can be passed on now that the session is known. */
    List<RecordReading> take(RecordReading next) {
        if (session.isPresent()) {
            return List.of(next);
        }
        waiting.add(next);
        for (SessionFact fact : next.facts()) {
            if (fact instanceof SessionFact.Identity(var sessionId)) {
                session = Optional.of(key(sessionId));
            }
        }
        if (session.isEmpty() && waiting.size() < MAX_WAITING) {
            return List.of();
        }
        if (session.isEmpty()) {
            session = Optional.of(key(info.sourceId()));
        }
        List<RecordReading> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    /** Notes what is to be told of the file as soon as its session is held. */
    void seen(Presence presence) {
        untold = Optional.of(presence);
    }

    /** What was not told yet of the file; it counts as told now. */
    Optional<Presence> tell() {
        Optional<Presence> told = untold;
        untold = Optional.empty();
        return told;
    }

    /** Notes where the agent worked when it wrote a record. */
    void note(List<SessionFact> facts) {
        for (SessionFact fact : facts) {
            if (fact instanceof SessionFact.WorkingDirectory(var path)) {
                workingDirectory = path;
            }
        }
    }
}
