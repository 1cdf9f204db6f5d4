package dev.kept.status;

import dev.kept.model.SessionKey;
import dev.kept.recording.journal.RecordingPlan;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.status.StatusReport.RecordingStatus;
import dev.kept.status.StatusReport.SessionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The projection of session metadata to statuses for people; events are not part of its input. Pure. */
public final class SessionProjection {
    /** Time without activity after which a session is stale: by event time, else by the source's modification time. */
    public static final Duration STALE_AFTER = Duration.ofMinutes(5);

    private SessionProjection() {}

    /** Returns the statuses of all sessions, in no particular order. */
    public static List<SessionStatus> toSessionStatuses(
            List<SessionSnapshotStatusMetadata> sessions,
            List<dev.kept.recording.RecordingStatus> recordings,
            Instant now) {
        Map<SessionKey, RecordingStatus> bySession = bySession(recordings);
        ShortIds shortIds = ShortIds.of(sessions);
        Instant staleBefore = now.minus(STALE_AFTER);
        List<SessionStatus> statuses = new ArrayList<>(sessions.size());
        for (SessionSnapshotStatusMetadata session : sessions) {
            statuses.add(project(session, shortIds, bySession, staleBefore));
        }
        return statuses;
    }

    /** Returns the statuses of the live ones of these sessions: those that are not stale or are being recorded. */
    public static List<SessionStatus> toLiveSessionStatuses(
            List<SessionSnapshotStatusMetadata> sessions,
            List<dev.kept.recording.RecordingStatus> recordings,
            ShortIds shortIds,
            Instant now) {
        Map<SessionKey, RecordingStatus> bySession = bySession(recordings);
        Instant staleBefore = now.minus(STALE_AFTER);
        List<SessionStatus> statuses = new ArrayList<>();
        for (SessionSnapshotStatusMetadata session : sessions) {
            if (!isStale(session, staleBefore) || bySession.containsKey(session.key())) {
                statuses.add(project(session, shortIds, bySession, staleBefore));
            }
        }
        return statuses;
    }

    private static Map<SessionKey, RecordingStatus> bySession(List<dev.kept.recording.RecordingStatus> recordings) {
        Map<SessionKey, RecordingStatus> bySession = new HashMap<>();
        for (dev.kept.recording.RecordingStatus recording : recordings) {
            if (recording.purpose() == RecordingPlan.Purpose.RECORDING) {
                bySession.put(
                        recording.session(),
                        new RecordingStatus(
                                recording.recordingId(),
                                recording.path().toString(),
                                recording.startedAt(),
                                recording.lastWriteAt()));
            }
        }
        return bySession;
    }

    private static SessionStatus project(
            SessionSnapshotStatusMetadata session,
            ShortIds shortIds,
            Map<SessionKey, RecordingStatus> recordings,
            Instant staleBefore) {
        return new SessionStatus(
                session.key().provider(),
                session.key().sessionId(),
                shortIds.of(session.key().sessionId()),
                present(session.snippet()),
                present(session.name()),
                session.nameOrigin(),
                present(session.workingDirectory()),
                session.lastActiveAt(),
                session.lastMessageAt(),
                isStale(session, staleBefore),
                session.eventCount(),
                session.evicted(),
                session.sourcePresent(),
                Optional.ofNullable(recordings.get(session.key())));
    }

    private static boolean isStale(SessionSnapshotStatusMetadata session, Instant staleBefore) {
        Optional<Instant> at = session.lastActiveAt();
        return at.isEmpty() || at.get().isBefore(staleBefore);
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
