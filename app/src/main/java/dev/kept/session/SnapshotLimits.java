package dev.kept.session;

/**
 * The limits of the store.
 *
 * @param budgetBytes heap for everything it holds
 * @param maxSessions sessions that may hold events
 * @param maxEventsPerSession events of one session
 */
public record SnapshotLimits(long budgetBytes, int maxSessions, int maxEventsPerSession) {
    public SnapshotLimits {
        if (budgetBytes < 1 || maxSessions < 1 || maxEventsPerSession < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }
}
