package dev.kept.recording;

import dev.kept.model.ConversationEvent;
import dev.kept.model.SessionKey;
import dev.kept.recording.contract.MainBranches;
import dev.kept.recording.contract.RecordingFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rules for commands during the initial scan, when sources that existed at start-up are still unread. They say which
 * commands must wait for its end because they could mean something else until then. Once it is complete, they assign a
 * command that exists in several copies to the oldest session, even while that session waits for the result of an
 * earlier command. Owned by the pipeline thread.
 *
 * <p>A copy of a command that was typed before start-up may be read before the original. The same holds for a later
 * command in a message that is older than its file. And where several files hold the conversation, what was said before
 * is unknown while one of them is unread.
 */
final class InitialScanRules {
    /** Longest time between the first message of a new conversation and the moment its agent creates the file. */
    private static final Duration OWN_FILE = Duration.ofMillis(50);

    private final MainBranches mainBranches;
    private final Instant startedAt;
    private final Map<String, SessionRecorder> originals = new HashMap<>();

    InitialScanRules(MainBranches mainBranches, Instant startedAt) {
        this.mainBranches = mainBranches;
        this.startedAt = startedAt;
    }

    /** Reports whether the commands of a message must wait until the initial scan is complete. */
    boolean mustWait(SessionKey key, ConversationEvent message, RecordingFacts from) {
        Instant typed = message.header().timestamp().orElse(Instant.MIN);
        return typed.isBefore(startedAt)
                || typed.isBefore(from.createdAt().minus(OWN_FILE))
                || mainBranches.of(key).size() > 1;
    }

    /**
     * Assigns each waiting command to the first of these sessions that has it. Called when the initial scan is
     * complete.
     */
    void claim(List<SessionRecorder> byAge) {
        for (SessionRecorder session : byAge) {
            session.waiting().forEach(key -> originals.putIfAbsent(key, session));
        }
    }

    /** Reports whether no older session has a command with that key. */
    boolean isOriginal(SessionRecorder session, String key) {
        SessionRecorder original = originals.get(key);
        return original == null || original == session;
    }
}
