package dev.kept.session;

import dev.kept.model.SessionKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The sessions whose files belong to another session, according to those files: from a subagent with a session id of
 * its own to the session whose agent started it, and from the id in a file's name to the id in its records. Unknown
 * relations change nothing: a part without its whole is listed under the whole's id, and moves on when that turns out
 * to be a part as well. At most one entry for each such file. Not thread-safe.
 */
public final class SessionFamilies {
    /** The order that decides which one of several keys that name each other in a circle is the session. */
    private static final Comparator<SessionKey> OF_A_CIRCLE =
            Comparator.comparing(SessionKey::provider).thenComparing(SessionKey::sessionId);

    private final Map<SessionKey, SessionKey> wholes = new HashMap<>();

    /**
     * Notes that files which name {@code part} belong to {@code whole}. The first such note counts.
     *
     * @return whether that is new
     */
    public boolean addPart(SessionKey part, SessionKey whole) {
        return !part.equals(whole) && wholes.putIfAbsent(part, whole) == null;
    }

    /**
     * Notes that a conversation of that id exists, so that it is not a part of another one, whatever another file says.
     */
    public void markWhole(SessionKey session) {
        wholes.remove(session);
    }

    /** Returns the session that a key belongs to: the outermost one that it is a part of. */
    public SessionKey root(SessionKey key) {
        Set<SessionKey> passed = new LinkedHashSet<>();
        SessionKey at = key;
        for (SessionKey next = wholes.get(at); next != null; next = wholes.get(at)) {
            if (!passed.add(at)) {
                SessionKey circle = at;
                return passed.stream()
                        .dropWhile(before -> !before.equals(circle))
                        .min(OF_A_CIRCLE)
                        .orElse(at);
            }
            at = next;
        }
        return at;
    }
}
