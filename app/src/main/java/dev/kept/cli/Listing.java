package dev.kept.cli;

import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.daemon.ControlClient;
import dev.kept.daemon.ControlRequest;
import dev.kept.daemon.Providers;
import dev.kept.json.MalformedJsonException;
import dev.kept.status.SessionProjection;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.SessionStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The sessions there are: as the daemon holds them, or without one as they stand on disk.
 *
 * @param fromDaemon who told
 * @param importing whether the daemon still reads what was there before it: more will come
 * @param unreadable tapes that could not be read
 */
record Listing(List<SessionStatus> sessions, boolean fromDaemon, boolean importing, int unreadable) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** All sessions. */
    static Listing of(Surroundings surroundings) throws IOException {
        Optional<StatusReport> report = heard(surroundings);
        return report.isPresent() && report.get().imports().isDone() ? of(report.get()) : onDisk(surroundings, "");
    }

    /** The sessions that a typed id may mean, and perhaps others. */
    static Listing like(Surroundings surroundings, String typed) throws IOException {
        Optional<StatusReport> report = heard(surroundings);
        return report.isPresent() && report.get().imports().isDone()
                ? of(report.get())
                : onDisk(surroundings, SessionIds.beginning(typed));
    }

    private static Listing of(StatusReport report) {
        return new Listing(report.sessions(), true, !report.imports().isDone(), 0);
    }

    /** What the daemon says; empty without one, or if it does not answer in time: the disk knows too. */
    static Optional<StatusReport> report(Surroundings surroundings) {
        try {
            return ask(surroundings);
        } catch (IOException | MalformedJsonException otherVersion) {
            return Optional.empty();
        }
    }

    /** The same; a daemon that answers that it cannot is not passed over in silence. */
    static Optional<StatusReport> heard(Surroundings surroundings) {
        try {
            return ask(surroundings);
        } catch (ControlClient.ErrorAnswerException cannot) {
            surroundings.err().println("kept: " + cannot.getMessage());
            return Optional.empty();
        } catch (IOException | MalformedJsonException otherVersion) {
            return Optional.empty();
        }
    }

    private static Optional<StatusReport> ask(Surroundings surroundings) throws IOException, MalformedJsonException {
        Optional<String> answer = new ControlClient(surroundings.home(), PATIENCE).ask(new ControlRequest.Status());
        return answer.isEmpty() ? Optional.empty() : Optional.of(StatusJson.read(answer.get()));
    }

    /** The sessions on disk that an id with that beginning may mean; all if it is empty. */
    static Listing onDisk(Surroundings surroundings, String beginning) throws IOException {
        SessionArchive archive = new SessionArchive(surroundings.home(), Providers.ALL);
        try (ProgressLine progress = new ProgressLine(surroundings, "Reading tapes")) {
            List<StoredSession> stored = archive.sessionsLike(beginning, progress);
            List<SessionStatus> sessions = SessionProjection.toSessionStatuses(
                    stored.stream().map(StoredSession::metadata).toList(),
                    archive.recordings(),
                    surroundings.clock().instant());
            return new Listing(sessions, false, false, archive.damaged().size());
        }
    }
}
