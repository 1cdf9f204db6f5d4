package dev.kept.daemon;

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
 */
record DaemonView(
        Instant at,
        List<SessionSnapshotStatusMetadata> sessions,
        SnapshotMemoryStats memory,
        List<RecordingStatus> recordings,
        List<ProviderStatus> providers,
        Imports imports,
        List<Problem> problems) {
    DaemonView {
        sessions = List.copyOf(sessions);
        recordings = List.copyOf(recordings);
        providers = List.copyOf(providers);
        problems = List.copyOf(problems);
    }
}
