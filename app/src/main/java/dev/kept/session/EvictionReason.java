package dev.kept.session;

import java.util.Locale;

/** The reason why events were dropped from memory. The tape keeps them. */
public enum EvictionReason {
    /** The store's share of the ceiling was full. */
    MEMORY_PRESSURE,
    /** More sessions than {@code maxSessions} held events. */
    MAX_SESSIONS,
    /**
     * One session alone is larger than the share, or has more events than {@code maxEventsPerSession}: it keeps its
     * tail.
     */
    OVERSIZED_SESSION;

    /** Returns the name in status and logs. */
    public String publicName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
