package dev.kept.cli;

import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.cli.SessionIds.NoSuchSessionException;
import dev.kept.config.ConfigException;
import dev.kept.config.ConfigReader;
import dev.kept.config.KeptConfig;
import dev.kept.daemon.Providers;
import dev.kept.model.SessionKey;
import dev.kept.status.StatusReport.SessionStatus;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** From what a person typed to a session on disk. */
record SessionFinder(Surroundings surroundings) {

    /** What is known of the one session that is meant. */
    SessionStatus status(String typed) throws IOException, UsageException, NoSuchSessionException {
        List<SessionStatus> sessions = Listing.like(surroundings, typed).sessions();
        try {
            return SessionIds.pick(typed, sessions, surroundings.clock().instant(), surroundings::pathForPeople);
        } catch (NoSuchSessionException none) {
            List<SessionStatus> having = having(typed, sessions);
            if (having.isEmpty()) {
                throw none;
            }
            return SessionIds.onlyOne(typed, having, surroundings.clock().instant(), surroundings::pathForPeople);
        }
    }

    /**
     * The sessions one of whose files goes by such an id: a subagent's, or one that only the file's name has; also one that
     * the daemon does not list, because it read nothing of it.
     */
    private List<SessionStatus> having(String typed, List<SessionStatus> listed) throws IOException {
        String beginning = SessionIds.beginning(typed);
        if (beginning.isEmpty() || typed.equals(SessionIds.LAST)) {
            return List.of();
        }
        Map<SessionKey, SessionStatus> known = new HashMap<>();
        listed.forEach(session -> known.put(SessionIds.key(session), session));
        return Listing.onDisk(surroundings, beginning).sessions().stream()
                .filter(session -> typed.equals(beginning) || typed.startsWith(session.provider() + "/"))
                .map(session -> known.getOrDefault(SessionIds.key(session), session))
                .toList();
    }

    /** The one session that is meant, with its tapes. */
    StoredSession stored(String typed) throws IOException, UsageException, NoSuchSessionException {
        SessionKey key = SessionIds.key(status(typed));
        try (ProgressLine progress = new ProgressLine(surroundings, "Reading the tape")) {
            return new SessionArchive(surroundings.home(), Providers.ALL)
                    .session(key, progress)
                    .orElseThrow(() -> new NoSuchSessionException(key + " has no tape yet; try again in a moment"));
        }
    }

    /** The configuration; what holds without one where it cannot be read, for reading must work then too. */
    KeptConfig configOrDefaults() throws IOException {
        try {
            return ConfigReader.read(surroundings.home(), Providers.NAMES);
        } catch (ConfigException refused) {
            surroundings
                    .err()
                    .println("kept: "
                            + surroundings.forPeople(surroundings.home().configFile())
                            + " is not understood, so the defaults hold; see: kept config validate");
            return KeptConfig.defaults();
        }
    }
}
