package dev.kept.daemon.pipeline;

import dev.kept.recording.RecordingStatus;
import dev.kept.session.SessionSnapshotStatusMetadata;
import dev.kept.session.SnapshotMemoryStats;
import dev.kept.status.StatusReport.Imports;
import dev.kept.status.StatusReport.Problem;
import dev.kept.status.StatusReport.ProviderStatus;
import java.time.Instant;
import java.util.List;

/**
 * An immutable view of the daemon at one moment, published by the pipeline for other threads. It contains no events.
 *
 * @param at time of the view
 * @param sessions all sessions, as handed out by the store; unchanged parts are shared with earlier and later views
 * @param live sessions with recent activity, and sessions that are being recorded
 */
public record DaemonView(
        Instant at,
        List<SessionSnapshotStatusMetadata> sessions,
        List<SessionSnapshotStatusMetadata> live,
        SnapshotMemoryStats memory,
        List<RecordingStatus> recordings,
        List<ProviderStatus> providers,
        Imports imports,
        List<Problem> problems) {
    public DaemonView {
        live = List.copyOf(live);
        recordings = List.copyOf(recordings);
        providers = List.copyOf(providers);
        problems = List.copyOf(problems);
    }

    /** Returns this view with other problems. */
    public DaemonView with(List<Problem> others) {
        return new DaemonView(at, sessions, live, memory, recordings, providers, imports, others);
    }
}
