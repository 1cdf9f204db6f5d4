package dev.kept.cli.command;

import dev.kept.cli.terminal.CliContext;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.ExitCode;
import dev.kept.control.InstanceLock;
import dev.kept.control.LastExit;
import dev.kept.control.QuarantinedSource;
import dev.kept.json.MalformedJsonException;
import dev.kept.status.HumanReadable;
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

/** The command {@code kept status}, in its quick form. */
public final class StatusView {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private StatusView() {}

    /**
     * Prints the daemon's report. JSON always has all sessions: programs filter for themselves.
     *
     * @return the exit code
     */
    public static int show(CliContext context, boolean json, boolean all) throws IOException {
        ControlRequest.Form form = json ? ControlRequest.Form.JSON : ControlRequest.Form.TEXT;
        Optional<String> answer =
                new ControlClient(context.home(), PATIENCE).ask(new ControlRequest.Status(form, all, context.color()));
        if (answer.isEmpty()) {
            return notRunning(context, json);
        }
        AgentsView agents = AgentsView.of(context);
        context.out().print(json ? agents.in(answer.get()) : answer.get() + agents.text());
        return ExitCode.DONE;
    }

    private static int notRunning(CliContext context, boolean json) {
        Instant now = context.clock().instant();
        Optional<Instant> last = lastHeartbeat(context.home().statusFile());
        Optional<LastExit> end = LastExit.recent(context.home(), now);
        List<Problem> problems = new ArrayList<>();
        end.ifPresent(each -> problems.add(each.problem(context.home(), false, now)));
        QuarantinedSource.read(context.home()).forEach(each -> problems.add(each.problem(context.home())));
        AgentsView agents = AgentsView.of(context);
        context.out().print(json ? agents.in(StatusJson.notRunning(now, last, problems)) : agents.text());
        Optional<ProcessHandle> holder = InstanceLock.lastHolder(context.home());
        String state = last.map(at -> "Kept has not been running since " + at.truncatedTo(ChronoUnit.SECONDS) + " ("
                        + HumanReadable.ago(at, now) + ")")
                .orElse("Kept is not running");
        context.err()
                .println(
                        holder.isEmpty()
                                ? notRunning(context, state, end, now)
                                : "Kept does not answer yet: process "
                                        + holder.get().pid() + " is starting or ending. If this lasts: kept restart");
        return ExitCode.NOT_RUNNING;
    }

    /** Returns the message for a daemon that is not running. An unexpected end comes first. */
    private static String notRunning(CliContext context, String state, Optional<LastExit> end, Instant now) {
        return end.filter(each -> each.givenUp() || each.waits(now))
                .map(each -> state + ".\n" + each.sentence(now) + ".\n"
                        + (each.givenUp()
                                ? "To mend it: " + each.remedy(context.home(), false)
                                : "Launch it at once with: kept start"))
                .orElse(state + ". Start it with: kept start");
    }

    private static Optional<Instant> lastHeartbeat(Path statusFile) {
        try {
            return StatusJson.read(Files.readString(statusFile)).daemon().heartbeatAt();
        } catch (IOException | MalformedJsonException neverRan) {
            return Optional.empty();
        }
    }
}
