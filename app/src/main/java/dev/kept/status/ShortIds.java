package dev.kept.status;

import dev.kept.session.SessionSnapshotStatusMetadata;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The short ids of sessions: of each session's id the shortest prefix that no other id has, at least eight characters.
 * Immutable.
 *
 * <p>Computing them sorts all ids; {@link #or} avoids that as long as no session was added.
 */
public final class ShortIds {
    private static final int MIN_LENGTH = 8;

    private final int count;
    private final Map<String, String> byId;

    private ShortIds(int count, Map<String, String> byId) {
        this.count = count;
        this.byId = byId;
    }

    /** Computes the short ids of these sessions. */
    public static ShortIds of(Collection<SessionSnapshotStatusMetadata> sessions) {
        // In sorted order only neighbours can share more.
        String[] ids = sessions.stream()
                .map(session -> session.key().sessionId())
                .distinct()
                .sorted()
                .toArray(String[]::new);
        Map<String, String> byId = HashMap.newHashMap(ids.length);
        for (int i = 0; i < ids.length; i++) {
            String id = ids[i];
            int shared = Math.max(i > 0 ? shared(id, ids[i - 1]) : 0, i + 1 < ids.length ? shared(id, ids[i + 1]) : 0);
            byId.put(id, id.substring(0, Math.min(id.length(), Math.max(MIN_LENGTH, shared + 1))));
        }
        return new ShortIds(sessions.size(), byId);
    }

    /**
     * Returns this object if the number of sessions is the same, because a running daemon loses none; else computes new
     * ones.
     */
    public ShortIds or(Collection<SessionSnapshotStatusMetadata> sessions) {
        return sessions.size() == count ? this : of(sessions);
    }

    /** Returns the short id of a session. */
    String of(String sessionId) {
        return byId.getOrDefault(sessionId, sessionId);
    }

    private static int shared(String a, String b) {
        int length = Math.min(a.length(), b.length());
        int same = 0;
        while (same < length && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        return same;
    }
}
