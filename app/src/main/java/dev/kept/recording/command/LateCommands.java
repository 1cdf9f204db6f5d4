package dev.kept.recording.command;

import dev.kept.model.SessionKey;
import dev.kept.provider.support.RecentIds;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The messages with commands that arrived too late to be obeyed without a person's confirmation: their number in each
 * session, and the time of the last. Takes memory for each such session, not for each message. Owned by the pipeline
 * thread.
 */
public final class LateCommands {
    /** Number of recent messages of which a copy is not counted again. */
    private static final int RECENT_MESSAGES = 256;

    /** Memory of an entry of the map, its key and its value with a time; measured by {@code CommandBoundsTest}. */
    static final int SESSION_BYTES = 112;

    private final Map<SessionKey, Late> bySession = new HashMap<>();
    private final RecentIds recent = new RecentIds(RECENT_MESSAGES);
    private Optional<SessionKey> latest = Optional.empty();
    private long count;

    private record Late(long count, Optional<Instant> last) {
        private String words(SessionKey session) {
            String when = last.map(Instant::toString).orElse("an unknown time");
            return count == 1
                    ? session + ": a command from " + when
                    : session + ": " + count + " commands, the last from " + when;
        }
    }

    /** Counts a message. */
    public void add(SessionKey session, String messageId, Optional<Instant> at) {
        if (!recent.contains(messageId)) {
            recent.add(messageId);
            count++;
            Late before = bySession.getOrDefault(session, new Late(0, Optional.empty()));
            bySession.put(session, new Late(before.count() + 1, at));
            latest = Optional.of(session);
        }
    }

    /** Reports whether the session has such a message. */
    public boolean hasAny(SessionKey session) {
        return bySession.containsKey(session);
    }

    /** Returns the number of such messages. */
    public long count() {
        return count;
    }

    /** Returns descriptions of some sessions: the one with the last such message, and at most two others. */
    public List<String> words() {
        return Stream.concat(
                        latest.stream(),
                        bySession.keySet().stream()
                                .filter(key -> !latest.equals(Optional.of(key)))
                                .limit(2))
                .map(key -> bySession
                        .getOrDefault(key, new Late(0, Optional.empty()))
                        .words(key))
                .toList();
    }

    /** Returns the heap memory of the entries, in bytes. */
    public long heldBytes() {
        return (long) bySession.size() * SESSION_BYTES + recent.heldBytes();
    }
}
