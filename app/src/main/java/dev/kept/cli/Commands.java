package dev.kept.cli;

import dev.kept.cli.command.CleanCommand;
import dev.kept.cli.command.ConfigCommands;
import dev.kept.cli.command.DaemonCommands;
import dev.kept.cli.command.ExportCommand;
import dev.kept.cli.command.FollowCommands;
import dev.kept.cli.command.ForgetCommand;
import dev.kept.cli.command.PathCommand;
import dev.kept.cli.command.RecordCommands;
import dev.kept.cli.command.RestoreCommand;
import dev.kept.cli.command.RetryCommand;
import dev.kept.cli.command.RevealCommand;
import dev.kept.cli.command.SealCommand;
import dev.kept.cli.command.SessionsCommand;
import dev.kept.cli.command.ShowCommand;
import dev.kept.cli.doctor.Doctor;
import dev.kept.cli.service.DaemonProcess;
import dev.kept.cli.service.ServiceCommands;
import dev.kept.cli.terminal.CliContext;
import dev.kept.cli.terminal.UsageException;
import dev.kept.config.ConfigException;
import dev.kept.config.KeptVersion;
import dev.kept.config.Nearest;
import dev.kept.control.ExitCode;
import dev.kept.query.AmbiguousSessionException;
import dev.kept.query.NoSuchSessionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The tree of all commands, and the one place where failures become exit codes. */
public final class Commands {
    private Commands() {}

    @Command(
            name = "kept",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            synopsisSubcommandLabel = "COMMAND",
            description = "Keeps every conversation you have with AI coding agents, on this machine.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  kept start --allow ~/work/notes   start keeping; recordings may be written there",
                "  kept status                       what is held, what is recorded, what it costs",
                "  kept sessions --since 2d          what was talked about; needs no daemon",
                "  kept show last                    the latest conversation",
                "  kept export last -o notes/        written to a file",
                "  kept restore 7d3f1c52             a deleted session back where its agent looks",
                "  kept doctor                       what is well, what is not, and what to do about it",
                "",
                "A session is named by its id, a beginning of it that no other has, PROVIDER/ID, or last.",
                "",
                "In a chat, on a line of its own: ::capture notes/topic.md writes the conversation so far",
                "to that file and follows it; ::stop ends that.",
                "",
                "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 daemon not running.",
                "Files: ~/.kept, or the directory that KEPT_HOME names."
            })
    static final class Root {}

    /** The version, loaded only for help. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"kept " + KeptVersion.current()};
        }
    }

    @Command(
            name = "config",
            description = "Look after config.yaml.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  kept config validate"})
    static final class Config {}

    static int run(List<String> arguments, CliContext context) {
        CommandLine config = new CommandLine(new Config()).addSubcommand(new ConfigCommands.Validate(context));
        CommandLine service = new CommandLine(new ServiceCommands.Service())
                .addSubcommand(new ServiceCommands.Install(context))
                .addSubcommand(new ServiceCommands.Uninstall(context))
                .addSubcommand(new ServiceCommands.Status(context));
        CommandLine kept = new CommandLine(new Root())
                .addSubcommand(new ConfigCommands.Init(context))
                .addSubcommand(new DaemonCommands.Start(context))
                .addSubcommand(new DaemonCommands.Stop(context))
                .addSubcommand(new DaemonCommands.Restart(context))
                .addSubcommand(new DaemonCommands.Status(context))
                .addSubcommand(new SessionsCommand(context))
                .addSubcommand(new ShowCommand(context))
                .addSubcommand(new ExportCommand(context))
                .addSubcommand(new RestoreCommand(context))
                .addSubcommand(new PathCommand(context))
                .addSubcommand(new RecordCommands.StartRecording(context))
                .addSubcommand(new RecordCommands.StopRecording(context))
                .addSubcommand(new ForgetCommand(context))
                .addSubcommand(new CleanCommand(context))
                .addSubcommand(new SealCommand(context))
                .addSubcommand(new RetryCommand(context))
                .addSubcommand(new Doctor(context))
                .addSubcommand(new RevealCommand(context))
                .addSubcommand(new ConfigCommands.Allow(context))
                .addSubcommand(new ConfigCommands.Disallow(context))
                .addSubcommand(new FollowCommands.Follow(context))
                .addSubcommand(new FollowCommands.Unfollow(context))
                .addSubcommand(config)
                .addSubcommand(service)
                .addSubcommand(new CompletionCommand(context));
        kept.setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(context.color() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler((failure, _) -> usageError(failure))
                .setExecutionExceptionHandler((failure, _, _) -> failed(failure, context));
        if (arguments.isEmpty()) {
            kept.usage(kept.getOut());
            return ExitCode.USAGE;
        }
        return kept.execute(arguments.toArray(String[]::new));
    }

    private static int usageError(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("kept: " + failure.getMessage());
        Optional<String> meant = failure instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getUnmatched().isEmpty()
                ? Nearest.to(
                        unmatched.getUnmatched().getFirst(),
                        command.getSubcommands().keySet())
                : Optional.empty();
        if (meant.isPresent()) {
            err.println("Did you mean: " + command.getCommandSpec().qualifiedName() + " " + meant.get() + "?");
        } else {
            UnmatchedArgumentException.printSuggestions(failure, err);
        }
        err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static int failed(Exception failure, CliContext context) throws Exception {
        return switch (failure) {
            case ConfigException e -> report(context, "" + e.getMessage(), ExitCode.USAGE);
            case CliContext.NoPathException e -> report(context, "kept: " + e.getMessage(), ExitCode.USAGE);
            case UsageException e -> report(context, "kept: " + e.getMessage(), ExitCode.USAGE);
            case DaemonProcess.FailedException e -> report(context, "kept: " + e.getMessage(), e.exitCode());
            case AmbiguousSessionException e -> report(context, "kept: " + e.getMessage(), ExitCode.USAGE);
            case NoSuchSessionException e -> report(context, "kept: " + e.getMessage(), ExitCode.FAILED);
            case IOException e -> report(context, "kept: " + words(e), ExitCode.FAILED);
            default -> throw failure;
        };
    }

    /** Returns the message of a file exception. That of some is only a path. */
    private static String words(IOException e) {
        return e instanceof FileSystemException file && file.getReason() == null
                ? e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage()
                : String.valueOf(e.getMessage());
    }

    private static int report(CliContext context, String message, int code) {
        context.err().println(message);
        return code;
    }
}
