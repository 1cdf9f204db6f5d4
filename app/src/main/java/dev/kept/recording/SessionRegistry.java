package dev.kept.recording;

import dev.kept.model.SessionKey;
import java.nio.file.Path;
import java.util.Optional;

/** State that sessions share. */
interface SessionRegistry {
    /** Returns a new number for a request, by which its answer finds the session. */
    long newTicket(SessionRecorder session);

    /** Adds an open recording; reports about it go to that session. */
    void register(String recordingId, SessionRecorder session);

    /** Removes a recording that has ended. */
    void unregister(String recordingId);

    /** Returns the number of open recordings. */
    int openRecordings();

    /** Reports whether the initial scan is complete: all sources that existed at start-up have been read. */
    boolean isInitialScanComplete();

    /**
     * Claims a command for a session, once and for all. Returns false if it was claimed before, in whichever copy of
     * its message, or waits in an older session.
     */
    boolean claim(SessionRecorder session, String commandKey);

    /** Makes a destination that session's own. */
    void assignOwner(SessionKey session, Path path);

    /** Returns the primary destination of a session, if it has one. */
    Optional<Path> noteOf(SessionKey session);

    /** Returns the other session that owns a destination, if one does. */
    Optional<SessionKey> ownerOtherThan(SessionKey session, Path path);
}
