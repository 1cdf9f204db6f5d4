package dev.kept.query;

import dev.kept.agents.Providers;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.model.SessionKey;
import dev.kept.query.QueryContext.ProgressDisplay;
import dev.kept.status.StatusReport.SessionStatus;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A finder of the session that a person names by an id, the beginning of one, or {@code last}. */
public record SessionFinder(QueryContext context) {

    /** Returns the status of the session that a typed text names. */
    public SessionStatus status(String typed) throws IOException, AmbiguousSessionException, NoSuchSessionException {
        List<SessionStatus> sessions = SessionListing.ofMatching(context, typed).sessions();
        try {
            return SessionIds.pick(typed, sessions, context.clock().instant(), context.home()::forPeople);
        } catch (NoSuchSessionException none) {
            List<SessionStatus> having = having(typed, sessions);
            if (having.isEmpty()) {
                throw none;
            }
            return SessionIds.onlyOne(typed, having, context.clock().instant(), context.home()::forPeople);
        }
    }

    /**
     * Returns the sessions that have a file with such an id: a subagent's, or one that only a file's name has. Sessions
     * of which the daemon read nothing, and which it therefore does not list, are included.
     */
    private List<SessionStatus> having(String typed, List<SessionStatus> listed) throws IOException {
        String beginning = SessionIds.beginning(typed);
        if (beginning.isEmpty() || typed.equals(SessionIds.LAST)) {
            return List.of();
        }
        Map<SessionKey, SessionStatus> known = new HashMap<>();
        listed.forEach(session -> known.put(SessionIds.key(session), session));
        return SessionListing.onDisk(context, beginning).sessions().stream()
                .filter(session -> typed.equals(beginning) || typed.startsWith(session.provider() + "/"))
                .map(session -> known.getOrDefault(SessionIds.key(session), session))
                .toList();
    }

    /** Returns the session that a typed text names, with its tapes. */
    public StoredSession stored(String typed) throws IOException, AmbiguousSessionException, NoSuchSessionException {
        SessionKey key = SessionIds.key(status(typed));
        try (ProgressDisplay progress = context.showProgress("Reading the tape")) {
            return new SessionArchive(context.home(), Providers.ALL)
                    .session(key, progress)
                    .orElseThrow(() -> new NoSuchSessionException(key + " has no tape yet; try again in a moment"));
        }
    }

    /**
     * Returns the configuration, or the defaults with a notice if it is not understood: reading must work then, too.
     */
    public KeptConfig configOrDefaults() throws IOException {
        try {
            return ConfigReader.read(context.home(), Providers.NAMES);
        } catch (ConfigException refused) {
            context.showNotice("kept: "
                    + context.home().forPeople(context.home().configFile())
                    + " is not understood, so the defaults hold; see: kept config validate");
            return KeptConfig.defaults();
        }
    }
}
