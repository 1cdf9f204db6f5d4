package dev.kept.query;

import dev.kept.archive.StoredSession;
import dev.kept.model.SessionKey;
import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport.SessionStatus;
import dev.kept.text.ForeignPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The choice of sessions by the folder that their agent worked in. Of some sessions neither a record nor a file beside
 * them names it: an old Gemini session is in a folder that is named by a digest, which is compared with the digest of
 * the folder asked for. A notice tells how many sessions remain whose folder is unknown; they are never left out in
 * silence.
 */
public final class SessionFolders {
    private static final int NAMED = 5;

    private SessionFolders() {}

    /** Returns the sessions in a folder and below it, and shows a notice about those whose folder is unknown. */
    public static List<StoredSession> chosen(QueryContext context, List<StoredSession> sessions, Path folder) {
        noteUnknown(
                context,
                sessions.stream()
                        .filter(session -> isUnknown(session) && !isIn(session, folder))
                        .map(StoredSession::key)
                        .toList());
        return sessions.stream().filter(session -> isIn(session, folder)).toList();
    }

    /**
     * Returns the listed sessions in a folder and below it; a folder that the list does not know is looked up on disk.
     */
    public static List<SessionStatus> listed(QueryContext context, List<SessionStatus> sessions, Path folder)
            throws IOException {
        Set<SessionKey> unknown = sessions.stream()
                .filter(session -> session.cwd().isEmpty())
                .map(SessionFolders::key)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<SessionKey> within = new HashSet<>();
        if (!unknown.isEmpty()) {
            for (StoredSession session : SessionListing.stored(context)) {
                boolean isIn = isIn(session, folder);
                if ((isIn || !isUnknown(session)) && unknown.remove(session.key()) && isIn) {
                    within.add(session.key());
                }
            }
        }
        noteUnknown(context, List.copyOf(unknown));
        return sessions.stream()
                .filter(session ->
                        within.contains(key(session)) || isBelow(session.cwd().orElse(""), folder))
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
                ? session.tapes().stream().anyMatch(tape -> tape.isDerivedFrom(folder.toString()))
                : isBelow(session.metadata().workingDirectory(), folder);
    }

    private static void noteUnknown(QueryContext context, List<SessionKey> unknown) {
        if (unknown.isEmpty()) {
            return;
        }
        String named = unknown.stream()
                .limit(NAMED)
                .map(key -> key.provider() + "/" + HumanReadable.harmless(key.sessionId()))
                .collect(Collectors.joining(", "));
        context.showNotice("kept: of " + HumanReadable.count(unknown.size(), "session")
                + " it is not known in which folder the agent worked, so "
                + (unknown.size() == 1 ? "it is" : "they are") + " not among these: " + named
                + (unknown.size() > NAMED ? ", …" : "")
                + ". Look with kept show ID; kept forget ID forgets one by its id.");
    }

    private static boolean isBelow(String workingDirectory, Path folder) {
        return ForeignPath.of(workingDirectory)
                .filter(path -> path.startsWith(folder))
                .isPresent();
    }
}
