package dev.kept.cli.command;

import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.control.ControlClient;
import dev.kept.control.ControlRequest;
import dev.kept.control.ControlRequest.Order.What;
import dev.kept.control.ExitCode;
import dev.kept.control.OrderAnswer;
import dev.kept.query.SessionFinder;
import dev.kept.query.SessionIds;
import dev.kept.recording.command.CommandLineOrder;
import dev.kept.status.HumanReadable;
import dev.kept.status.StatusReport.SessionStatus;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that the daemon carries out for a session, as if they were typed in its chat. */
public final class RecordCommands {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private RecordCommands() {}

    @Command(
            name = "record",
            description = "Record a session to a file from here on, as ::record in its chat would.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  kept record last                     to the session's own file, or one that is made up",
                "  kept record last -o ~/notes/auth.md  to this file, which is the session's from now on",
                "  kept record last --capture -o .      with the conversation so far, as ::capture",
                "",
                "Needs the daemon. The same rules hold as in the chat: kept allow DIR says where files may be."
            })
    public static final class StartRecording implements Action {
        private final CliContext context;

        @Parameters(arity = "1", paramLabel = "ID", description = SessionIds.HELP)
        private String id = "";

        @Option(
                names = {"-o", "--output"},
                paramLabel = "PATH",
                description = "A .md or .jsonl file, or a folder.")
        private String output = "";

        @Option(names = "--capture", description = "The conversation so far, too.")
        private boolean capture;

        public StartRecording(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            Optional<String> path = output.isEmpty()
                    ? Optional.empty()
                    : Optional.of(context.path(output) + (output.endsWith("/") ? "/" : ""));
            return order(context, id, capture ? What.CAPTURE : What.RECORD, path);
        }
    }

    @Command(
            name = "unrecord",
            description = "Stop recording a session, as ::stop in its chat would.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept unrecord last", "  kept sessions --recording            what can be stopped"})
    public static final class StopRecording implements Action {
        private final CliContext context;

        @Parameters(arity = "1", paramLabel = "ID", description = SessionIds.HELP)
        private String id = "";

        public StopRecording(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            return order(context, id, What.UNRECORD, Optional.empty());
        }
    }

    private static int order(CliContext context, String id, What what, Optional<String> path) throws Exception {
        ControlClient client = new ControlClient(context.home(), PATIENCE);
        if (client.ask(new ControlRequest.Ping()).isEmpty()) {
            context.err().println("kept: the daemon records, and it is not running. Start it with: kept start");
            return ExitCode.NOT_RUNNING;
        }
        SessionStatus session = new SessionFinder(context).status(id);
        Optional<String> answer = client.ask(new ControlRequest.Order(SessionIds.key(session), what, path));
        if (answer.isEmpty()) {
            context.err().println("kept: the daemon has just ended. Start it with: kept start");
            return ExitCode.NOT_RUNNING;
        }
        CommandLineOrder.Reply reply = OrderAnswer.read(answer.get());
        if (reply.done()) {
            context.out().println(session.shortId() + ": " + HumanReadable.harmless(reply.message()));
            return ExitCode.DONE;
        }
        context.err()
                .println("kept: " + HumanReadable.harmless(reply.message())
                        + (reply.remedy().isEmpty() ? "" : "\n  → " + HumanReadable.harmless(reply.remedy())));
        return ExitCode.FAILED;
    }
}
