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
 * Which commands wait until all sources are read that were there when Kept started: those that mean something else as long
 * as they are not; and, once they are, whose a command is of which there are copies: the oldest session's, also while that one
 * waits for the answer to a command before. Owned by the pipeline thread.
 *
 * <p>A command that was given before the start may be met as a copy first. So may one that was given later, in a message that
 * is older than the file it stands in. And where the conversation stands in several files, what was said before is not known
 * while one of them is unread.
 */
final class InitialScanRules {
    /** An agent makes the file of a new conversation this long after its first message was typed, at most. */
    private static final Duration OWN_FILE = Duration.ofMillis(50);

    private final MainBranches mainLines;
    private final Instant startedAt;
    private final Map<String, SessionRecorder> originals = new HashMap<>();

    InitialScanRules(MainBranches mainLines, Instant startedAt) {
        this.mainLines = mainLines;
        this.startedAt = startedAt;
    }

    /** Whether the commands of a message must wait, as long as not all is read. */
    boolean mustWait(SessionKey key, ConversationEvent message, RecordingFacts from) {
        Instant typed = message.header().timestamp().orElse(Instant.MIN);
        return typed.isBefore(startedAt)
                || typed.isBefore(from.createdAt().minus(OWN_FILE))
                || mainLines.of(key).size() > 1;
    }

    /** All is read: of the commands that wait, each is that of the first of these sessions that has it. */
    void claim(List<SessionRecorder> byAge) {
        for (SessionRecorder session : byAge) {
            session.waiting().forEach(key -> originals.putIfAbsent(key, session));
        }
    }

    /** Whether no older session has a command of that key. */
    boolean isOriginal(SessionRecorder session, String key) {
        SessionRecorder original = originals.get(key);
        return original == null || original == session;
    }
}
