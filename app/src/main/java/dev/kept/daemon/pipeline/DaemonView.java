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
 * What the pipeline publishes: everything others may know, at one moment, immutable. No event is part of it.
 *
 * @param at when it was so
 * @param sessions all of them; handed out by the store, which shares what does not change with the views before and after
 * @param live those that something happened in lately, and those that are recorded
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

    /** The same with other problems. */
    public DaemonView with(List<Problem> others) {
        return new DaemonView(at, sessions, live, memory, recordings, providers, imports, others);
    }
}
