package dev.kept.status;

import dev.kept.session.SessionSnapshotStatusMetadata;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Each session's shortest beginning of its id that no other id has, eight characters at least. Immutable.
 *
 * <p>To make them all ids are sorted; {@link #or} spares that as long as no session came.
 */
public final class ShortIds {
    private static final int MIN_LENGTH = 8;

    private final int count;
    private final Map<String, String> byId;

    private ShortIds(int count, Map<String, String> byId) {
        this.count = count;
        this.byId = byId;
    }

    /** Those of these sessions. */
    public static ShortIds of(Collection<SessionSnapshotStatusMetadata> sessions) {
        // In sorted order only sessionRegistry can share more.
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

    /** These, if as many sessions are there as these are of: a daemon that runs loses none, so they are the same. */
    public ShortIds or(Collection<SessionSnapshotStatusMetadata> sessions) {
        return sessions.size() == count ? this : of(sessions);
    }

    /** The short id of one of the sessions. */
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
