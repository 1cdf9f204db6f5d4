package dev.kept.cli;

import dev.kept.model.SessionKey;
import dev.kept.status.HumanWords;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.text.SafeId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Finds the session that a person means: a whole id, a beginning that only one has, {@code provider/id}, {@code last}. The
 * id that an agent itself uses is taken, too, where Kept shows one derived from it.
 */
final class SessionIds {
    /** The word for the session in which something was said last. */
    static final String LAST = "last";

    /** What help says of the argument that names one. */
    static final String HELP =
            "The session: its id or a subagent's, a beginning of it that no other has, PROVIDER/ID, or last for the latest.";

    private static final int SHOWN_CANDIDATES = 10;

    private SessionIds() {}

    /** Latest message first. */
    static final Comparator<SessionStatus> LATEST_FIRST = Comparator.comparing(
                    (SessionStatus session) ->
                            session.lastMessageAt().or(session::updatedAt).orElse(Instant.MIN),
                    Comparator.reverseOrder())
            .thenComparing(SessionStatus::provider)
            .thenComparing(SessionStatus::sessionId);

    static SessionKey key(SessionStatus session) {
        return new SessionKey(session.provider(), session.sessionId());
    }

    /** The beginning of an id in what was typed; nothing for {@code last}, which may be any. */
    static String beginning(String typed) {
        return typed.equals(LAST) ? "" : typed.substring(typed.indexOf('/') + 1);
    }

    /**
     * The one that is meant.
     *
     * @throws UsageException if several may be meant; the message lists them
     * @throws NoSuchSessionException if none is
     */
    static SessionStatus pick(
            String typed, List<SessionStatus> sessions, Instant now, UnaryOperator<String> shortenPath)
            throws UsageException, NoSuchSessionException {
        if (typed.equals(LAST)) {
            return sessions.stream()
                    .min(LATEST_FIRST)
                    .orElseThrow(() -> new NoSuchSessionException("nothing is kept yet; start with: kept start"));
        }
        int slash = typed.indexOf('/');
        Optional<String> provider = slash < 0 ? Optional.empty() : Optional.of(typed.substring(0, slash));
        String beginning = beginning(typed);
        if (beginning.isEmpty()) {
            throw new UsageException("which session? Give the beginning of its id, or: " + LAST);
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
            throw new NoSuchSessionException(
                    "no session begins with “" + HumanWords.harmless(typed) + "”; they are listed by: kept sessions");
        }
        throw new UsageException(ambiguous(typed, found, now, shortenPath));
    }

    /** Returns the session if it is one; throws as {@link #pick} does if there are several. */
    static SessionStatus onlyOne(
            String typed, List<SessionStatus> found, Instant now, UnaryOperator<String> shortenPath)
            throws UsageException {
        if (found.size() > 1) {
            throw new UsageException(ambiguous(typed, found, now, shortenPath));
        }
        return found.getFirst();
    }

    private static String ambiguous(
            String typed, List<SessionStatus> found, Instant now, UnaryOperator<String> shortenPath) {
        StringBuilder message = new StringBuilder("“" + HumanWords.harmless(typed) + "” may be any of "
                + HumanWords.count(found.size(), "session") + "; type more of it:");
        for (SessionStatus session : found.subList(0, Math.min(found.size(), SHOWN_CANDIDATES))) {
            message.append("\n  ").append(SessionLines.one(session, now, shortenPath));
        }
        if (found.size() > SHOWN_CANDIDATES) {
            message.append("\n  … and ").append(found.size() - SHOWN_CANDIDATES).append(" more");
        }
        return message.toString();
    }

    /** No session is meant. */
    static final class NoSuchSessionException extends Exception {
        private static final long serialVersionUID = 1L;

        NoSuchSessionException(String message) {
            super(message);
        }
    }
}
