package dev.kept.query;

import dev.kept.agents.Providers;
import dev.kept.archive.SessionArchive;
import dev.kept.archive.StoredSession;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.json.MalformedJsonException;
import dev.kept.query.QueryContext.ProgressDisplay;
import dev.kept.status.SessionProjection;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport;
import dev.kept.status.StatusReport.SessionStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A list of all sessions: as the daemon holds them, or without one as they are on disk.
 *
 * @param sessions in no particular order
 * @param fromDaemon true if the daemon answered
 * @param importing true while the daemon reads sessions that were there before its start: more will follow
 * @param unreadable number of tapes that could not be read
 */
public record SessionListing(List<SessionStatus> sessions, boolean fromDaemon, boolean importing, int unreadable) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Lists all sessions. */
    public static SessionListing of(QueryContext context) throws IOException {
        return ofMatching(context, "");
    }

    /** Lists at least the sessions whose id a typed text may be the beginning of. */
    static SessionListing ofMatching(QueryContext context, String typed) throws IOException {
        Optional<StatusReport> report = reportOrNotice(context);
        return report.isPresent() && report.get().imports().isDone()
                ? of(report.get())
                : onDisk(context, SessionIds.beginning(typed));
    }

    private static SessionListing of(StatusReport report) {
        return new SessionListing(report.sessions(), true, !report.imports().isDone(), 0);
    }

    /** Returns the daemon's report; empty if none runs, or it does not answer in time. */
    public static Optional<StatusReport> report(QueryContext context) {
        try {
            return ask(context);
        } catch (IOException | MalformedJsonException otherVersion) {
            return Optional.empty();
        }
    }

    /**
     * Returns the daemon's report like {@link #report}, and shows a notice if the daemon answers that it cannot make
     * one.
     */
    public static Optional<StatusReport> reportOrNotice(QueryContext context) {
        try {
            return ask(context);
        } catch (ControlClient.ErrorAnswerException cannot) {
            context.showNotice("kept: " + cannot.getMessage());
            return Optional.empty();
        } catch (IOException | MalformedJsonException otherVersion) {
            return Optional.empty();
        }
    }

    private static Optional<StatusReport> ask(QueryContext context) throws IOException, MalformedJsonException {
        Optional<String> answer = new ControlClient(context.home(), PATIENCE).ask(new ControlRequest.Status());
        return answer.isEmpty() ? Optional.empty() : Optional.of(StatusJson.read(answer.get()));
    }

    /** Lists the sessions on disk whose id has a beginning; all if it is empty. */
    static SessionListing onDisk(QueryContext context, String beginning) throws IOException {
        SessionArchive archive = new SessionArchive(context.home(), Providers.ALL);
        try (ProgressDisplay progress = context.showProgress("Reading tapes")) {
            List<StoredSession> stored = archive.sessionsLike(beginning, progress);
            List<SessionStatus> sessions = SessionProjection.toSessionStatuses(
                    stored.stream().map(StoredSession::metadata).toList(),
                    archive.recordings(),
                    context.clock().instant());
            return new SessionListing(sessions, false, false, archive.damaged().size());
        }
    }

    /** Returns all sessions on disk with their tapes, the one with the oldest last message first. */
    public static List<StoredSession> stored(QueryContext context) throws IOException {
        try (ProgressDisplay progress = context.showProgress("Reading tapes")) {
            return new SessionArchive(context.home(), Providers.ALL)
                    .sessions(progress).stream()
                            .sorted(Comparator.comparing(StoredSession::lastMessageAt))
                            .toList();
        }
    }
}
