package dev.kept.daemon;

import dev.kept.config.KeptConfig;
import dev.kept.config.KeptVersion;
import dev.kept.daemon.pipeline.DaemonView;
import dev.kept.session.EvictionReason;
import dev.kept.session.SnapshotMemoryStats;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.Evictions;
import dev.kept.status.StatusReport.Memory;
import dev.kept.status.StatusReport.SnapshotMemory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Factory of status reports from what the pipeline published. Pure except for the figures of the process. */
final class DaemonStatus {
    private DaemonStatus() {}

    /**
     * Returns the status report of a view.
     *
     * @param sessions the sessions of the view to report
     */
    static StatusReport report(
            DaemonView view,
            List<StatusReport.SessionStatus> sessions,
            boolean running,
            KeptConfig config,
            String sandbox,
            StatusReport.Secrets secrets,
            Instant startedAt,
            Instant heartbeatAt,
            Instant now) {
        return new StatusReport(
                StatusReport.SCHEMA_VERSION,
                now,
                new StatusReport.Daemon(
                        running,
                        ProcessHandle.current().pid(),
                        KeptVersion.current(),
                        startedAt,
                        Optional.of(heartbeatAt),
                        sandbox),
                new Memory(config.daemonMaxMemoryMb() * 1024L * 1024, ProcessMetrics.read(), snapshots(view.memory())),
                view.imports(),
                view.providers(),
                sessions,
                view.problems(),
                secrets);
    }

    private static SnapshotMemory snapshots(SnapshotMemoryStats stats) {
        Map<String, Long> byReason = new TreeMap<>();
        for (EvictionReason reason : EvictionReason.values()) {
            long count = stats.evictionsByReason().getOrDefault(reason, 0L);
            if (count > 0) {
                byReason.put(reason.publicName(), count);
            }
        }
        return new SnapshotMemory(
                stats.estimatedBytes(),
                stats.sessionCount(),
                stats.eventCount(),
                new Evictions(stats.evictions(), stats.bytesReclaimed(), byReason),
                stats.overBudget());
    }

    /** Reports whether two reports differ in nothing but the time and the figures of the process. */
    static boolean sameFacts(StatusReport a, StatusReport b) {
        return facts(a).equals(facts(b));
    }

    private static List<Object> facts(StatusReport report) {
        return List.of(
                report.daemon().running(),
                report.daemon().startedAt(),
                report.memory().snapshots(),
                report.imports(),
                report.providers(),
                report.sessions(),
                report.problems(),
                report.secrets());
    }
}
