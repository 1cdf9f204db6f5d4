package dev.kept.cli;

import dev.kept.config.ConfigException;
import dev.kept.config.KeptVersion;
import dev.kept.config.Nearest;
import dev.kept.daemon.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands, and the one place where failures become exit codes. */
final class Commands {
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

    /** Only asked when help is. */
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

    static int run(List<String> arguments, Surroundings surroundings) {
        CommandLine config = new CommandLine(new Config()).addSubcommand(new ConfigCommands.Validate(surroundings));
        CommandLine service = new CommandLine(new ServiceCommands.Service())
                .addSubcommand(new ServiceCommands.Install(surroundings))
                .addSubcommand(new ServiceCommands.Uninstall(surroundings))
                .addSubcommand(new ServiceCommands.Status(surroundings));
        CommandLine kept = new CommandLine(new Root())
                .addSubcommand(new ConfigCommands.Init(surroundings))
                .addSubcommand(new DaemonCommands.Start(surroundings))
                .addSubcommand(new DaemonCommands.Stop(surroundings))
                .addSubcommand(new DaemonCommands.Restart(surroundings))
                .addSubcommand(new DaemonCommands.Status(surroundings))
                .addSubcommand(new SessionsCommand(surroundings))
                .addSubcommand(new ShowCommand(surroundings))
                .addSubcommand(new ExportCommand(surroundings))
                .addSubcommand(new RestoreCommand(surroundings))
                .addSubcommand(new PathCommand(surroundings))
                .addSubcommand(new RecordCommands.StartRecording(surroundings))
                .addSubcommand(new RecordCommands.StopRecording(surroundings))
                .addSubcommand(new ForgetCommand(surroundings))
                .addSubcommand(new CleanCommand(surroundings))
                .addSubcommand(new SealCommand(surroundings))
                .addSubcommand(new RetryCommand(surroundings))
                .addSubcommand(new Doctor(surroundings))
                .addSubcommand(new RevealCommand(surroundings))
                .addSubcommand(new ConfigCommands.Allow(surroundings))
                .addSubcommand(new ConfigCommands.Disallow(surroundings))
                .addSubcommand(new FollowCommands.Follow(surroundings))
                .addSubcommand(new FollowCommands.Unfollow(surroundings))
                .addSubcommand(config)
                .addSubcommand(service)
                .addSubcommand(new CompletionCommand(surroundings));
        kept.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(surroundings.color() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler((failure, _) -> wrongUsage(failure))
                .setExecutionExceptionHandler((failure, _, _) -> failed(failure, surroundings));
        if (arguments.isEmpty()) {
            kept.usage(kept.getOut());
            return ExitCode.USAGE;
        }
        return kept.execute(arguments.toArray(String[]::new));
    }

    private static int wrongUsage(ParameterException failure) {
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

    private static int failed(Exception failure, Surroundings surroundings) throws Exception {
        return switch (failure) {
            case ConfigException e -> told(surroundings, "" + e.getMessage(), ExitCode.USAGE);
            case Surroundings.NoPathException e -> told(surroundings, "kept: " + e.getMessage(), ExitCode.USAGE);
            case UsageException e -> told(surroundings, "kept: " + e.getMessage(), ExitCode.USAGE);
            case DaemonProcess.FailedException e -> told(surroundings, "kept: " + e.getMessage(), e.exitCode());
            case SessionIds.NoSuchSessionException e -> told(surroundings, "kept: " + e.getMessage(), ExitCode.FAILED);
            case IOException e -> told(surroundings, "kept: " + words(e), ExitCode.FAILED);
            default -> throw failure;
        };
    }

    /** The messages of some file exceptions are a path alone. */
    private static String words(IOException e) {
        return e instanceof FileSystemException file && file.getReason() == null
                ? e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage()
                : String.valueOf(e.getMessage());
    }

    private static int told(Surroundings surroundings, String message, int code) {
        surroundings.err().println(message);
        return code;
    }

    /** A command: its result is the exit code. */
    interface Action extends Callable<Integer> {}
}
