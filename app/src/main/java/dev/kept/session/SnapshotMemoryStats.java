package dev.kept.session;

import java.util.Map;

/**
 * Memory use of the snapshot store.
 *
 * @param estimatedBytes heap that it takes, counted from what is allocated
 * @param budgetBytes heap that it may take
 * @param sessionCount sessions known
 * @param eventCount events held in memory
 * @param evictions number of times that events of a session were dropped
 * @param bytesReclaimed heap that evictions freed
 * @param evictionsByReason evictions by reason
 * @param overBudget whether metadata alone is over the budget, so that nothing is left to drop
 */
public record SnapshotMemoryStats(
        long estimatedBytes,
        long budgetBytes,
        int sessionCount,
        long eventCount,
        long evictions,
        long bytesReclaimed,
        Map<EvictionReason, Long> evictionsByReason,
        boolean overBudget) {
    public SnapshotMemoryStats {
        evictionsByReason = Map.copyOf(evictionsByReason);
    }
}
