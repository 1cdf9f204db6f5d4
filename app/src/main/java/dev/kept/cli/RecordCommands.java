package dev.kept.cli;

import dev.kept.cli.Commands.Action;
import dev.kept.daemon.ControlClient;
import dev.kept.daemon.ControlRequest;
import dev.kept.daemon.ControlRequest.Order.What;
import dev.kept.daemon.ExitCode;
import dev.kept.daemon.OrderAnswer;
import dev.kept.recording.TypedOrder;
import dev.kept.status.HumanWords;
import dev.kept.status.StatusReport.SessionStatus;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that the daemon carries out for a session, as if they were typed in its chat. */
final class RecordCommands {
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
    static final class StartRecording implements Action {
        private final Surroundings surroundings;

        @Parameters(arity = "1", paramLabel = "ID", description = SessionIds.HELP)
        private String id = "";

        @Option(
                names = {"-o", "--output"},
                paramLabel = "PATH",
                description = "A .md or .jsonl file, or a folder.")
        private String output = "";

        @Option(names = "--capture", description = "The conversation so far, too.")
        private boolean capture;

        StartRecording(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            Optional<String> path = output.isEmpty()
                    ? Optional.empty()
                    : Optional.of(surroundings.path(output) + (output.endsWith("/") ? "/" : ""));
            return order(surroundings, id, capture ? What.CAPTURE : What.RECORD, path);
        }
    }

    @Command(
            name = "unrecord",
            description = "Stop recording a session, as ::stop in its chat would.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept unrecord last", "  kept sessions --recording            what can be stopped"})
    static final class StopRecording implements Action {
        private final Surroundings surroundings;

        @Parameters(arity = "1", paramLabel = "ID", description = SessionIds.HELP)
        private String id = "";

        StopRecording(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws Exception {
            return order(surroundings, id, What.UNRECORD, Optional.empty());
        }
    }

    private static int order(Surroundings surroundings, String id, What what, Optional<String> path) throws Exception {
        ControlClient client = new ControlClient(surroundings.home(), PATIENCE);
        if (client.ask(new ControlRequest.Ping()).isEmpty()) {
            surroundings.err().println("kept: the daemon records, and it is not running. Start it with: kept start");
            return ExitCode.NOT_RUNNING;
        }
        SessionStatus session = new SessionFinder(surroundings).status(id);
        Optional<String> answer = client.ask(new ControlRequest.Order(SessionIds.key(session), what, path));
        if (answer.isEmpty()) {
            surroundings.err().println("kept: the daemon has just ended. Start it with: kept start");
            return ExitCode.NOT_RUNNING;
        }
        TypedOrder.Reply reply = OrderAnswer.read(answer.get());
        if (reply.done()) {
            surroundings.out().println(session.shortId() + ": " + HumanWords.harmless(reply.message()));
            return ExitCode.DONE;
        }
        surroundings
                .err()
                .println("kept: " + HumanWords.harmless(reply.message())
                        + (reply.remedy().isEmpty() ? "" : "\n  → " + HumanWords.harmless(reply.remedy())));
        return ExitCode.FAILED;
    }
}
