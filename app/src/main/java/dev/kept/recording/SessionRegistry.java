package dev.kept.recording;

import dev.kept.model.SessionKey;
import java.nio.file.Path;
import java.util.Optional;

/** What sessions have to agree on. */
interface SessionRegistry {
    /** A number for a request, by which its answer finds the session. */
    long ticket(SessionRecorder session);

    /** A recording is open; what is reported about it is for that session. */
    void opened(String recordingId, SessionRecorder session);

    /** A recording has ended; nothing more will be reported about it. */
    void closed(String recordingId);

    /** How many recordings are open. */
    int openRecordings();

    /** Whether all sources that were there when Kept started have been read. */
    boolean startIsRead();

    /**
     * Takes a command on, once and for all; false if it was taken on before, wherever a copy of its message stood, or waits in
     * an older session.
     */
    boolean takeOn(SessionRecorder session, String commandKey);

    /** A destination is that session's from now on. */
    void owns(SessionKey session, Path path);

    /** The primary destination of a session, if it has one. */
    Optional<Path> noteOf(SessionKey session);

    /** The other session that a destination belongs to, if one does. */
    Optional<SessionKey> ownerOtherThan(SessionKey session, Path path);
}
