package dev.kept.replay;

import dev.kept.model.ConversationEvent;
import dev.kept.model.ConversationEvent.UserMessage;
import dev.kept.model.SessionKey;
import dev.kept.provider.support.StoppedWork;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Where the lines of subagents stand, one entry for each source that is followed: the pipeline thread notes them, the
 * thread that reads tapes asks. Thread-safe.
 */
public final class SubagentBranches {
    private record Key(SessionKey session, String line) {}

    private final Map<Key, BranchSource> sources = new ConcurrentHashMap<>();

    private final ToolOutputFiles outputs = new ToolOutputFiles();

    private volatile boolean complete;

    /** The files beside the lines that large outputs stand in. */
    public ToolOutputFiles outputs() {
        return outputs;
    }

    /** All sources that were there at the start are noted. */
    public void complete() {
        complete = true;
    }

    public boolean isComplete() {
        return complete;
    }

    /** A source that holds a line of a session; the first one counts. */
    public void found(SessionKey session, BranchSource source) {
        sources.putIfAbsent(new Key(session, source.line()), source);
    }

    /** All that a session has belongs to another one. */
    public void moved(SessionKey from, SessionKey to) {
        sources.keySet().removeIf(key -> key.session().equals(from));
        outputs.moved(from, to);
    }

    /**
     * Returns the line that begins with the words of a call, as {@link StoppedWork} names it: of several the first by name
     * that was not told. Reads the beginnings of tapes.
     */
    public Optional<String> beginningWith(SessionKey session, String named, Predicate<String> isTold) {
        return sources.entrySet().stream()
                .filter(entry -> entry.getKey().session().equals(session))
                .map(Map.Entry::getValue)
                .filter(source -> !isTold.test(source.line()))
                .sorted(Comparator.comparing(BranchSource::line))
                .filter(source -> beginsWith(source, named))
                .map(BranchSource::line)
                .findFirst();
    }

    /** Reports whether that line of a session does. */
    public boolean beginsWith(SessionKey session, String line, String named) {
        return source(session, line).filter(source -> beginsWith(source, named)).isPresent();
    }

    public static boolean beginsWith(BranchSource source, String named) {
        try (ReplayCursor cursor = new ReplayCursor(source)) {
            for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent(); next = cursor.peek()) {
                if (next.get() instanceof UserMessage message
                        && message.header().line().equals(source.line())) {
                    return StoppedWork.isOf(named, message.text());
                }
                cursor.take();
            }
        } catch (IOException unreadable) {
            // Then it is told of no call.
        }
        return false;
    }

    public Optional<BranchSource> source(SessionKey session, String line) {
        return Optional.ofNullable(sources.get(new Key(session, line)));
    }
}
