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

/** What people see of sessions, made of their metadata: events are no part of its input. Pure. */
public final class SessionProjection {
    /** Nothing for this long makes a session stale: by event time, then by the source's modification time. */
    public static final Duration STALE_AFTER = Duration.ofMinutes(5);

    private static final int MIN_SHORT_ID = 8;

    private SessionProjection() {}

    /** The statuses of all sessions, in no particular order. */
    public static List<SessionStatus> toSessionStatuses(
            List<SessionSnapshotStatusMetadata> sessions,
            List<dev.kept.recording.RecordingStatus> recordings,
            Instant now) {
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
        Map<String, String> shortIds = shortIds(sessions);
        List<SessionStatus> statuses = new ArrayList<>(sessions.size());
        for (SessionSnapshotStatusMetadata session : sessions) {
            statuses.add(projectSessionStatus(
                    session,
                    shortIds.getOrDefault(
                            session.key().sessionId(), session.key().sessionId()),
                    Optional.ofNullable(bySession.get(session.key())),
                    now));
        }
        return statuses;
    }

    /** The status of one session. */
    public static SessionStatus projectSessionStatus(
            SessionSnapshotStatusMetadata session, String shortId, Optional<RecordingStatus> recording, Instant now) {
        Optional<Instant> modified = session.fileModifiedAtMs() == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(session.fileModifiedAtMs()));
        Optional<Instant> updatedAt = session.lastEventAt().or(() -> modified);
        boolean stale = updatedAt.map(at -> at.isBefore(now.minus(STALE_AFTER))).orElse(true);
        return new SessionStatus(
                session.key().provider(),
                session.key().sessionId(),
                shortId,
                present(session.snippet()),
                present(session.title()),
                present(session.workingDirectory()),
                updatedAt,
                session.lastMessageAt(),
                stale,
                session.eventCount(),
                session.evicted(),
                session.sourcePresent(),
                recording);
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Each id's shortest beginning that no other id has: in sorted order only neighbours can share more. */
    private static Map<String, String> shortIds(List<SessionSnapshotStatusMetadata> sessions) {
        List<String> ids = sessions.stream()
                .map(session -> session.key().sessionId())
                .distinct()
                .sorted()
                .toList();
        Map<String, String> shortIds = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            int shared = Math.max(
                    i > 0 ? common(id, ids.get(i - 1)) : 0, i + 1 < ids.size() ? common(id, ids.get(i + 1)) : 0);
            shortIds.put(id, id.substring(0, Math.min(id.length(), Math.max(MIN_SHORT_ID, shared + 1))));
        }
        return shortIds;
    }

    private static int common(String a, String b) {
        int length = Math.min(a.length(), b.length());
        int same = 0;
        while (same < length && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        return same;
    }
}
