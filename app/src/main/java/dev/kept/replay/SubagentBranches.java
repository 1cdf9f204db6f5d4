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
 * The sources of subagent branches, one entry for each source that is followed. The pipeline thread adds them, the
 * thread that reads tapes queries them. Thread-safe.
 */
public final class SubagentBranches {
    private record Key(SessionKey session, String branch) {}

    private final Map<Key, BranchSource> sources = new ConcurrentHashMap<>();

    private final ToolOutputFiles outputs = new ToolOutputFiles();

    private volatile boolean complete;

    /** Returns the files beside the branches that hold large tool outputs. */
    public ToolOutputFiles outputs() {
        return outputs;
    }

    /** Notes that all sources that existed at start-up were added. */
    public void complete() {
        complete = true;
    }

    public boolean isComplete() {
        return complete;
    }

    /** Adds a source that holds a branch of a session; the first one counts. */
    public void add(SessionKey session, BranchSource source) {
        sources.putIfAbsent(new Key(session, source.branch()), source);
    }

    /** Moves all entries of a session to another one. */
    public void reassign(SessionKey from, SessionKey to) {
        sources.keySet().removeIf(key -> key.session().equals(from));
        outputs.reassign(from, to);
    }

    /**
     * Returns the branch that begins with the words of a call, as {@link StoppedWork} names it: of several, the first
     * by name that was not rendered. Reads the beginnings of tapes.
     */
    public Optional<String> beginningWith(SessionKey session, String named, Predicate<String> isRendered) {
        return sources.entrySet().stream()
                .filter(entry -> entry.getKey().session().equals(session))
                .map(Map.Entry::getValue)
                .filter(source -> !isRendered.test(source.branch()))
                .sorted(Comparator.comparing(BranchSource::branch))
                .filter(source -> beginsWith(source, named))
                .map(BranchSource::branch)
                .findFirst();
    }

    /** Reports whether that branch of a session begins with the words of a call. */
    public boolean beginsWith(SessionKey session, String branch, String named) {
        return source(session, branch)
                .filter(source -> beginsWith(source, named))
                .isPresent();
    }

    public static boolean beginsWith(BranchSource source, String named) {
        try (ReplayCursor cursor = new ReplayCursor(source)) {
            for (Optional<ConversationEvent> next = cursor.peek(); next.isPresent(); next = cursor.peek()) {
                if (next.get() instanceof UserMessage message
                        && message.header().line().equals(source.branch())) {
                    return StoppedWork.isOf(named, message.text());
                }
                cursor.consume();
            }
        } catch (IOException unreadable) {
            // Then it belongs to no call.
        }
        return false;
    }

    public Optional<BranchSource> source(SessionKey session, String branch) {
        return Optional.ofNullable(sources.get(new Key(session, branch)));
    }
}
