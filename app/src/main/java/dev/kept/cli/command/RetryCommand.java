package dev.kept.cli.command;

import dev.kept.cli.terminal.Action;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.config.KeptHome;
import dev.kept.control.ExitCode;
import dev.kept.control.QuarantinedSource;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The command {@code kept retry}: makes session files that were set aside be read again. */
@Command(
        name = "retry",
        description = {
            "Read session files again that were set aside, because Kept ended twice while it read them.",
            "A running daemon begins at once; another one at its next start."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  kept retry                          all that are set aside",
            "  kept retry 7d3f1c52                 the one with that in its name"
        })
public final class RetryCommand implements Action {
    private final CliContext context;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "The file's name, or a part of it, as status shows it.")
    private String name = "";

    public RetryCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        KeptHome home = context.home();
        List<QuarantinedSource> again = QuarantinedSource.forget(home, name);
        if (again.isEmpty()) {
            if (name.isEmpty()) {
                context.out().println("No session file is set aside.");
                return ExitCode.DONE;
            }
            throw new UsageException("no session file with “" + name + "” in its name is set aside; see: kept doctor");
        }
        for (QuarantinedSource each : again) {
            context.out().println("To be read again: " + each.source(home));
        }
        ConfigCommands.relaunch(context);
        return ExitCode.DONE;
    }
}
