package dev.kept.recording;

import dev.kept.model.SessionKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the lines of subagents stand, one entry for each source that is followed: the pipeline thread notes them, the
 * thread that reads tapes asks. Thread-safe.
 */
public final class SubagentLines {
    private record Key(SessionKey session, String line) {}

    private final Map<Key, LineSource> sources = new ConcurrentHashMap<>();

    private final KeptOutputs outputs = new KeptOutputs();

    private volatile boolean complete;

    /** The files beside the lines that large outputs stand in. */
    public KeptOutputs outputs() {
        return outputs;
    }

    /** All sources that were there at the start are noted. */
    public void complete() {
        complete = true;
    }

    boolean isComplete() {
        return complete;
    }

    /** A source that holds a line of a session; the first one counts. */
    public void found(SessionKey session, LineSource source) {
        sources.putIfAbsent(new Key(session, source.line()), source);
    }

    /** All that a session has belongs to another one. */
    void moved(SessionKey from, SessionKey to) {
        sources.keySet().removeIf(key -> key.session().equals(from));
        outputs.moved(from, to);
    }

    Optional<LineSource> source(SessionKey session, String line) {
        return Optional.ofNullable(sources.get(new Key(session, line)));
    }
}
