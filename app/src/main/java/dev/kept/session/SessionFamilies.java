package dev.kept.session;

import dev.kept.model.SessionKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The sessions whose files belong to another one, as the files say: a subagent with a session id of its own to the session
 * whose agent began it, and the id in a file's name to the id in its records. What is not known yet changes nothing: a
 * part without its whole stands under the whole's id, and moves on when that turns out to be a part as well. One entry for
 * each such file at most. Not thread-safe.
 */
public final class SessionFamilies {
    /** Of several that name each other in a circle this one is the session. */
    private static final Comparator<SessionKey> OF_A_CIRCLE =
            Comparator.comparing(SessionKey::provider).thenComparing(SessionKey::sessionId);

    private final Map<SessionKey, SessionKey> wholes = new HashMap<>();

    /**
     * Notes that files which name {@code part} belong to {@code whole}. The first that says so counts.
     *
     * @return whether that is new
     */
    public boolean belongs(SessionKey part, SessionKey whole) {
        return !part.equals(whole) && wholes.putIfAbsent(part, whole) == null;
    }

    /** Notes that there is a conversation of that id, so that it is a part of no other, whatever another file says. */
    public void isWhole(SessionKey session) {
        wholes.remove(session);
    }

    /** The session that a key stands for: the outermost that it is a part of. */
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
