package dev.kept.cli;

import dev.kept.daemon.ControlClient;
import dev.kept.daemon.ControlRequest;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.InstanceLock;
import dev.kept.daemon.LastEnd;
import dev.kept.daemon.SetAside;
import dev.kept.json.MalformedJsonException;
import dev.kept.status.HumanWords;
import dev.kept.status.StatusJson;
import dev.kept.status.StatusReport.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code kept status}. */
final class StatusView {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private StatusView() {}

    /**
     * Shows the daemon's report. JSON always has all sessions: programs filter for themselves.
     *
     * @return the exit code
     */
    static int show(Surroundings surroundings, boolean json, boolean all) throws IOException {
        ControlRequest.Form form = json ? ControlRequest.Form.JSON : ControlRequest.Form.TEXT;
        Optional<String> answer = new ControlClient(surroundings.home(), PATIENCE)
                .ask(new ControlRequest.Status(form, all, surroundings.color()));
        if (answer.isEmpty()) {
            return notRunning(surroundings, json);
        }
        AgentsView agents = AgentsView.of(surroundings);
        surroundings.out().print(json ? agents.in(answer.get()) : answer.get() + agents.text());
        return ExitCode.DONE;
    }

    private static int notRunning(Surroundings surroundings, boolean json) {
        Instant now = surroundings.clock().instant();
        Optional<Instant> last = lastHeartbeat(surroundings.home().statusFile());
        Optional<LastEnd> end = LastEnd.lately(surroundings.home(), now);
        List<Problem> problems = new ArrayList<>();
        end.ifPresent(each -> problems.add(each.problem(surroundings.home(), false, now)));
        SetAside.read(surroundings.home()).forEach(each -> problems.add(each.problem(surroundings.home())));
        AgentsView agents = AgentsView.of(surroundings);
        surroundings.out().print(json ? agents.in(StatusJson.notRunning(now, last, problems)) : agents.text());
        Optional<ProcessHandle> holder = InstanceLock.lastHolder(surroundings.home());
        String since = last.map(
                        at -> " since " + at.truncatedTo(ChronoUnit.SECONDS) + " (" + HumanWords.ago(at, now) + ")")
                .orElse("");
        surroundings
                .err()
                .println(
                        holder.isEmpty()
                                ? notRunning(surroundings, since, end, now)
                                : "Kept does not answer yet: process "
                                        + holder.get().pid() + " is starting or ending. If this lasts: kept restart");
        return ExitCode.NOT_RUNNING;
    }

    /** What ended a daemon that nobody stopped stands before everything else. */
    private static String notRunning(Surroundings surroundings, String since, Optional<LastEnd> end, Instant now) {
        return end.filter(each -> each.givenUp() || each.waits(now))
                .map(each -> "Kept is not running" + since + ".\n" + each.sentence(now) + ".\n"
                        + (each.givenUp()
                                ? "To mend it: " + each.remedy(surroundings.home(), false)
                                : "Launch it at once with: kept start"))
                .orElse("Kept is not running" + since + ". Start it with: kept start");
    }

    private static Optional<Instant> lastHeartbeat(Path statusFile) {
        try {
            return StatusJson.read(Files.readString(statusFile)).daemon().heartbeatAt();
        } catch (IOException | MalformedJsonException neverRan) {
            return Optional.empty();
        }
    }
}
