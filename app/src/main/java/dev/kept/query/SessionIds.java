package dev.kept.query;

import dev.kept.model.SessionKey;
import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.text.SafeId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Finds the session that a person means: a whole id, a beginning that only one has, {@code provider/id}, {@code last}.
 * The id that an agent itself uses is taken, too, where Kept shows one derived from it.
 */
public final class SessionIds {
    /** The word for the session with the latest message. */
    public static final String LAST = "last";

    /** Help text for an argument that names a session. */
    public static final String HELP =
            "The session: its id or a subagent's, a beginning of it that no other has, PROVIDER/ID, or last for the latest.";

    private static final int SHOWN_CANDIDATES = 10;

    private SessionIds() {}

    /** The order of lists: latest message first. */
    public static final Comparator<SessionStatus> LATEST_FIRST = Comparator.comparing(
                    (SessionStatus session) ->
                            session.lastMessageAt().or(session::updatedAt).orElse(Instant.MIN),
                    Comparator.reverseOrder())
            .thenComparing(SessionStatus::provider)
            .thenComparing(SessionStatus::sessionId);

    /** Returns the key of a listed session. */
    public static SessionKey key(SessionStatus session) {
        return new SessionKey(session.provider(), session.sessionId());
    }

    /** Returns the beginning of an id in a typed text, without the provider; empty for {@code last}. */
    public static String beginning(String typed) {
        return typed.equals(LAST) ? "" : typed.substring(typed.indexOf('/') + 1);
    }

    /**
     * Returns the session that a typed text names.
     *
     * @throws AmbiguousSessionException if several match or nothing was typed
     * @throws NoSuchSessionException if none matches
     */
    public static SessionStatus pick(
            String typed, List<SessionStatus> sessions, Instant now, UnaryOperator<String> shortenPath)
            throws AmbiguousSessionException, NoSuchSessionException {
        if (typed.equals(LAST)) {
            return sessions.stream()
                    .min(LATEST_FIRST)
                    .orElseThrow(() -> new NoSuchSessionException("nothing is kept yet; start with: kept start"));
        }
        int slash = typed.indexOf('/');
        Optional<String> provider = slash < 0 ? Optional.empty() : Optional.of(typed.substring(0, slash));
        String beginning = beginning(typed);
        if (beginning.isEmpty()) {
            throw new AmbiguousSessionException("which session? Give the beginning of its id, or: " + LAST);
        }
        // An agent's own id may have another form, and a slash in it.
        String whole = SafeId.of(typed);
        String named = SafeId.of(beginning);
        List<SessionStatus> found = sessions.stream()
                .filter(session -> session.sessionId().equals(whole)
                        || ((session.sessionId().startsWith(beginning)
                                        || session.sessionId().equals(named))
                                && provider.map(session.provider()::equals).orElse(true)))
                .sorted(LATEST_FIRST)
                .toList();
        List<SessionStatus> exact = found.stream()
                .filter(session ->
                        session.sessionId().equals(named) || session.sessionId().equals(whole))
                .toList();
        if (exact.size() == 1 || found.size() == 1) {
            return exact.size() == 1 ? exact.getFirst() : found.getFirst();
        }
        if (found.isEmpty()) {
            throw new NoSuchSessionException("no session begins with “" + HumanReadable.harmless(typed)
                    + "”; they are listed by: kept sessions");
        }
        throw new AmbiguousSessionException(ambiguous(typed, found, now, shortenPath));
    }

    /** Returns the only session of a list; throws as {@link #pick} does if there are several. */
    public static SessionStatus onlyOne(
            String typed, List<SessionStatus> found, Instant now, UnaryOperator<String> shortenPath)
            throws AmbiguousSessionException {
        if (found.size() > 1) {
            throw new AmbiguousSessionException(ambiguous(typed, found, now, shortenPath));
        }
        return found.getFirst();
    }

    private static String ambiguous(
            String typed, List<SessionStatus> found, Instant now, UnaryOperator<String> shortenPath) {
        StringBuilder message = new StringBuilder("“" + HumanReadable.harmless(typed) + "” may be any of "
                + HumanReadable.count(found.size(), "session") + "; type more of it:");
        for (SessionStatus session : found.subList(0, Math.min(found.size(), SHOWN_CANDIDATES))) {
            message.append("\n  ").append(SessionLabels.line(session, now, shortenPath));
        }
        if (found.size() > SHOWN_CANDIDATES) {
            message.append("\n  … and ").append(found.size() - SHOWN_CANDIDATES).append(" more");
        }
        return message.toString();
    }
}
