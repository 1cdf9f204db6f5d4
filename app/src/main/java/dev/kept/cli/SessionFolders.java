package dev.kept.cli;

import dev.kept.archive.StoredSession;
import dev.kept.model.SessionKey;
import dev.kept.status.HumanWords;
import dev.kept.status.StatusReport.SessionStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses sessions by the folder that their agent worked in. Of some no record and no note tells it: an old Gemini
 * session stands in a folder that is named by a digest, which can be held against the folder that is asked for. How
 * many are left of which it is not known is said; they are never passed over in silence.
 */
final class SessionFolders {
    private static final int NAMED = 5;

    private SessionFolders() {}

    /** Returns those in a folder and below it; says of how many of the others nobody can tell. */
    static List<StoredSession> chosen(Surroundings surroundings, List<StoredSession> sessions, Path folder) {
        tell(
                surroundings,
                sessions.stream()
                        .filter(session -> isUnknown(session) && !isIn(session, folder))
                        .map(StoredSession::key)
                        .toList());
        return sessions.stream().filter(session -> isIn(session, folder)).toList();
    }

    /** The same for sessions as a list has them; what the list does not know is looked up on disk. */
    static List<SessionStatus> listed(Surroundings surroundings, List<SessionStatus> sessions, Path folder)
            throws IOException {
        Set<SessionKey> unknown = sessions.stream()
                .filter(session -> session.cwd().isEmpty())
                .map(SessionFolders::key)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<SessionKey> within = new HashSet<>();
        if (!unknown.isEmpty()) {
            for (StoredSession session : Removal.all(surroundings)) {
                boolean isIn = isIn(session, folder);
                if ((isIn || !isUnknown(session)) && unknown.remove(session.key()) && isIn) {
                    within.add(session.key());
                }
            }
        }
        tell(surroundings, List.copyOf(unknown));
        return sessions.stream()
                .filter(session -> within.contains(key(session))
                        || Surroundings.isBelow(session.cwd().orElse(""), folder))
                .toList();
    }

    private static SessionKey key(SessionStatus session) {
        return new SessionKey(session.provider(), session.sessionId());
    }

    private static boolean isUnknown(StoredSession session) {
        return session.metadata().workingDirectory().isEmpty();
    }

    private static boolean isIn(StoredSession session, Path folder) {
        return isUnknown(session)
                ? session.tapes().stream().anyMatch(tape -> tape.isMadeOf(folder.toString()))
                : Surroundings.isBelow(session.metadata().workingDirectory(), folder);
    }

    private static void tell(Surroundings surroundings, List<SessionKey> unknown) {
        if (unknown.isEmpty()) {
            return;
        }
        String named = unknown.stream()
                .limit(NAMED)
                .map(key -> key.provider() + "/" + HumanWords.harmless(key.sessionId()))
                .collect(Collectors.joining(", "));
        surroundings
                .err()
                .println("kept: of " + HumanWords.count(unknown.size(), "session")
                        + " it is not known in which folder the agent worked, so "
                        + (unknown.size() == 1 ? "it is" : "they are") + " not among these: " + named
                        + (unknown.size() > NAMED ? ", …" : "")
                        + ". Look with kept show ID; kept forget ID forgets one by its id.");
    }
}
